"""Conditions over facts, in the three-valued logic of ``core.kleene``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any as AnyValue

from checklists.core.evidence import Strength
from checklists.core.kleene import Truth as Truth
from checklists.core.kleene import conjunction, disjunction, negation, reaches


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a question or a derived fact when a condition is evaluated.

    ``value`` is ``None`` when it is not known. ``applies`` is ``False`` when the question is not asked: then
    nothing can be said to be so. ``rank`` is the option's level (0-4), or the number of a derived quantity.
    A derived fact that is not settled may still be narrowed: to the ``possible`` values, or to a number within
    ``bounds``, both ends included. ``strength`` is that of the evidence the answer rests on.
    """

    value: str | None = None
    rank: int | None = None
    applies: Truth = True
    possible: frozenset[str] = frozenset()
    bounds: tuple[int, int] | None = None
    strength: Strength | None = None

    def is_one_of(self, options: frozenset[str]) -> Truth:
        if self.value is None and self.possible:
            within = self.possible <= options
            return self._settled(within if within or not self.possible & options else None)
        return self._settled(None if self.value is None else self.value in options)

    def is_at_least(self, threshold: int) -> Truth:
        if self.rank is None and self.bounds:
            return self._settled(reaches(*self.bounds, threshold))
        return self._settled(None if self.rank is None else self.rank >= threshold)

    def is_shown(self, least: Strength) -> Truth:
        """Whether evidence of that strength or more carries the answer; an answer without any has none."""
        return self._settled(None if self.value is None else self.strength is not None and self.strength >= least)

    def _settled(self, matches: Truth) -> Truth:
        return conjunction((self.applies, matches))


NOT_KNOWN = Fact()


@dataclass(frozen=True, slots=True)
class Among:
    """``is`` and ``in``: the fact is one of the options."""

    key: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``at_least``: the option's level, or the derived number, reaches a threshold."""

    key: str
    threshold: int


@dataclass(frozen=True, slots=True)
class EvidenceAtLeast:
    """``evidence_at_least``: valid evidence of a strength, or more, carries the answer."""

    key: str
    strength: Strength


Leaf = Among | AtLeast | EvidenceAtLeast


@dataclass(frozen=True, slots=True)
class Not:
    term: Condition


@dataclass(frozen=True, slots=True)
class All:
    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    terms: tuple[Condition, ...]


Condition = Leaf | Not | All | Any


class ConditionError(ValueError):
    """A condition that cannot be read; the message says what was found and what is expected."""


def evaluate(condition: Condition, facts: Mapping[str, Fact]) -> Truth:
    """The truth of ``condition`` on ``facts``; a fact that is absent is not known."""
    match condition:
        case Among(key, options):
            return facts.get(key, NOT_KNOWN).is_one_of(options)
        case AtLeast(key, threshold):
            return facts.get(key, NOT_KNOWN).is_at_least(threshold)
        case EvidenceAtLeast(key, strength):
            return facts.get(key, NOT_KNOWN).is_shown(strength)
        case Not(term):
            return negation(evaluate(term, facts))
        case All(terms):
            return conjunction(evaluate(term, facts) for term in terms)
        case Any(terms):
            return disjunction(evaluate(term, facts) for term in terms)


def parse(document: AnyValue) -> Condition:
    """Read the form used in packs: one operator per mapping.

    ``{is: {q: o}}``, ``{in: {q: [o, ...]}}``, ``{at_least: {q: 3}}``, ``{evidence_at_least: {q: document}}``,
    ``{not: c}``, ``{all: [c, ...]}``, ``{any: [c, ...]}``. Raises ``ConditionError``.
    """
    if not isinstance(document, Mapping) or len(document) != 1:
        raise ConditionError(f"expected one of is, in, at_least, evidence_at_least, not, all, any; found {document!r}")
    ((operator, operand),) = document.items()
    match operator:
        case "is" | "in" | "at_least" | "evidence_at_least":
            return _parse_leaf(operator, operand)
        case "not":
            return Not(parse(operand))
        case "all" | "any":
            if not isinstance(operand, list | tuple) or not operand:
                raise ConditionError(f"'{operator}' takes a list of one condition or more; found {operand!r}")
            terms = tuple(parse(term) for term in operand)
            return All(terms) if operator == "all" else Any(terms)
    raise ConditionError(f"unknown operator {operator!r}: use is, in, at_least, evidence_at_least, not, all or any")


def _parse_leaf(operator: str, operand: AnyValue) -> Condition:
    if not isinstance(operand, Mapping) or len(operand) != 1:
        raise ConditionError(f"'{operator}' takes one question and its value; found {operand!r}")
    ((key, value),) = operand.items()
    if operator == "is" and isinstance(value, str):
        return Among(key, frozenset({value}))
    if operator == "in" and isinstance(value, list | tuple) and value and all(isinstance(v, str) for v in value):
        return Among(key, frozenset(value))
    if operator == "at_least" and isinstance(value, int) and not isinstance(value, bool):
        return AtLeast(key, value)
    if operator == "evidence_at_least" and value in [strength.key for strength in Strength]:
        return EvidenceAtLeast(key, Strength.from_key(value))
    wanted = {
        "is": "an option's key",
        "in": "a list of options' keys",
        "at_least": "a whole number",
        "evidence_at_least": "claim, document or demonstrated",
    }[operator]
    raise ConditionError(f"'{operator}: {key}' takes {wanted}; found {value!r}")


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every comparison inside ``condition``, left to right."""
    match condition:
        case Among() | AtLeast() | EvidenceAtLeast():
            yield condition
        case Not(term):
            yield from leaves(term)
        case All(terms) | Any(terms):
            for term in terms:
                yield from leaves(term)


def keys(condition: Condition) -> frozenset[str]:
    """The questions and derived facts that ``condition`` reads."""
    return frozenset(leaf.key for leaf in leaves(condition))
