"""Why a condition is true, false or open: the facts that decide it, and those that are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from checklists.core.editions.conditions import (
    All,
    Among,
    Any,
    AtLeast,
    Condition,
    EvidenceAtLeast,
    Fact,
    Not,
    evaluate,
)
from checklists.core.kleene import Truth, conjunction, disjunction, negation

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grounds:
    """``truth`` as :func:`evaluate` gives it; ``because`` the known facts that bear on it; ``missing`` the others.

    Once the truth is settled nothing is missing, and ``because`` keeps the decisive facts only.
    """

    truth: Truth
    because: frozenset[str] = NONE
    missing: frozenset[str] = NONE


def grounds(condition: Condition, facts: Mapping[str, Fact]) -> Grounds:
    """Total: a fact that is absent is missing."""
    match condition:
        case Among(key) | AtLeast(key) | EvidenceAtLeast(key):
            truth = evaluate(condition, facts)
            return Grounds(None, missing=frozenset({key})) if truth is None else Grounds(truth, frozenset({key}))
        case Not(term):
            inner = grounds(term, facts)
            return Grounds(negation(inner.truth), inner.because, inner.missing)
        case All(terms):
            return _joined(conjunction, [grounds(term, facts) for term in terms])
        case Any(terms):
            return _joined(disjunction, [grounds(term, facts) for term in terms])


def both(first: Grounds, second: Grounds) -> Grounds:
    """The conjunction of two, each with its own grounds."""
    return _joined(conjunction, [first, second])


def _joined(join: Callable[[Iterable[Truth]], Truth], parts: list[Grounds]) -> Grounds:
    truth = join(part.truth for part in parts)
    if truth is None:
        missing = _union(part.missing for part in parts if part.truth is None)
        return Grounds(None, _union(part.because for part in parts), missing)
    return Grounds(truth, _union(part.because for part in parts if part.truth is truth))


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return NONE.union(*sets)
