"""What moving an assessment to a newer edition would do to its answers and its verdicts. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.frameworks.framework import Framework, with_supplements
from checklists.core.impact.blend import Pair
from checklists.core.impact.causes import Attribution, Causes, Figures, stand
from checklists.core.judging import answer as core
from checklists.core.judging.facts import establish
from checklists.core.moves.carrying import Carried, Fate, Given, agreed, carry, with_what_follows
from checklists.models import Answer, Assessment, Edition, FrameworkChoice, Offer
from checklists.models.evidence import with_evidence
from checklists.packs.frameworks.checks import check_framework
from checklists.packs.frameworks.schema import FrameworkPack
from checklists.services.editions.publish_edition import load_edition
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.publish_framework import load_framework
from checklists.services.judging.judge_offer import bearing_on, core_answers, known


@dataclass(frozen=True)
class AnswerFate:
    """One answer of the assessment and what becomes of it; ``offer`` is ``None`` for one about the workload."""

    row: Answer
    offer: UUID | None
    carried: Carried

    @property
    def question(self) -> str:
        return self.row.question


@dataclass(frozen=True)
class Outlook:
    """How one offer stands under the older edition and under the newer, and which parts make the difference."""

    offer: Offer
    before: Figures
    after: Figures
    causes: Causes


@dataclass(frozen=True)
class Preview:
    """``asked`` are the questions under each edition, those of the chosen frameworks included.

    ``fates`` are the answers in the newer edition's order; ``newly_asked`` the questions without an answer that the
    older edition did not ask, each with the offer it is asked of (``None``: the workload). ``strained`` are the chosen
    frameworks that read questions or answers which the newer edition has no more.
    """

    older: Edition
    newer: Edition
    asked: tuple[CoreEdition, CoreEdition]
    fates: tuple[AnswerFate, ...]
    newly_asked: tuple[tuple[UUID | None, str], ...]
    outlooks: tuple[Outlook, ...]
    strained: tuple[Framework, ...]

    def of_fate(self, fate: Fate) -> list[AnswerFate]:
        return [each for each in self.fates if each.carried.fate is fate]


def newer_editions(assessment: Assessment) -> QuerySet[Edition]:
    """The editions of its checklist published after the one it rests on, newest first, without their documents."""
    current = assessment.edition
    return Edition.objects.defer("document").filter(checklist=current.checklist, number__gt=current.number)


def questionnaires(assessment: Assessment, older: Edition, newer: Edition) -> tuple[CoreEdition, CoreEdition]:
    """What either edition asks of ``assessment``, with the questions of its frameworks. One query."""
    frameworks: list[Framework] = [load_framework(choice.framework.sha256) for choice in choices_of(assessment)]
    return tuple(with_supplements(load_edition(row.sha256), frameworks) for row in (older, newer))  # type: ignore[return-value]


def fates_of(asked: tuple[CoreEdition, CoreEdition], rows: Iterable[Answer], day: date) -> list[AnswerFate]:
    """What becomes of each row that holds an answer, in the newer edition's order; those it does not ask come last."""
    older, newer = asked
    order = {key: number for number, key in enumerate([*newer.questions, *older.questions])}

    given = [
        (row, answer)
        for row in rows
        if (answer := core.Answer.said(row.status, row.value, row.justification)) is not None
        and (row.question in older.questions or row.question in newer.questions)
    ]
    shared = agreed((row.question, answer) for row, answer in given)
    said = [
        Given(row.offer_id, row.question, answer, carried_in(asked, row.question, answer, shared))
        for row, answer in given
    ]
    after = with_what_follows(newer, said, day)
    fates = [AnswerFate(row, row.offer_id, carried) for (row, _answer), carried in zip(given, after, strict=True)]
    return sorted(fates, key=lambda fate: (order[fate.question], str(fate.offer or "")))


def carried_in(
    asked: tuple[CoreEdition, CoreEdition], key: str, answer: core.Answer, shared: frozenset[str]
) -> Carried:
    """What becomes of ``answer`` to ``key``; ``shared`` are the questions that every offer answers alike."""
    older, newer = asked
    before, after = older.questions.get(key), newer.questions.get(key)
    return carry(before, after, answer, former=newer.former.get(key), agreed=key in shared)


def answers_of(assessment: Assessment) -> list[Answer]:
    """The rows of ``assessment`` with their evidence. Two queries."""
    rows = Answer.objects.filter(assessment=assessment).order_by("pk")
    return known(assessment, rows.prefetch_related(with_evidence()))


def preview_move(assessment: Assessment, newer: Edition) -> Preview:
    """What the move of ``assessment`` to ``newer`` would do. A handful of queries, however many answers there are."""
    older = assessment.edition
    asked = questionnaires(assessment, older, newer)
    rows, offers = answers_of(assessment), list(assessment.offers.all())
    fates = fates_of(asked, rows, assessment.reference_date)
    kept_rows = list(_kept(rows, fates))
    attribution = Attribution(Pair(load_edition(older.sha256), load_edition(newer.sha256)))
    day = assessment.reference_date
    outlooks = []
    for offer in offers:
        given, kept = answers_for(offer, rows), answers_for(offer, kept_rows)
        before, after = stand(attribution.pair.older, given, day), stand(attribution.pair.newer, kept, day)
        outlooks.append(Outlook(offer, before, after, attribution.causes(given, day, before, after)))
    waiting = newly_asked(asked, offers, rows, kept_rows, day)
    strained = _strained(assessment, attribution.pair.newer)
    return Preview(older, newer, asked, tuple(fates), waiting, tuple(outlooks), strained)


def _kept(rows: Iterable[Answer], fates: Iterable[AnswerFate]) -> Iterator[Answer]:
    """The answers that would count after the move; those that the offers share, as answers of the assessment."""
    fate_of = {fate.row.pk: fate.carried.fate for fate in fates}
    for row in rows:
        match fate_of.get(row.pk):
            case Fate.ANSWER:
                continue
            case Fate.MOVED:
                shared = copy(row)
                shared.offer_id = None
                yield shared
            case _:
                yield row


def _strained(assessment: Assessment, newer: CoreEdition) -> tuple[Framework, ...]:
    choices = FrameworkChoice.objects.filter(assessment=assessment).select_related("framework")
    return tuple(
        load_framework(choice.framework.sha256)
        for choice in choices
        if check_framework(FrameworkPack.model_validate(choice.framework.document), newer)
    )


def answers_for(offer: Offer | None, rows: Iterable[Answer]) -> Mapping[str, core.Answer]:
    """The answers among ``rows`` that bear on ``offer``: the workload's and its own."""
    return core_answers(bearing_on(offer, rows))


def newly_asked(
    asked: tuple[CoreEdition, CoreEdition],
    offers: Iterable[Offer],
    before: list[Answer],
    after: list[Answer],
    day: date,
) -> tuple[tuple[UUID | None, str], ...]:
    """The questions that wait for an answer ``after`` under the newer edition and did not ``before`` under the older:
    each with the offer it is asked of, those about the workload once."""
    older, newer = asked
    found: dict[tuple[UUID | None, str], None] = {}
    either: list[Offer | None] = [*offers]
    for offer in either or [None]:
        was = {key for key, state in establish(older, answers_for(offer, before), day).states.items() if state.asked}
        states = establish(newer, answers_for(offer, after), day).states
        for key, question in newer.questions.items():
            if key in was or not states[key].asked or states[key].status is not None:
                continue
            if question.scope == "workload":
                found[None, key] = None
            elif offer:
                found[offer.pk, key] = None
    return tuple(found)
