"""How an offer stands under one edition and under another, and which changed parts make the difference.

``stand`` gives what :func:`checklists.core.judging.judge.judge` would, without its explanations, which makes it cheap
to ask of a thousand offers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from checklists.core.changing.what_if import by_score
from checklists.core.editions.edition import Edition, EditionError
from checklists.core.editions.vocabulary import Verdict
from checklists.core.impact.blend import ChangedPart, Pair, Parts
from checklists.core.judging import claims
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import Established, establish, restate
from checklists.core.judging.presumption import is_presumed, where_it_may_apply


@dataclass(frozen=True, slots=True)
class Figures:
    """What is established and the worst still possible, the score's band (0-100), and the least verdict required."""

    worst: Verdict
    established: Verdict
    low: Fraction
    high: Fraction
    required: Verdict


class Aspect(StrEnum):
    """What of the figures can move; the gravest first."""

    VERDICT = "verdict"
    REQUIRED = "required"
    SCORE = "score"


ENDS: Mapping[Aspect, tuple[str, ...]] = {
    Aspect.VERDICT: ("established", "worst"),
    Aspect.REQUIRED: ("required",),
    Aspect.SCORE: ("low", "high"),
}


@dataclass(frozen=True, slots=True)
class Causes:
    """Why a standing moves: each of ``alone`` moves it by itself, ``together`` only as a whole and none left out."""

    alone: tuple[ChangedPart, ...] = ()
    together: tuple[ChangedPart, ...] = ()


def stand(edition: Edition, answers: Mapping[str, Answer], day: date) -> Figures:
    """How an offer with ``answers`` stands under ``edition`` on the reference date ``day``."""
    return _read(edition, establish(edition, answers, day), day)


def gravest(before: Figures, after: Figures) -> Aspect | None:
    """The gravest aspect that moved; ``None`` when nothing did."""
    return next((aspect for aspect in Aspect if moves(before, after, aspect)), None)


def moves(before: Figures, after: Figures, aspect: Aspect) -> dict[str, int]:
    """The ends of ``aspect`` that moved: 1 upwards, -1 downwards. Empty when none did."""
    signs = {end: _sign(getattr(before, end), getattr(after, end)) for end in ENDS[aspect]}
    return {end: sign for end, sign in signs.items() if sign}


class Attribution:
    """Says which changed parts of a pair of editions move an offer. Built once, asked for every offer."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self._alone_parts = {part: pair.with_needed([part]) for part in pair.changed}
        self._blend = lru_cache(maxsize=512)(self._make_blend)

    def causes(self, answers: Mapping[str, Answer], day: date, before: Figures, after: Figures) -> Causes:
        """The parts behind the gravest move from ``before``, under the older edition, to ``after``, under the newer.

        An end that parts move by themselves is theirs, whatever others add. Of the ends no part moves by itself, the
        parts of one set that moves them, from which nothing can be left out.
        """
        aspect = gravest(before, after)
        if aspect is None:
            return Causes()
        wanted = moves(before, after, aspect)
        established = establish(self.pair.older, answers, day)

        def reached(taken: Parts) -> set[str]:
            """The ends that ``taken`` moves the way the whole does."""
            standing = self._under(taken, established, answers, day)
            made = moves(before, standing, aspect) if standing else {}
            return {end for end, sign in wanted.items() if made.get(end) == sign}

        alone, explained = self._alone(reached)
        left = wanted.keys() - explained
        return Causes(alone, self._together(reached, left) if left else ())

    def _alone(self, reached: Callable[[Parts], set[str]]) -> tuple[tuple[ChangedPart, ...], set[str]]:
        by_itself = {part: reached(parts) for part, parts in self._alone_parts.items()}
        explained = set().union(*by_itself.values()) if by_itself else set()
        alone = []
        for part, ends in by_itself.items():
            needed = self._alone_parts[part] - {part}
            # Two parts that need each other are told together; else what a needed part does is not told twice.
            one_way = (other for other in needed if part not in self._alone_parts[other])
            if ends - set().union(*(by_itself[other] for other in one_way)):
                alone.append(part)
        return tuple(alone), explained

    def _together(self, reached: Callable[[Parts], set[str]], ends: set[str]) -> tuple[ChangedPart, ...]:
        standing, before = frozenset(self.pair.changed), Parts()
        while standing != before:
            # What was needed may no longer be once another part is left out: until a round leaves none out.
            before = standing
            for part in self.pair.changed:
                fewer = self.pair.without(part, standing)
                if part in standing and ends <= reached(fewer):
                    standing = fewer
        return tuple(part for part in self.pair.changed if part in standing)

    def _under(
        self, taken: Parts, established: Established, answers: Mapping[str, Answer], day: date
    ) -> Figures | None:
        """The standing with ``taken`` as in the newer edition; ``None`` when questions would then form a cycle."""
        edition, again = self._blend(taken)
        if edition is None:
            return None
        if again is None:
            return stand(edition, answers, day)
        for key in again:
            established = restate(edition, established, answers, key, day)
        return _read(edition, established, day)

    def _make_blend(self, taken: Parts) -> tuple[Edition | None, frozenset[str] | None]:
        """The edition between the two, and the questions to establish again under it."""
        edition = self.pair.blend(taken)
        try:
            edition.asking_order  # noqa: B018 -- a cycle is found here, not at the first judgement
        except EditionError:
            return None, None
        return edition, self.pair.restated(taken)


def _read(edition: Edition, established: Established, day: date) -> Figures:
    scores = [claims.scores(edition, concern, established) for concern in edition.concerns.values()]
    score, _confidence = claims.total(edition, scores)
    worst = best = presumed = Verdict.SOVEREIGN
    supposed = where_it_may_apply(established)
    for gate in edition.gates.values():
        if not gate.is_in_force(day):
            continue
        holds = claims.holds(gate.when, established)
        if holds is not False:
            worst = min(worst, gate.ceiling)
        if holds is True:
            best = min(best, gate.ceiling)
        elif holds is None and is_presumed(gate, supposed):
            presumed = min(presumed, gate.ceiling)
    worst, best = by_score(edition, score, worst, best)
    required = [
        item.least
        for item in edition.requirements
        if item.period.covers(day) and (item.when is None or claims.holds(item.when, established) is True)
    ]
    return Figures(
        worst, min(best, presumed), score.low, score.high, max(required, default=Verdict.UNACCEPTABLE)
    )  # fmt: skip


def _sign(before: Verdict | Fraction, after: Verdict | Fraction) -> int:
    return (after > before) - (after < before)
