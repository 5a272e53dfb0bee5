"""One scenario of a search: which choices the gates leave, and what the score makes of those that are picked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from checklists.core.changing.choices import Move, Scenario
from checklists.core.changing.knapsack import Item, Knapsack
from checklists.core.changing.ways import Way
from checklists.core.editions.edition import Gate
from checklists.core.judging.scores import HUNDRED, ZERO, Weighted, extreme_mean

Picked = tuple[int, ...]
"""The number of the choice made for each variable."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a scenario: the choices left to each variable; and, for each concern, the value (0-100) above which
    the bound leaves an optional answer out of the mean.
    """

    root: int
    masks: tuple[int, ...]
    limits: tuple[int, ...]

    def holds(self, place: int, number: int) -> bool:
        return bool(self.masks[place] >> number & 1)

    def within(self, way: Way) -> Node:
        masks = list(self.masks)
        for place, mask in way.items():
            masks[place] &= mask
        return Node(self.root, tuple(masks), self.limits)


class Board:
    """Bounds and splits the nodes of one scenario.

    The score of a concern is 100 less the points lost, over the weight counted. Where that weight hangs on what is
    picked, the bound takes the greatest, and it averages in whatever optional questions it likes: it never
    understates the score.
    """

    def __init__(self, scenario: Scenario, gates: Sequence[Gate], least_score: int, knapsack: Knapsack) -> None:
        self.variables, self.index = scenario.variables, scenario.index
        self.everything = tuple(variable.everything for variable in self.variables)
        self.ways = {gate.key: scenario.ways_out(gate) for gate in gates}
        self._gates = [ways for ways in self.ways.values() if {} not in ways]
        self._concerns = scenario.edition.concerns
        self._concern_of = [list(self._concerns).index(variable.concern) for variable in self.variables]
        self._members: dict[str, list[int]] = {key: [] for key in self._concerns}
        for place, variable in enumerate(self.variables):
            self._members[variable.concern].append(place)
        self._least_score = least_score
        # What gates restrict comes last: nodes differ there, and share the first part of the knapsack.
        gated = {place for ways in self._gates for way in ways for place in way}
        self._order = sorted(range(len(self.variables)), key=lambda place: (place in gated, place))
        self._knapsack = knapsack

    def narrow(self, node: Node) -> Node | None:
        """Impose what the only way out of some gate asks for; ``None`` when a gate has no way out left."""
        again = all(node.masks)
        if not again:
            return None
        while again:
            again = False
            for ways in self._gates:
                open_ways = self._open_ways(ways, node)
                if not open_ways:
                    return None
                if len(open_ways) == 1 and (narrower := node.within(open_ways[0])) != node:
                    node, again = narrower, True
        return node

    @staticmethod
    def _open_ways(ways: Sequence[Way], node: Node) -> list[Way]:
        return [way for way in ways if all(node.masks[place] & mask for place, mask in way.items())]

    def relax(self, node: Node) -> tuple[int, Picked] | None:
        """The least effort when the gates are forgotten, and what is picked; ``None`` if the score is out of reach."""
        numbers, items, unit = self._problem(node)
        solved = self._knapsack.least_effort(items, (100 - self._least_score) * unit)
        if solved is None:
            return None
        picked = [0] * len(self.variables)
        for place, number in zip(self._order, solved[1], strict=True):
            picked[place] = numbers[place][number]
        return solved[0], tuple(picked)

    def highest_score(self, node: Node) -> Fraction:
        """A bound on the score (0-100) that no choice of ``node`` exceeds."""
        _, items, unit = self._problem(node)
        return HUNDRED - Fraction(sum(min(loss for _, loss in item) for item in items), unit) if unit else ZERO

    def _problem(self, node: Node) -> tuple[list[list[int]], list[Item], int]:
        """The choices left to each variable, their efforts and losses in knapsack order, the units of one point."""
        weights = {key: sum(self._greatest(node, place) for place in self._members[key]) for key in self._members}
        weighing = {key: self._concerns[key].weight for key, weight in weights.items() if weight}
        unit = lcm(*(weights[key] for key in weighing))
        scales = {key: weight * (unit // weights[key]) for key, weight in weighing.items()}
        numbers = [[n for n in range(len(v.choices)) if node.holds(p, n)] for p, v in enumerate(self.variables)]
        items: list[Item] = []
        for place in self._order:
            variable = self.variables[place]
            scale = scales.get(variable.concern, 0)
            choices = [(variable.choices[n], self._counted(node, place, n)) for n in numbers[place]]
            items.append(tuple((c.effort, scale * weight * (100 - c.value)) for c, weight in choices))
        return numbers, items, sum(weighing.values()) * unit

    def _counted(self, node: Node, place: int, number: int) -> int:
        choice = self.variables[place].choices[number]
        return 0 if choice.optional and choice.value > node.limits[self._concern_of[place]] else choice.weight

    def _greatest(self, node: Node, place: int) -> int:
        return max(self._weights(node, place))

    def _weights(self, node: Node, place: int) -> set[int]:
        numbers = range(len(self.variables[place].choices))
        return {self._counted(node, place, number) for number in numbers if node.holds(place, number)}

    def split(self, node: Node, picked: Picked, cuts: Sequence[frozenset[str]]) -> list[Node] | None:
        """The parts of ``node`` where what ``picked`` breaks is mended; ``None`` when it breaks nothing.

        What is left out of the parts breaks the same gate, the same cut or the same score.
        """
        broken = [ways for ways in self._gates if not any(_is_met(way, picked) for way in ways)]
        if broken:
            return [node.within(way) for way in min((self._open_ways(ways, node) for ways in broken), key=len)]
        for cut in cuts:
            places = [self.index[key] for key in sorted(cut)]
            if all(self.variables[place].choices[picked[place]].answer for place in places):
                return [node.within({place: self._standing(place)}) for place in places]
        limits = self._limits(picked)
        if limits is None:
            return None
        lower = tuple(map(min, node.limits, limits))
        if lower != node.limits:
            return [Node(node.root, node.masks, lower)]
        return list(self._split_in_two(node, picked))

    def _standing(self, place: int) -> int:
        """The choice that leaves the answer as it stands; none where the scenario itself changes it."""
        return int(self.variables[place].choices[0].answer is None)

    def _split_in_two(self, node: Node, picked: Picked) -> Iterator[Node]:
        """Settle one more variable that counts, one whose weight hangs on the choice first; nothing when all are."""
        open_places = [
            place
            for place, mask in enumerate(node.masks)
            if mask & (mask - 1) and any(choice.weight for choice in self.variables[place].choices)
        ]
        if open_places:
            place = min(open_places, key=lambda place: (len(self._weights(node, place)) == 1, place))
            counted = self._counted(node, place, picked[place])
            alike = sum(
                1 << number
                for number in range(len(self.variables[place].choices))
                if self._counted(node, place, number) == counted
            )
            alone = 1 << picked[place] if len(self._weights(node, place)) == 1 else alike
            yield node.within({place: alone})
            yield node.within({place: ~alone})

    def _limits(self, picked: Picked) -> tuple[int, ...] | None:
        """``None`` when the true score will do; else the value above which each of its means leaves answers out."""
        limits = [100] * len(self._concerns)
        certain: list[Weighted] = []
        optional: list[Weighted] = []
        for number, (key, concern) in enumerate(self._concerns.items()):
            chosen = [self.variables[place].choices[picked[place]] for place in self._members[key]]
            sure: list[Weighted] = [(c.weight, c.value) for c in chosen if c.weight and not c.optional]
            unsure: list[Weighted] = [(c.weight, c.value) for c in chosen if c.weight and c.optional]
            mean = extreme_mean(sure, unsure, lowest=True)
            if mean is None or not concern.weight:
                continue
            if unsure:
                limits[number] = int(max((value for _, value in unsure if value <= mean), default=0))
            (certain if sure else optional).append((concern.weight, mean))
        score = extreme_mean(certain, optional, lowest=True) if certain else ZERO
        return None if (score or ZERO) >= self._least_score else tuple(limits)

    def changes(self, picked: Picked) -> dict[str, Move]:
        """The answers that ``picked`` changes, each with its effort."""
        made = {v.key: v.choices[n] for v, n in zip(self.variables, picked, strict=True)}
        return {key: (choice.answer, choice.effort) for key, choice in made.items() if choice.answer}


def _is_met(way: Way, picked: Picked) -> bool:
    return all(mask >> picked[place] & 1 for place, mask in way.items())
