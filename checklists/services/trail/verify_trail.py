"""Walk every chain of the trail and say where it does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from checklists.core.trail import START, Break, first_break
from checklists.models import Answer, AnswerChange, EditionMove, TrailChain, TrailEntry
from checklists.models.table_rules.declared import TRAIL_RULES
from checklists.models.table_rules.keep import Fault, faults
from checklists.services.trail.watched import answer_changes

Head = tuple[int, int, str]
"""A chain, a position in it, and the fingerprint there: kept elsewhere, it shows a chain rewritten whole."""


def verify_trail(kept_heads: Iterable[Head] = ()) -> list[Break]:
    """Every chain's first break, in order; empty when all hold. Reads each entry once, a chain at a time.

    Beside the faults of ``core.trail``: 'cut' when a chain is not as long as its head says or ends otherwise,
    'history' when the history of an answer is not what the chain says, 'answer' when an answer is not what its history
    says, 'headless' when its head is gone, 'rewritten' when a head of ``kept_heads`` is not in its chain any more.
    """
    heads = {head.chain: head for head in TrailChain.objects.all()}
    chains = set(TrailEntry.objects.order_by().values_list("chain", flat=True).distinct()) | set(heads)
    breaks: list[Break] = []
    for chain in sorted(chains):
        entries = TrailEntry.objects.filter(chain=chain).order_by("position")
        found = first_break((entry.link(), entry.sha256) for entry in entries.iterator(chunk_size=2000))
        breaks.extend([found] if found else _against_head(chain, heads.get(chain)))
    return breaks + list(_against_kept(kept_heads)) + list(_against_answers())


def _against_head(chain: int, head: TrailChain | None) -> Iterator[Break]:
    last = TrailEntry.objects.filter(chain=chain).order_by("-position").first()
    end = (last.position, last.sha256) if last else (0, START)
    if head is None:
        yield Break(chain, end[0], "headless")
    elif (head.length, head.sha256) != end:
        yield Break(chain, end[0] + 1, "cut")


def _against_kept(kept_heads: Iterable[Head]) -> Iterator[Break]:
    for chain, position, sha256 in kept_heads:
        if position and not TrailEntry.objects.filter(chain=chain, position=position, sha256=sha256).exists():
            yield Break(chain, position, "rewritten")


def _against_answers() -> Iterator[Break]:
    """The answers and their history are rows that a hand in the database may rewrite; the chain says what they were."""
    told = TrailEntry.objects.filter(kind="answer.changed").order_by()
    kept = told.values_list("subject_id", "chain", "position", "details")
    entries = {subject: (chain, position, details) for subject, chain, position, details in kept.iterator(2000)}
    latest: dict[int, AnswerChange] = {}
    changes = AnswerChange.objects.select_related("answer").order_by("answer", "revision")
    for change in changes.iterator(2000):
        entry = entries.get(str(change.pk))
        before = latest.get(change.answer_id)
        is_next = before is None or _follows(change, before)
        if entry and not (is_next and _plain(answer_changes(change)) == _plain(entry[2].get("changes", {}))):
            yield Break(entry[0], entry[1], "history")
        latest[change.answer_id] = change
    for change in latest.values():
        entry = entries.get(str(change.pk))
        row = change.answer
        says = {"status": row.status, "value": row.value, "justification": row.justification, "comment": row.comment}
        if entry and (says != {name: change.after.get(name) for name in says} or not _is_of(row, change)):
            yield Break(entry[0], entry[1], "answer")


def _follows(change: AnswerChange, before: AnswerChange) -> bool:
    """Whether nothing is missing between two changes of one answer that the history holds one after the other."""
    between = change.revision - before.revision - 1
    return between == 0 or _are_of_moves(between, change.answer, before.at, change.at)


def _is_of(row: Answer, change: AnswerChange) -> bool:
    """Whether the revision of ``row`` is that of its last ``change``."""
    raised = row.revision - change.revision
    return raised == 0 or _are_of_moves(raised, row, change.at)


def _are_of_moves(raised: int, row: Answer, since: datetime, until: datetime | None = None) -> bool:
    """Whether moves raised the revision of ``row`` that often: a move to another edition raises by one the revision of
    the answers it holds for confirmation, and says nothing new of them.
    """
    moves = EditionMove.objects.filter(assessment=row.assessment_id, moved_at__gte=since)
    moves = moves.filter(moved_at__lte=until) if until else moves
    return 0 < raised <= moves.count()


def _plain(changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: list(pair) for name, pair in changes.items()}


def heads(using: str = DEFAULT_DB_ALIAS) -> list[Head]:
    """The head of each chain now."""
    return list(TrailChain.objects.using(using).order_by("chain").values_list("chain", "length", "sha256"))


def trail_faults() -> list[Fault]:
    """The triggers that keep the trail, where one is missing or does something else."""
    return faults(connection, TRAIL_RULES)
