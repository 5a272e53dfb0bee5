"""Where an assessment stands as a whole: each offer judged, which one counts, and when it must be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

from dateutil.relativedelta import relativedelta

from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.facts import QuestionState
from checklists.core.judging.judgement import Judgement
from checklists.core.judging.later_law import next_change
from checklists.core.transition import StepState, schedule
from checklists.models import Answer, Assessment, FrameworkChoice, Offer, PlanStep, Standing, TransitionPlan
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.judging.judge_offer import bearing_on, core_answers, edition_of, judge_rows
from checklists.services.transition import core_plan


@dataclass(frozen=True, slots=True)
class Position:
    """The outcome of :func:`judge_assessment`.

    ``judgement`` is that of the offer that counts: the current host (the lowest, if several), else the best offer, else
    the workload alone (``offer`` is then ``None``). ``asked`` and ``answered`` count questions that apply, those of the
    chosen frameworks included. ``next_step`` is the step not done that ends first, in any plan, and the day it ends.
    """

    offer: Offer | None
    judgement: Judgement
    host: Offer | None
    best: Offer | None
    standings: tuple[Standing, ...]
    asked: int
    answered: int
    law_changes_on: date | None
    reassess_on: date | None
    next_step: tuple[date, PlanStep] | None

    def verdict_of(self, offer: Offer | None) -> Verdict | None:
        """What is established of ``offer``; ``None`` when nothing is, or for no offer."""
        found = next((each.verdict for each in self.standings if offer and each.offer_id == offer.pk), None)
        return None if found is None else Verdict(found)


def judge_assessment(
    assessment: Assessment,
    *,
    offers: Sequence[Offer],
    rows: Sequence[Answer],
    choices: Iterable[FrameworkChoice],
    plans: Iterable[TransitionPlan],
) -> Position:
    """Judge ``assessment`` on what it is made of, all of it given: no query. ``plans`` have their steps at hand.

    ``assessment.organisation`` must be at hand too: it says after how many months to look again.
    """
    judged = [(offer, judge_rows(assessment, bearing_on(offer, rows))) for offer in offers]
    best = max(judged, key=_rank, default=None)
    host = min((pair for pair in judged if pair[0].is_current), key=_rank, default=None)
    offer, judgement = host or best or (None, judge_rows(assessment, bearing_on(None, rows)))
    own = bearing_on(offer, rows)
    states = _asked_states(assessment, own, list(choices), judgement)
    law = _law_change(assessment, own, judgement)
    return Position(
        offer=offer,
        judgement=judgement,
        host=host[0] if host else None,
        best=best[0] if best else None,
        standings=tuple(_standing(each, found) for each, found in judged),
        asked=len(states),
        answered=sum(state.status is not None for state in states),
        law_changes_on=law,
        reassess_on=reassess_on(assessment, law),
        next_step=_next_step(plans),
    )


def reassess_on(assessment: Assessment, law_changes_on: date | None) -> date | None:
    """The day by which to look again: the one set by hand, else the first of what is proposed. None for an example.

    Proposed are the organisation's months after the reference date, and the day the law alone changes the outcome.
    """
    if assessment.reassess_by or assessment.is_example:
        return assessment.reassess_by
    return min((day for day in (months_on(assessment), law_changes_on) if day), default=None)


def months_on(assessment: Assessment) -> date | None:
    """The organisation's months after the reference date; ``None`` if it set none, or past the end of the calendar."""
    months = assessment.organisation.reassess_after
    try:
        return assessment.reference_date + relativedelta(months=months) if months else None
    except ValueError:
        return None


def _rank(pair: tuple[Offer, Judgement]) -> tuple[int, int, float]:
    """As the comparison page has it: the verdict at worst, then at best, then the low end of the score."""
    verdict, score = pair[1].verdict, pair[1].score
    return verdict.worst, verdict.best, float(score.low)


def _standing(offer: Offer, judgement: Judgement) -> Standing:
    return Standing(
        offer=offer,
        verdict=judgement.established if judgement.is_established else None,
        worst=judgement.verdict.worst,
        best=judgement.verdict.best,
        low=floor(judgement.score.low),
        high=floor(judgement.score.high),
        confidence=floor(judgement.confidence * 100),
    )


def _asked_states(
    assessment: Assessment, rows: list[Answer], choices: list[FrameworkChoice], judgement: Judgement
) -> list[QuestionState]:
    """The questions that apply now, of the checklist and of the frameworks that ask some."""
    states = judgement.states
    if any(choice.framework.asks for choice in choices):
        states = establish_rows(questionnaire_of(assessment, choices), assessment, rows).states
    return [state for state in states.values() if state.asked]


def _law_change(assessment: Assessment, rows: list[Answer], judgement: Judgement) -> date | None:
    """The first day on which the law alone changes what is established; what is not yet established does not age."""
    if not judgement.is_established:
        return None
    change = next_change(edition_of(assessment), core_answers(rows), assessment.reference_date)
    return change.day if change else None


def _next_step(plans: Iterable[TransitionPlan]) -> tuple[date, PlanStep] | None:
    ends = []
    for plan in plans:
        steps = list(plan.steps.all())
        spans = schedule(core_plan(plan, steps), plan.starts_on).spans
        ends += [(spans[s.number].end, s) for s in steps if s.state != StepState.DONE and s.number in spans]
    return min(ends, key=lambda pair: (pair[0], pair[1].pk), default=None)
