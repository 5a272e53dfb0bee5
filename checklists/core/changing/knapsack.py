"""The least effort that keeps the points lost within a budget, by dynamic programming on whole efforts."""

from __future__ import annotations

from collections.abc import Sequence

Item = Sequence[tuple[int, int]]
"""One thing to choose: the effort and the loss of each of its choices, both whole and not negative."""
STEP = 64
"""Efforts are explored by this much, then twice as much, and so on."""


class Knapsack:
    """Solves many problems that differ in a few items: those that begin alike share what was computed."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, Item | int], int] = {}
        self._fronts: list[list[int]] = []

    def least_effort(self, items: Sequence[Item], budget: int) -> tuple[int, list[int]] | None:
        """The least total effort at which the total loss can be ``budget`` or less, and the choice made in each
        item (the first listed among equals); ``None`` when none can.
        """
        if sum(min(loss for _, loss in item) for item in items) > budget:
            return None
        length = STEP
        while True:
            fronts = self._fold(items, length)
            effort = next((effort for effort, loss in enumerate(fronts[-1]) if loss <= budget), None)
            if effort is not None:
                return effort, _retrace(items, fronts, effort)
            length *= 2

    def _fold(self, items: Sequence[Item], length: int) -> list[list[int]]:
        """After each item, the least loss at every effort from 0 to ``length`` - 1 (that effort or less)."""
        number = self._number((-1, length), None, ())
        fronts = [self._fronts[number]]
        for item in items:
            number = self._number((number, item), fronts[-1], item)
            fronts.append(self._fronts[number])
        return fronts

    def _number(self, key: tuple[int, Item | int], before: list[int] | None, item: Item) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._fronts)
            self._fronts.append([0] * int(key[1]) if before is None else _extended(before, item))  # type: ignore[arg-type]
        return number


INFINITE = 1 << 200
"""More than any loss: no choice is within that effort."""


def _extended(front: list[int], item: Item) -> list[int]:
    best = [INFINITE] * len(front)
    for effort, loss in item:
        reached = [lost + loss for lost in front[: len(front) - effort]]
        best[effort:] = [a if a <= b else b for a, b in zip(best[effort:], reached, strict=True)]
    return best


def _retrace(items: Sequence[Item], fronts: list[list[int]], effort: int) -> list[int]:
    chosen = []
    for item, before, after in zip(reversed(items), reversed(fronts[:-1]), reversed(fronts[1:]), strict=True):
        number = next(
            n for n, (cost, loss) in enumerate(item) if cost <= effort and before[effort - cost] + loss == after[effort]
        )
        chosen.append(number)
        effort -= item[number][0]
    return chosen[::-1]
