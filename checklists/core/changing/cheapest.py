"""The cheapest changes that keep every ceiling below a verdict off: exact, best-first.

The relaxed problem forgets the gates: what remains is a knapsack of efforts and points. Its solution is a lower
bound; where it breaks a gate, the node is split into the ways to make that gate false. The first node taken from
the queue whose solution breaks nothing is therefore the cheapest of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from checklists.core.changing.board import Board, Node, Picked
from checklists.core.changing.choices import Move, Scenarios
from checklists.core.changing.knapsack import Knapsack
from checklists.core.editions.vocabulary import Verdict

MOST_NODES = 5000
"""How many nodes a search may bound before it gives up, rather than keep a reader waiting."""


class SearchGivenUp(RuntimeError):
    """Too many combinations to prove which changes are the cheapest."""


@dataclass(order=True, frozen=True, slots=True)
class Entry:
    """A node in the queue. ``picked`` is ``None`` until its own bound is computed; its parent's stands meanwhile."""

    bound: int
    turn: int
    node: Node
    picked: Picked | None


class Search:
    """For the scenarios of one edition, set of answers and day, and for one verdict to reach."""

    def __init__(self, scenarios: Scenarios, target: Verdict) -> None:
        edition, day = scenarios.edition, scenarios.day
        self.gates = [gate for gate in edition.gates.values() if gate.is_in_force(day) and gate.ceiling < target]
        self.least_score = max((t.below for t in edition.thresholds if t.ceiling < target), default=0)
        self.scenarios = scenarios
        self._boards: dict[int, Board] = {}
        self._knapsack = Knapsack()

    def board(self, root: int) -> Board:
        """The board of the scenario numbered ``root``."""
        if root not in self._boards:
            self._boards[root] = Board(self.scenarios[root], self.gates, self.least_score, self._knapsack)
        return self._boards[root]

    def start(self, root: int) -> Node:
        return Node(root, self.board(root).everything, (100,) * len(self.scenarios.edition.concerns))

    def cheapest(self, cuts: Sequence[frozenset[str]] = ()) -> dict[str, Move] | None:
        """The changes of least total effort that reach the verdict, leaving at least one question of each of
        ``cuts`` as it stands; ``None`` when none do. Deterministic among equals. Raises ``SearchGivenUp``.
        """
        bounded = 0
        queue: list[Entry] = []
        turn = 0
        seen: set[Node] = set()
        waiting = list(enumerate(self.scenarios.efforts))
        while queue or waiting:
            if not waiting and queue[0].bound > self.scenarios.read_up_to:
                raise SearchGivenUp
            if waiting and (not queue or waiting[0][1] <= queue[0].bound):
                root, bound = waiting.pop(0)
                parts = [self.start(root)]
            else:
                entry = heappop(queue)
                board, bound = self.board(entry.node.root), entry.bound
                if entry.picked is None:
                    bounded += 1
                    if bounded > MOST_NODES:
                        raise SearchGivenUp
                    relaxed = board.relax(entry.node)
                    if relaxed:
                        turn += 1
                        heappush(queue, Entry(relaxed[0], turn, entry.node, relaxed[1]))
                    continue
                split = board.split(entry.node, entry.picked, cuts)
                if split is None:
                    return board.changes(entry.picked)
                parts = split
            for part in parts:
                narrowed = self.board(part.root).narrow(part)
                if narrowed and narrowed not in seen:
                    seen.add(narrowed)
                    turn += 1
                    heappush(queue, Entry(bound, turn, narrowed, None))
        if not self.scenarios.are_all:
            raise SearchGivenUp
        return None
