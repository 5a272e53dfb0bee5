"""Several offers for one workload: which one is at least as good everywhere, and otherwise what is traded for what.

No weight is added here: two offers are compared aspect by aspect, and only an offer that is nowhere worse dominates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checklists.core.judging.judgement import Judgement

VERDICT_AT_WORST, VERDICT_AT_BEST = "verdict_at_worst", "verdict_at_best"
UNMET_NEEDS, TRANSITION = "unmet_needs", "transition"
CONCERN = "concern:"
"""``concern:<key>`` is the aspect of one concern's score, its low end."""


@dataclass(frozen=True, slots=True)
class Side:
    """One offer. ``aspects`` map an aspect to a figure of which more is better; an aspect absent is not known."""

    key: str
    aspects: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Trade:
    """Two offers of which neither dominates: the aspects in which each is the better."""

    one: str
    other: str
    one_is_better: tuple[str, ...]
    other_is_better: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``dominates`` pairs a better offer with each it dominates; ``equals`` are pairs alike in all that is known."""

    dominates: tuple[tuple[str, str], ...]
    equals: tuple[tuple[str, str], ...]
    trades: tuple[Trade, ...]

    def undominated(self, sides: Sequence[Side]) -> tuple[str, ...]:
        """The offers no other one dominates, in the order given."""
        beaten = {worse for _, worse in self.dominates}
        return tuple(side.key for side in sides if side.key not in beaten)


def side(key: str, judgement: Judgement, unmet: int, transition_days: int | None = None) -> Side:
    """The aspects of a judged offer. Fewer unmet needs and a shorter transition are better."""
    aspects = {
        VERDICT_AT_WORST: Fraction(int(judgement.verdict.worst)),
        VERDICT_AT_BEST: Fraction(int(judgement.verdict.best)),
        **{CONCERN + concern.key: concern.band.low for concern in judgement.concerns if concern.weighs is not False},
        UNMET_NEEDS: Fraction(-unmet),
    }
    if transition_days is not None:
        aspects[TRANSITION] = Fraction(-transition_days)
    return Side(key, aspects)


def compare(sides: Sequence[Side]) -> Comparison:
    """Every pair, once. What is known of one offer only decides nothing, and forbids dominance by the other."""
    dominates, equals, trades = [], [], []
    for index, one in enumerate(sides):
        for other in sides[index + 1 :]:
            shared = [aspect for aspect in one.aspects if aspect in other.aspects]
            ahead = tuple(aspect for aspect in shared if one.aspects[aspect] > other.aspects[aspect])
            behind = tuple(aspect for aspect in shared if one.aspects[aspect] < other.aspects[aspect])
            is_whole = one.aspects.keys() == other.aspects.keys()
            if ahead and not behind and is_whole:
                dominates.append((one.key, other.key))
            elif behind and not ahead and is_whole:
                dominates.append((other.key, one.key))
            elif not ahead and not behind:
                equals.append((one.key, other.key))
            else:
                trades.append(Trade(one.key, other.key, ahead, behind))
    return Comparison(tuple(dominates), tuple(equals), tuple(trades))
