"""Sensitivity: what each answer weighs, what the weights could be, and which open question would settle most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from checklists.core.changing.what_if import Outcome, WhatIf, possible_values, supposed
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.judgement import Judgement, VerdictBand
from checklists.core.judging.scores import Band, ConcernScore


@dataclass(frozen=True, slots=True)
class Influence:
    """What would come of another answer to one question, that answer alone being otherwise.

    ``outcomes`` gives it for each other answer, and for a mere claim were it shown, in the checklist's order. ``steps``
    is the furthest either end of the verdict could move, 0 to 4; ``points`` the furthest the score could, 0 to 100.
    """

    question: str
    outcomes: tuple[tuple[str, Outcome], ...]
    steps: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question to answer next, and the width of the bands that would be left on average over its answers.

    ``steps`` is that of the verdict's (0 to 4), ``points`` that of the score's (0 to 100); ``before`` is today's.
    """

    question: str
    steps: Fraction
    points: Fraction
    before: tuple[int, Fraction]


@dataclass(frozen=True, slots=True)
class Room:
    """The shares of the whole weight (0 to 1) between which one concern's could lie, the others keeping their
    proportions, before the verdict changes; ``share`` is today's.
    """

    concern: str
    share: Fraction
    least: Fraction
    most: Fraction

    @property
    def is_free(self) -> bool:
        return self.least == 0 and self.most == 1


def influences(what_if: WhatIf) -> tuple[Influence, ...]:
    """Every answer that counts, the one that matters most first: by verdict, then by score, then in order.

    What a control chain gives counts as an answer; its alternatives suppose another chain.
    """
    edition, day, today = what_if.edition, what_if.reference_date, what_if.today
    found = []
    for key, question in edition.questions.items():
        state = what_if.established.states[key]
        if not state.asked or state.status in (None, AnswerStatus.UNKNOWN):
            continue
        standing = state.lapsed_from or what_if.established.facts[key].value
        claimed = key in what_if.answers and what_if.answers[key].claimed
        values = [value for value in possible_values(edition, question, day) if claimed or value != standing]
        outcomes = tuple((value, what_if.outcome({key: supposed(value)})) for value in values)
        if outcomes:
            steps = max(_steps_between(today.verdict, outcome.verdict) for _, outcome in outcomes)
            points = max(_points_between(today.score, outcome.score) for _, outcome in outcomes)
            found.append(Influence(key, outcomes, steps, points))
    return tuple(sorted(found, key=lambda influence: (-influence.steps, -influence.points)))


def _steps_between(one: VerdictBand, other: VerdictBand) -> int:
    return max(abs(one.worst - other.worst), abs(one.best - other.best))


def _points_between(one: Band, other: Band) -> Fraction:
    return max(abs(one.low - other.low), abs(one.high - other.high))


def next_question(what_if: WhatIf) -> Proposal | None:
    """The question without an answer that would settle most; ``None`` when no question is left open.

    The least width of the verdict's band left on average, each possible answer counting alike; then of the
    score's; then the checklist's order. "I don’t know" is asked again only when nothing else is open.
    """
    states = what_if.established.states
    for statuses in ({None}, {AnswerStatus.UNKNOWN}):
        asked = [key for key, state in states.items() if state.asked and state.status in statuses]
        proposals = [p for key in what_if.edition.questions if key in asked and (p := _proposal(what_if, key))]
        if proposals:
            return min(proposals, key=lambda proposal: (proposal.steps, proposal.points))
    return None


def _proposal(what_if: WhatIf, key: str) -> Proposal | None:
    question = what_if.edition.questions[key]
    values = possible_values(what_if.edition, question, what_if.reference_date)
    if not values:
        return None
    widths = [_width(what_if.outcome({key: supposed(value)})) for value in values]
    steps = Fraction(sum(width[0] for width in widths), len(widths))
    points = sum((width[1] for width in widths), Fraction(0)) / len(widths)
    return Proposal(key, steps, points, _width(what_if.today))


def _width(outcome: Outcome) -> tuple[int, Fraction]:
    return outcome.verdict.best - outcome.verdict.worst, outcome.score.high - outcome.score.low


def weight_room(edition: Edition, judgement: Judgement) -> tuple[Room, ...]:
    """For each concern that counts, how far its share of the whole weight could go before the verdict changes.

    Exact: with the others in proportion, whether the score reaches a threshold is the sign of a straight line in
    the share, so the verdict can only change where one of those lines crosses zero.
    """
    counted = [
        score for score in judgement.concerns if score.weighs is not False and edition.concerns[score.key].weight
    ]
    return tuple(_room(edition, judgement, score, counted) for score in counted if len(counted) > 1)


def _room(edition: Edition, judgement: Judgement, mine: ConcernScore, counted: list[ConcernScore]) -> Room:
    others = [score for score in counted if score is not mine]
    weights = {score.key: edition.concerns[score.key].weight for score in counted}
    rest = sum(weights[score.key] for score in others)
    share = Fraction(weights[mine.key], rest + weights[mine.key])
    settled = any(score.weighs for score in counted)
    lines: list[tuple[Verdict, bool, Fraction, Fraction]] = []
    for threshold in edition.thresholds if settled else ():
        for lowest in (True, False):
            alone = _excess(mine, threshold.below, lowest=lowest)
            along = sum(
                (_excess(score, threshold.below, lowest=lowest) * weights[score.key] for score in others), Fraction(0)
            )
            lines.append((threshold.ceiling, lowest, alone, along / rest))

    def verdict(at: Fraction) -> VerdictBand:
        worst, best = _by_gates(judgement)
        for ceiling, lowest, alone, along in lines:
            if at * alone + (1 - at) * along < 0:
                worst = min(worst, ceiling) if lowest else worst
                best = best if lowest else min(best, ceiling)
        return VerdictBand(worst, best)

    crossings = sorted({along / (along - alone) for _, _, alone, along in lines if along != alone})
    below = [point for point in reversed(crossings) if 0 < point <= share]
    above = [point for point in crossings if share <= point < 1]
    return Room(mine.key, share, _bound(share, below, Fraction(0), verdict), _bound(share, above, Fraction(1), verdict))


def _bound(
    share: Fraction, crossings: list[Fraction], end: Fraction, verdict: Callable[[Fraction], VerdictBand]
) -> Fraction:
    """The first of ``crossings``, going outward, at which or past which the verdict is not that at ``share``."""
    today = verdict(share)
    for point, further in pairwise([*crossings, end]):
        if verdict(point) != today or verdict((point + further) / 2) != today:
            return point
    return end


def _excess(score: ConcernScore, below: int, *, lowest: bool) -> Fraction:
    """What the concern adds above (or takes below) ``below`` in the weighted sum, at one end of the band."""
    excess = (score.band.low if lowest else score.band.high) - below
    if score.weighs is None:
        return min(excess, Fraction(0)) if lowest else max(excess, Fraction(0))
    return excess


def _by_gates(judgement: Judgement) -> tuple[Verdict, Verdict]:
    """The two ends that the gates alone allow."""
    gates = [ceiling for ceiling in judgement.ceilings if ceiling.gate]
    worst = min((c.verdict for c in gates if c.holds is not False), default=Verdict.SOVEREIGN)
    best = min((c.verdict for c in gates if c.holds is True), default=Verdict.SOVEREIGN)
    return worst, best


def deciding_gates(judgement: Judgement) -> tuple[str, ...]:
    """The gates that hold and set the best end of the verdict."""
    return tuple(
        ceiling.gate
        for ceiling in judgement.ceilings
        if ceiling.gate and ceiling.holds is True and ceiling.verdict is judgement.verdict.best
    )
