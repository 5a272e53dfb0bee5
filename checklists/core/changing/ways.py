"""Every least way to settle a condition, its leaves being settled by choices. Sets of choices are bit masks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from checklists.core.editions.conditions import All, Among, Any, AtLeast, Condition, EvidenceAtLeast, Leaf, Not, leaves

Way = Mapping[int, int]
"""A way to settle a condition: variable -> the choices that will do. A variable that is absent is free."""


class SettledLeaf(NamedTuple):
    """The choices of the variable ``place`` that make a leaf certainly true, and certainly false, of ``everything``.

    Where no variable stands behind it, ``place`` is ``None`` and the masks say what it is: 1 or 0.
    """

    place: int | None
    true: int
    false: int
    everything: int

    def ways(self, *, wanted: bool) -> tuple[Way, ...]:
        mask = self.true if wanted else self.false
        if not mask:
            return ()
        return ({},) if self.place is None or mask == self.everything else ({self.place: mask},)


@lru_cache(maxsize=16384)
def leaves_of(condition: Condition) -> tuple[Leaf, ...]:
    return tuple(leaves(condition))


@lru_cache(maxsize=16384)
def least_ways(condition: Condition, wanted: bool, settled: tuple[SettledLeaf, ...]) -> tuple[Way, ...]:
    """Every least way to make ``condition`` certainly ``wanted``; ``settled`` goes with its leaves, left to right.

    Kleene's logic makes this exact: a conjunction is false as soon as, and only if, one of its terms is. Scenarios
    differ in a few leaves: most conditions, and most terms of the others, were worked out for another scenario.
    """
    match condition:
        case Among() | AtLeast() | EvidenceAtLeast():
            return settled[0].ways(wanted=wanted)
        case Not(term):
            return least_ways(term, not wanted, settled)
        case All(terms) | Any(terms):
            by_term = [least_ways(term, wanted, part) for term, part in _shared_out(terms, settled)]
            if isinstance(condition, All) is wanted:
                merged = (_together(parts) for parts in product(*by_term))
                return _least(way for way in merged if way is not None)
            return _least(way for ways in by_term for way in ways)


def _shared_out(
    terms: tuple[Condition, ...], settled: tuple[SettledLeaf, ...]
) -> Iterator[tuple[Condition, tuple[SettledLeaf, ...]]]:
    """Each term with its own leaves."""
    begin = 0
    for term in terms:
        end = begin + len(leaves_of(term))
        yield term, settled[begin:end]
        begin = end


def _together(parts: tuple[Way, ...]) -> Way | None:
    """All the parts at once; ``None`` when they contradict each other."""
    merged: dict[int, int] = {}
    for part in parts:
        for place, mask in part.items():
            merged[place] = merged.get(place, -1) & mask
            if not merged[place]:
                return None
    return merged


def _least(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Without those that ask for all that another one does."""
    found: list[Way] = []
    for way in ways:
        if not any(_contains(way, other) for other in found):
            found = [other for other in found if not _contains(other, way)]
            found.append(way)
    return tuple(found)


def _contains(way: Way, other: Way) -> bool:
    """Whether settling ``way`` settles ``other`` too."""
    return all(place in way and way[place] & ~mask == 0 for place, mask in other.items())
