"""Why a condition is true, false or open: the facts that decide it, and those that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    Truth,
    evaluate,
)

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
            return Grounds(None if inner.truth is None else not inner.truth, inner.because, inner.missing)
        case All(terms):
            return _joined([grounds(term, facts) for term in terms], decisive=False)
        case Any(terms):
            return _joined([grounds(term, facts) for term in terms], decisive=True)


def both(first: Grounds, second: Grounds) -> Grounds:
    """The conjunction of two, each with its own grounds."""
    return _joined([first, second], decisive=False)


def _joined(parts: list[Grounds], *, decisive: bool) -> Grounds:
    settling = [part for part in parts if part.truth is decisive]
    if settling:
        return Grounds(decisive, _union(part.because for part in settling))
    open_parts = [part for part in parts if part.truth is None]
    because = _union(part.because for part in parts)
    if open_parts:
        return Grounds(None, because, _union(part.missing for part in open_parts))
    return Grounds(not decisive, because)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return NONE.union(*sets)
