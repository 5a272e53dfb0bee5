"""Several offers for one workload: which one is at least as good everywhere, and otherwise what is traded for what.

No weight is added here: two offers are compared aspect by aspect, and only an offer that is nowhere worse dominates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.judgement import Judgement

VERDICT_AT_WORST, VERDICT_AT_BEST = "verdict_at_worst", "verdict_at_best"
UNMET_NEEDS, TRANSITION = "unmet_needs", "transition"
CONCERN = "concern:"
"""``concern:<key>`` is the aspect of one concern's score, its low end."""


@dataclass(frozen=True, slots=True)
class Side:
    """One offer. ``aspects`` map an aspect to a figure of which more is better; an aspect absent is not known.

    ``levels`` give, for each scored question answered and shown, its concern, its weight there and the level (0-4);
    ``silent`` are the scored questions asked without such an answer. Concerns are compared on what both answered.
    """

    key: str
    aspects: Mapping[str, Fraction]
    levels: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()

    def concerns(self, questions: frozenset[str]) -> dict[str, Fraction]:
        """The weighted mean level, concern by concern, of the answers to ``questions``."""
        found: dict[str, list[tuple[int, int]]] = {}
        for key in sorted(questions):
            concern, weight, level = self.levels[key]
            found.setdefault(CONCERN + concern, []).append((weight, level))
        return {
            concern: Fraction(sum(w * level for w, level in pairs), sum(w for w, _level in pairs))
            for concern, pairs in found.items()
        }


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
    to_answer: tuple[tuple[str, str, int], ...] = ()
    """Pairs of offers with how many questions one of the two has answered and the other has not."""

    def undominated(self, sides: Sequence[Side]) -> tuple[str, ...]:
        """The offers no other one dominates, in the order given."""
        beaten = {worse for _, worse in self.dominates}
        return tuple(side.key for side in sides if side.key not in beaten)


def side(edition: Edition, key: str, judgement: Judgement, unmet: int, transition_days: int | None = None) -> Side:
    """The aspects of a judged offer. Fewer unmet needs and a shorter transition are better.

    An end of the verdict that silence sets is no aspect: the worst end counts once the verdict is settled, the best end
    once facts set it.
    """
    aspects = {UNMET_NEEDS: Fraction(-unmet)}
    if judgement.verdict.is_settled:
        aspects[VERDICT_AT_WORST] = Fraction(int(judgement.verdict.worst))
    if judgement.is_established:
        aspects[VERDICT_AT_BEST] = Fraction(int(judgement.verdict.best))
    if transition_days is not None:
        aspects[TRANSITION] = Fraction(-transition_days)
    levels: dict[str, tuple[str, int, int]] = {}
    silent: set[str] = set()
    for name, state in judgement.states.items():
        question = edition.questions[name]
        if not state.asked or not question.is_scored or state.status is AnswerStatus.NOT_APPLICABLE:
            continue
        if state.status is AnswerStatus.ANSWERED and state.level is not None and not state.claimed:
            levels[name] = question.concern, question.weight, state.level
        else:
            silent.add(name)
    return Side(key, aspects, levels, frozenset(silent))


def compare(sides: Sequence[Side]) -> Comparison:
    """Every pair, once. What is known of one offer only decides nothing, and forbids dominance by the other."""
    dominates, equals, trades, to_answer = [], [], [], []
    for index, one in enumerate(sides):
        for other in sides[index + 1 :]:
            both = frozenset(one.levels.keys() & other.levels.keys())
            first = {**one.aspects, **one.concerns(both)}
            second = {**other.aspects, **other.concerns(both)}
            left = (one.levels.keys() & other.silent) | (other.levels.keys() & one.silent)
            if left:
                to_answer.append((one.key, other.key, len(left)))
            shared = [aspect for aspect in first if aspect in second]
            ahead = tuple(aspect for aspect in shared if first[aspect] > second[aspect])
            behind = tuple(aspect for aspect in shared if first[aspect] < second[aspect])
            is_whole = first.keys() == second.keys() and not left
            if ahead and not behind and is_whole:
                dominates.append((one.key, other.key))
            elif behind and not ahead and is_whole:
                dominates.append((other.key, one.key))
            elif not ahead and not behind:
                equals.append((one.key, other.key))
            else:
                trades.append(Trade(one.key, other.key, ahead, behind))
    return Comparison(tuple(dominates), tuple(equals), tuple(trades), tuple(to_answer))
