"""Moves to another edition as they stand: what is left to confirm, what undoing would do. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.evidence import Backing, Strength
from checklists.core.judging import answer as core
from checklists.core.moves.carrying import Carried, Fate, Given, agreed, undo, with_what_follows
from checklists.models import Answer, Assessment, EditionMove, Offer
from checklists.services.answers.save_answer import Said, said_of
from checklists.services.editions.publish_edition import load_edition
from checklists.services.moves.preview_move import answers_of, carried_in, newly_asked, questionnaires

State = EditionMove.State
Entry = dict[str, Any]
"""An answer kept with a move: 'answer' (its row), 'offer', 'question', 'status', 'value', 'justification', 'comment',
'revision', that of the row once the move was made (or, set aside, once it was undone), and 'from_profile', which
filled it in, if it is presumed, and 'rests_on', what its evidence made of it: 'claimed', 'strength', 'ended'.
'evidence' holds the pieces of evidence that followed the answer to the assessment, to be given back by undoing."""


def open_move(assessment: Assessment) -> EditionMove | None:
    """The move that waits to be confirmed, with both editions without their documents. One query."""
    return moves_of(assessment).filter(state=State.OPEN).first()


def moves_of(assessment: Assessment) -> QuerySet[EditionMove]:
    """The moves of ``assessment``, the last first, with their editions without documents."""
    moves = EditionMove.objects.filter(assessment=assessment).select_related("from_edition", "to_edition")
    return moves.defer("from_edition__document", "to_edition__document")


def was_asked_before(assessment: Assessment, question: str) -> bool:
    """Whether an edition that ``assessment`` rested on earlier asks ``question``. One query."""
    return any(question in load_edition(move.from_edition.sha256).questions for move in moves_of(assessment))


@dataclass(frozen=True)
class Item:
    """An answer as it was when the move was made, what became of it, its row today, and whether that is settled."""

    entry: Mapping[str, Any]
    carried: Carried
    row: Answer
    is_settled: bool

    @property
    def question(self) -> str:
        return str(self.entry["question"])


@dataclass(frozen=True)
class OpenMove:
    """Where an open move stands."""

    asked: tuple[CoreEdition, CoreEdition]
    items: tuple[Item, ...]
    newly_asked: tuple[tuple[UUID | None, str], ...]
    rows: tuple[Answer, ...]

    def of_fate(self, fate: Fate) -> list[Item]:
        return [item for item in self.items if item.carried.fate is fate]

    @property
    def pending(self) -> list[Item]:
        """The answers that somebody still has to read again before the move can be confirmed."""
        return [item for item in self.of_fate(Fate.CONFIRM) if not item.is_settled]


def state_of(move: EditionMove) -> OpenMove:
    """What there is to confirm and to answer. A handful of queries, however many answers there are."""
    asked = questionnaires(move.assessment, move.from_edition, move.to_edition)
    rows = answers_of(move.assessment)
    by_pk = {row.pk: row for row in rows}
    confirmed = set(move.confirmations.values_list("answer", flat=True))
    order = {key: number for number, key in enumerate([*asked[1].questions, *asked[0].questions])}
    answered = [(entry, judged_entry(entry)) for entry in move.answers]
    shared = agreed((entry["question"], answer) for entry, answer in answered if answer)
    known = [
        (entry, by_pk[entry["answer"]], answer)
        for entry, answer in answered
        if answer is not None and entry["answer"] in by_pk and entry["question"] in order
    ]
    said = [
        Given(entry["offer"], entry["question"], answer, carried_in(asked, entry["question"], answer, shared))
        for entry, _row, answer in known
    ]
    after = with_what_follows(asked[1], said, move.reference_date)
    items = [
        Item(entry, carried, row, row.revision > entry["revision"] or row.pk in confirmed)
        for (entry, row, _answer), carried in zip(known, after, strict=True)
    ]
    items.sort(key=lambda item: (order[item.question], str(item.entry["offer"] or "")))
    then = [
        Answer(
            offer_id=scope_of(entry),
            question=entry["question"],
            **asdict(said_in(entry)),
            is_presumed=bool(entry.get("from_profile")),
        )
        for entry in move.answers
    ]
    waiting = newly_asked(asked, list(move.assessment.offers.all()), then, rows, move.assessment.reference_date)
    return OpenMove(asked, tuple(items), waiting, tuple(rows))


def answers_then(move: EditionMove, offer: Offer) -> Mapping[str, core.Answer]:
    """The answers that bore on ``offer`` when the move was made: with the older edition, the old judgement."""
    bearing = (entry for entry in move.answers if entry["offer"] in (None, str(offer.pk)))
    return {entry["question"]: answer for entry in bearing if (answer := judged_entry(entry)) is not None}


@dataclass(frozen=True)
class Undoing:
    """What undoing does to the answers: ``writes`` are the rows put back and what to, ``set_aside`` those given since
    that do not stand, ``kept`` those given since that do."""

    writes: tuple[tuple[Answer, Said], ...]
    set_aside: tuple[Answer, ...]
    kept: tuple[Answer, ...]


def plan_undoing(move: EditionMove) -> Undoing:
    """What undoing ``move`` now would do. Two queries, however many answers there are."""
    older, newer = questionnaires(move.assessment, move.from_edition, move.to_edition)
    then: dict[UUID | None, dict[str, Said]] = defaultdict(dict)
    revisions: dict[int, int] = {}
    for entry in move.answers:
        then[scope_of(entry)][entry["question"]] = said_in(entry)
        revisions[entry["answer"]] = entry["revision"]
    rows: dict[UUID | None, list[Answer]] = defaultdict(list)
    for row in Answer.objects.filter(assessment=move.assessment).order_by("pk"):
        rows[row.offer_id].append(row)
    writes: list[tuple[Answer, Said]] = []
    set_aside: list[Answer] = []
    kept: list[Answer] = []
    for scope, own in rows.items():
        undone = undo(older.questions, newer.questions, then[scope], {row.question: said_of(row) for row in own})
        for row in own:
            said = undone.standing.get(row.question, Said(Answer.Status.UNANSWERED))
            if said != said_of(row):
                writes.append((row, said))
            if row.revision > revisions.get(row.pk, 0):
                (set_aside if row.question in undone.set_aside else kept).append(row)
    return Undoing(tuple(writes), tuple(set_aside), tuple(kept))


def scope_of(entry: Mapping[str, Any]) -> UUID | None:
    return UUID(entry["offer"]) if entry["offer"] else None


def said_in(entry: Mapping[str, Any]) -> Said:
    return Said(entry["status"], entry["value"], entry["justification"], entry["comment"])


def judged_entry(entry: Mapping[str, Any]) -> core.Answer | None:
    """The judge's form of what was kept with the move; ``None`` for a mere comment."""
    said, presumed = said_in(entry), bool(entry.get("from_profile"))
    return core.Answer.said(said.status, said.value, said.justification, backing_in(entry), presumed=presumed)


def backing_in(entry: Mapping[str, Any]) -> Backing:
    """What the answer kept in ``entry`` rested on."""
    kept = entry.get("rests_on", {})
    return Backing(
        strength=Strength.from_key(kept["strength"]) if kept.get("strength") else None,
        claimed=kept.get("claimed", False),
        ended=date.fromisoformat(kept["ended"]) if kept.get("ended") else None,
    )
