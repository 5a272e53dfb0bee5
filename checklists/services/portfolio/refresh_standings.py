"""Bring the lines of a portfolio up to date: those marked stale are judged again, never more than is asked at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from math import floor
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Prefetch
from django.utils import timezone

from checklists import core
from checklists.core.editions.vocabulary import Verdict
from checklists.core.plain_text import plain
from checklists.models import (
    Answer,
    Assessment,
    FrameworkChoice,
    PortfolioLine,
    Standing,
    TransitionPlan,
    VerdictChange,
)
from checklists.models.evidence import with_evidence
from checklists.models.portfolio import PortfolioLineQuerySet
from checklists.services.frameworks.choose_frameworks import with_framework
from checklists.services.portfolio.judge_assessment import Position, judge_assessment

AT_ONCE = 25
"""Assessments judged again in one request at most: as many as a page shows."""
_COPIED = (
    "organisation",
    "edition",
    "is_example",
    "is_binned",
    "reference_date",
    "changed_at",
    "version",
    "assessment",
)
_LINE = [field.name for field in PortfolioLine._meta.fields if field.name not in _COPIED]
_STANDING = [field.name for field in Standing._meta.fields if field.name != "offer"]


def refresh_some(lines: PortfolioLineQuerySet, most: int = AT_ONCE) -> int:
    """Judge again up to ``most`` stale ones among ``lines``, the last changed first. How many are left stale.

    One query when none is stale; the number of queries does not grow with how many are.
    """
    stale = lines.stale().in_use()
    count = stale.count()
    if not count:
        return 0
    keys = stale.order_by("-changed_at", "pk").values_list("pk", flat=True)[:most]
    return count - refresh_standings(list(keys))


def refresh_all(lines: PortfolioLineQuerySet) -> int:
    """Judge again every stale one among ``lines``; how many were. What changes meanwhile stays marked."""
    keys = list(lines.stale().order_by("pk").values_list("pk", flat=True))
    return sum(refresh_standings(keys[start : start + AT_ONCE]) for start in range(0, len(keys), AT_ONCE))


def refresh_standings(keys: Sequence[UUID]) -> int:
    """Judge these assessments again and keep what is found; how many. One that changes meanwhile is left stale."""
    # Versions first: an answer that comes in after them makes the line newer than what is about to be read.
    versions = dict(PortfolioLine.objects.filter(pk__in=keys).values_list("pk", "version"))
    judged = _judge(versions)
    with transaction.atomic():
        # Where a line is locked someone is changing it: to wait for them would only find it stale.
        locked = PortfolioLine.objects.select_for_update(skip_locked=True).filter(pk__in=versions)
        fresh = [line for line in locked.order_by("pk") if line.version == versions[line.pk] and line.pk in judged]
        changes = [change for line in fresh if (change := _write(line, judged[line.pk]))]
        PortfolioLine.objects.bulk_update(fresh, _LINE)
        standings = [standing for line in fresh for standing in judged[line.pk].position.standings]
        Standing.objects.bulk_create(standings, update_conflicts=True, unique_fields=["offer"], update_fields=_STANDING)
        VerdictChange.objects.bulk_create(changes)
    return len(fresh)


def mark_judged_otherwise(using: str, **kwargs: Any) -> None:
    """Mark the lines that another version of the judge made. A receiver of ``post_migrate``: an upgrade runs it."""
    if PortfolioLine._meta.db_table not in connections[using].introspection.table_names():
        return
    PortfolioLine.objects.fresh().exclude(judged_by=judge_fingerprint()).update(is_stale=True)


@lru_cache(maxsize=1)
def judge_fingerprint() -> str:
    """The SHA-256 of the judge's own modules: two judges that may differ in a verdict differ in it."""
    room = Path(core.__file__).parent
    return sha256(b"".join(module.read_bytes() for module in sorted(room.rglob("*.py")))).hexdigest()


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was read of one assessment and what follows; ``changed_at`` is its last change, an answer's included."""

    assessment: Assessment
    changed_at: datetime
    position: Position


def _judge(keys: Iterable[UUID]) -> dict[UUID, _Judged]:
    """The position of each assessment: seven queries, however many there are."""
    assessments = Assessment.objects.select_related("edition", "organisation").defer("edition__document", "description")
    chosen = Prefetch("framework_choices", with_framework(FrameworkChoice.objects.all()))
    found = list(assessments.filter(pk__in=keys).prefetch_related("offers", chosen))
    rows: dict[UUID, list[Answer]] = defaultdict(list)
    for row in Answer.objects.filter(assessment__in=found).defer("comment").prefetch_related(with_evidence()):
        rows[row.assessment_id].append(row)
    plans: dict[UUID, list[TransitionPlan]] = defaultdict(list)
    with_steps = TransitionPlan.objects.select_related("offer").prefetch_related("steps")
    for plan in with_steps.filter(offer__assessment__in=found):
        plans[plan.offer.assessment_id].append(plan)
    return {
        each.pk: _Judged(
            each,
            max([each.updated_at, *(row.updated_at for row in rows[each.pk])]),
            judge_assessment(
                each,
                offers=list(each.offers.all()),
                rows=rows[each.pk],
                choices=each.framework_choices.all(),
                plans=plans[each.pk],
            ),
        )
        for each in found
    }


def _write(line: PortfolioLine, judged: _Judged) -> VerdictChange | None:
    """Set ``line`` to what was judged; the change it makes to the history, if it makes one."""
    position, assessment = judged.position, judged.assessment
    before = (line.verdict, _is_reached(line)) if line.judged_at else None
    # What moved a line without any change of the assessment (a new judge, a setting) moved it now.
    at = judged.changed_at if line.judged_at is None or judged.changed_at > line.judged_at else timezone.now()
    line.is_stale, line.judged_at, line.judged_by = False, timezone.now(), judge_fingerprint()
    line.host, line.best = position.host, position.best
    line.host_verdict, line.best_verdict = position.verdict_of(position.host), position.verdict_of(position.best)
    line.verdict = position.verdict_of(position.offer)
    line.required = position.judgement.required.worst
    is_known = line.verdict is not None and position.judgement.minimum_is_met is not None
    line.distance = position.judgement.distance if is_known else None
    line.confidence = floor(position.judgement.confidence * 100) if position.offer else None
    line.asked, line.answered = position.asked, position.answered
    line.progress = position.answered * 100 // position.asked if position.asked else None
    line.law_changes_on, line.reassess_on = position.law_changes_on, position.reassess_on
    line.next_step_on, line.next_step = position.next_step or (None, None)
    line.deadline = min((day for day in (line.reassess_on, line.next_step_on) if day), default=None)
    line.name_key = plain(assessment.name)[:400]
    offers = assessment.offers.all()
    line.search_text = plain("\n".join([assessment.name, *(f"{each.name} {each.provider}" for each in offers)]))
    after = (line.verdict, _is_reached(line))
    if before == after:
        return None
    verdict = None if after[0] is None else Verdict(after[0]).key
    return VerdictChange(assessment=assessment, at=at, verdict=verdict, is_reached=after[1])


def _is_reached(line: PortfolioLine) -> bool | None:
    return None if line.distance is None else line.distance <= 0
