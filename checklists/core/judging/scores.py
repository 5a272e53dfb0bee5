"""Step two: scores as bands. The low end credits no doubt; the high end grants every one.

All arithmetic is exact (``Fraction``): a threshold is never missed by a rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from checklists.core.editions.edition import TOP_LEVEL, Concern, Edition
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import QuestionState

ZERO, HUNDRED = Fraction(0), Fraction(100)
Weighted = tuple[int, int | Fraction]
"""A weight and a value from 0 to 100; whole values keep the arithmetic on whole numbers, which is much faster."""


@dataclass(frozen=True, slots=True)
class Band:
    """Two ends of a score, 0 to 100, ``low <= high``."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class ConcernScore:
    """A concern's band; ``confidence`` is the share (0-1) of its weight that is answered.

    ``asked`` and ``answered`` count the questions shown to the respondent and those of them that have an answer
    of any kind. ``weighs`` is ``False`` when every scored question is out of it: the concern leaves the total;
    ``None`` when that is not settled.
    """

    key: str
    band: Band
    confidence: Fraction
    asked: int
    answered: int
    weighs: bool | None


def extreme_mean(certain: list[Weighted], optional: list[Weighted], *, lowest: bool) -> Fraction | None:
    """The lowest (or highest) weighted mean of ``certain`` with any subset of ``optional``; ``None`` of nothing.

    Taking the optional values in order, each while it pulls the mean the wanted way, is exact: once a value no
    longer does, none that comes after it does.
    """
    weight = sum(w for w, _ in certain)
    total: int | Fraction = sum(w * value for w, value in certain)
    for w, value in sorted(optional, key=lambda item: item[1], reverse=not lowest):
        if weight and (value * weight >= total if lowest else value * weight <= total):
            break
        weight += w
        total += w * value
    return Fraction(total) / weight if weight else None


def score_concern(edition: Edition, concern: Concern, states: Mapping[str, QuestionState]) -> ConcernScore:
    """100 x sum(weight x level / 4) / sum(weight), at both ends (design: judging, step 2)."""
    low: tuple[list[Weighted], list[Weighted]] = ([], [])
    high: tuple[list[Weighted], list[Weighted]] = ([], [])
    weight = answered_weight = asked = answered = 0
    for key in concern.questions:
        state = states[key]
        asked += state.asked
        answered += state.asked and state.status is not None
        question = edition.questions[key]
        if not question.is_scored or state.applies is False or state.status is AnswerStatus.NOT_APPLICABLE:
            continue
        weight += question.weight
        if state.level is None:
            # A doubt: worst at the low end, best at the high end, whether or not the question turns out to apply.
            low[0].append((question.weight, 0))
            high[0].append((question.weight, 100))
            continue
        answered_weight += question.weight
        optional = state.applies is None
        low[optional].append((question.weight, 100 // TOP_LEVEL * (state.least or 0)))
        high[optional].append((question.weight, 100 // TOP_LEVEL * (state.most or 0)))
    lowest, highest = extreme_mean(*low, lowest=True), extreme_mean(*high, lowest=False)
    band = Band(ZERO if lowest is None else lowest, HUNDRED if highest is None else highest)
    only_optional = not low[0]
    weighs = False if not weight else (None if only_optional else True)
    confidence = Fraction(answered_weight, weight) if weight else ZERO
    return ConcernScore(concern.key, band, confidence, asked, answered, weighs)


def total_score(edition: Edition, concerns: Iterable[ConcernScore]) -> tuple[Band, Fraction]:
    """The weighted mean of the concerns, at both ends, and the share of the whole weight that is answered."""
    low: tuple[list[Weighted], list[Weighted]] = ([], [])
    high: tuple[list[Weighted], list[Weighted]] = ([], [])
    weight, confidence = 0, ZERO
    for score in concerns:
        concern_weight = edition.concerns[score.key].weight
        if score.weighs is False or not concern_weight:
            continue
        optional = score.weighs is None
        low[optional].append((concern_weight, score.band.low))
        high[optional].append((concern_weight, score.band.high))
        weight += concern_weight
        confidence += concern_weight * score.confidence
    confidence = confidence / weight if weight else ZERO
    if not low[0]:
        # Perhaps nothing counts in the end: then nothing is known of the score.
        return Band(ZERO, HUNDRED), confidence
    lowest, highest = extreme_mean(*low, lowest=True), extreme_mean(*high, lowest=False)
    return Band(ZERO if lowest is None else lowest, HUNDRED if highest is None else highest), confidence
