"""How common each answer is, and what that makes of a condition: its chance, and what deciding it would take.

Chances only order the questions; no verdict is ever read from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from checklists.core.editions.conditions import (
    All,
    Among,
    Any,
    AtLeast,
    Condition,
    EvidenceAtLeast,
    Fact,
    Leaf,
    Not,
    Truth,
    evaluate,
    keys,
)
from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds import kind_of
from checklists.core.kleene import negation

SMOOTHING = 3.0
"""How many unseen answers, spread evenly, are added to those observed."""
EVEN = 0.5

Likely = Mapping[str, Mapping[str, float]]
"""For each question, the share (0-1) of respondents who give each answer."""


def common_answers(edition: Edition, observed: Iterable[Mapping[str, str]]) -> Likely:
    """The share of each possible answer among ``observed`` ones (question to value), smoothed so that none is 0."""
    counts: dict[str, dict[str, float]] = {
        key: usual for key, question in edition.questions.items() if (usual := _usual(question, SMOOTHING))
    }
    for answers in observed:
        for key, value in answers.items():
            if value in counts.get(key, ()):
                counts[key][value] += 1
    return {key: {value: n / sum(found.values()) for value, n in found.items()} for key, found in counts.items()}


def _usual(question: Question, total: float) -> dict[str, float]:
    """The answers its kind holds to be usual, as ``total`` unseen ones; none when it cannot tell."""
    return {value: share * total for value, share in kind_of(question.kind).usual(question).items()}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of one condition: the chance (0-1) that it holds, the number of questions that deciding it is
    expected to take, asked in the best order, and for each question the chance that it has to be asked. ``truth`` is
    that of the condition on the facts as they stand.
    """

    chance: float
    effort: float
    asks: Mapping[str, float] = field(default_factory=dict)
    truth: Truth = None

    def denied(self) -> Outlook:
        """The outlook of the contrary."""
        truth = negation(self.truth)
        return Outlook(1 - self.chance, self.effort, self.asks, truth)


HOLDS, FAILS = Outlook(1.0, 0.0, truth=True), Outlook(0.0, 0.0, truth=False)
Cost = Callable[[str], Mapping[str, float]]
"""What learning a fact takes: each question to ask for it, with its price; nothing when nobody can be asked."""


class Outlooks:
    """The outlook of conditions on some facts, each part of a condition read once.

    ``levels`` gives, for each question, the chance that its answer has each level ('0' to '4') or more.
    """

    def __init__(self, facts: Mapping[str, Fact], likely: Likely, levels: Likely, cost: Cost) -> None:
        self._facts, self._likely, self._levels, self._cost = (facts, likely, levels, cost)
        self._known: dict[int, Outlook] = {}
        self._read: dict[int, frozenset[str]] = {}
        self._base: Outlooks | None = None
        self._changed: frozenset[str] = frozenset()

    def after(self, facts: Mapping[str, Fact], changed: frozenset[str], cost: Cost) -> Outlooks:
        """The same on ``facts``, of which only the ``changed`` ones differ: the rest is not read again."""
        later = Outlooks(facts, self._likely, self._levels, cost)
        later._read, later._base, later._changed = self._read, self, changed
        return later

    def of(self, condition: Condition) -> Outlook:
        """The outlook of ``condition``, which must live as long as this object."""
        if self._base and self._reads(condition).isdisjoint(self._changed):
            return self._base.of(condition)
        found = self._known.get(id(condition))
        if found is None:
            found = self._known[id(condition)] = self._look(condition)
        return found

    def _reads(self, condition: Condition) -> frozenset[str]:
        found = self._read.get(id(condition))
        if found is None:
            found = self._read[id(condition)] = keys(condition)
        return found

    def _look(self, condition: Condition) -> Outlook:
        match condition:
            case Among() | AtLeast() | EvidenceAtLeast():
                truth = evaluate(condition, self._facts)
                if truth is not None:
                    return HOLDS if truth else FAILS
                asks = self._cost(condition.key)
                chance = _leaf_chance(condition, self._facts, self._likely, self._levels)
                return Outlook(chance, sum(asks.values()), asks)
            case Not(term):
                return self.of(term).denied()
            case All(terms):
                return self._all_of(terms, denied=False)
            case Any(terms):
                return self._all_of(terms, denied=True).denied()

    def _all_of(self, terms: Iterable[Condition], *, denied: bool) -> Outlook:
        """All of ``terms``, or of their contraries, at once: the first one that fails settles it."""
        parts = []
        for term in terms:
            part = self.of(term).denied() if denied else self.of(term)
            if part.truth is False:
                return FAILS
            parts.append(part)
        return _in_order(parts)


def _leaf_chance(leaf: Leaf, facts: Mapping[str, Fact], likely: Likely, levels: Likely) -> float:
    shares = likely.get(leaf.key)
    match leaf:
        case Among(key, options) if shares:
            possible = facts[key].possible if key in facts else frozenset()
            open_ = {value: share for value, share in shares.items() if not possible or value in possible} or shares
            whole = sum(open_.values())
            return sum(share for value, share in open_.items() if value in options) / whole if whole else EVEN
        case AtLeast(key, threshold) if key in levels:
            return levels[key].get(str(threshold), EVEN)
    return EVEN


def _in_order(parts: list[Outlook]) -> Outlook:
    """All of ``parts`` at once, the one most likely to settle the matter for its price first: the optimal order when
    the parts are independent.
    """
    if any(part.truth is False for part in parts):
        return FAILS
    open_ = [part for part in parts if part.truth is None]
    if len(open_) < 2:
        return open_[0] if open_ else HOLDS
    chance, reached, effort = 1.0, 1.0, 0.0
    asks: dict[str, float] = {}
    for part in sorted(open_, key=_price_of_an_end):
        chance *= part.chance
        if part.effort:
            effort += reached * part.effort
            for key, share in part.asks.items():
                asks[key] = max(asks.get(key, 0.0), reached * share)
            reached *= part.chance
    return Outlook(chance, effort, asks)


def _price_of_an_end(part: Outlook) -> float:
    return part.effort / max(1 - part.chance, 1e-6)


def level_shares(edition: Edition, likely: Likely) -> Likely:
    """For each scored question, the chance that its answer reaches each level."""
    return {
        key: {
            str(level): sum(share for value, share in shares.items() if _level(edition, key, value) >= level)
            for level in range(5)
        }
        for key, shares in likely.items()
        if edition.questions[key].is_scored
    }


def _level(edition: Edition, key: str, value: str) -> int:
    option = edition.questions[key].options.get(value)
    return option.level or 0 if option else 0
