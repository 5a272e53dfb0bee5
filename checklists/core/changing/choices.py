"""What each question can be changed to, at what effort, and what a change does to the score and to the gates.

A *scenario* fixes the answers that decide which questions are asked; within it every question is a variable with
a few choices, the first of which leaves the answer as it stands. Sets of choices are bit masks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import islice
from math import inf, prod

from checklists.core.changing.ways import SettledLeaf, Way, least_ways, leaves_of
from checklists.core.changing.what_if import possible_values, supposed
from checklists.core.editions.conditions import Fact, Leaf, evaluate
from checklists.core.editions.edition import TOP_LEVEL, Edition, Gate, Question
from checklists.core.evidence import Strength
from checklists.core.judging.answer import Answer, AnswerStatus, without_claims
from checklists.core.judging.facts import (
    Established,
    QuestionState,
    counts_as,
    duration_fact,
    establish,
    is_valid_value,
)
from checklists.core.kinds import decisive as decisive_questions
from checklists.core.kinds import kind_of

MOST_SCENARIOS = 200
"""How many a search reads before it gives up: each claim to show that decides what is asked doubles their number."""
PROOF = 1
"""The effort of showing what is claimed already: to obtain a document."""

Move = tuple[Answer, int]
"""An answer a question can be changed to, and its effort."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a question can take: ``answer`` is ``None`` for the one that stands, at no effort.

    ``weight`` and ``value`` (0-100) are what it brings to its concern's score at the low end; with ``optional``
    it counts only where it lowers the score, since it is not settled whether the question applies.
    """

    answer: Answer | None
    effort: int
    facts: Mapping[str, Fact]
    weight: int
    value: int
    optional: bool


@dataclass(frozen=True, slots=True)
class Variable:
    key: str
    concern: str
    choices: tuple[Choice, ...]

    @property
    def everything(self) -> int:
        """The mask of all choices."""
        return (1 << len(self.choices)) - 1


class Scenario:
    """The variables when the answers that decide what is asked are settled as ``fixed`` (question -> choice)."""

    def __init__(
        self, edition: Edition, answers: Mapping[str, Answer], day: date, fixed: Mapping[str, Move | None]
    ) -> None:
        self.edition, self.day = edition, day
        self._answers = {**answers, **{key: item[0] for key, item in fixed.items() if item}}
        # A plan makes the worst end good, where no claim counts.
        established = establish(edition, without_claims(self._answers), day)
        self.facts = established.facts
        self.variables = tuple(self._variable(key, established, fixed) for key in edition.questions)
        self.index = {variable.key: position for position, variable in enumerate(self.variables)}
        self._asked_of = {duration.key: duration.to for duration in edition.durations}
        self._ways_out: dict[str, Sequence[Way]] = {}
        self._leaves: dict[Leaf, SettledLeaf] = {}

    def _variable(self, key: str, established: Established, fixed: Mapping[str, Move | None]) -> Variable:
        question, state = self.edition.questions[key], established.states[key]
        answer, effort = fixed.get(key) or (None, 0)
        choices = [self._choice(question, state, established.facts[key], answer, effort)]
        if key not in fixed and state.applies is not False:
            for move, cost in moves(self.edition, self._answers, state, self.day):
                option = question.options.get(move.value or "")
                level = option.level if option else None
                moved = QuestionState(key, state.applies, True, AnswerStatus.ANSWERED, option, None, False)
                fact = Fact(move.value, level, state.applies, strength=move.strength)
                choices.append(self._choice(question, moved, fact, move, cost))
        return Variable(key, question.concern, tuple(choices))

    def _choice(
        self, question: Question, state: QuestionState, fact: Fact, answer: Answer | None, effort: int
    ) -> Choice:
        facts = {question.key: fact}
        for duration in self.edition.durations:
            if duration.to == question.key:
                facts[duration.key] = duration_fact(fact, self.day)
        counts = question.is_scored and state.applies is not False and state.status is not AnswerStatus.NOT_APPLICABLE
        return Choice(
            answer,
            effort,
            facts,
            weight=question.weight if counts else 0,
            value=100 // TOP_LEVEL * (state.least or 0),
            optional=counts and state.level is not None and state.applies is None,
        )

    def ways_out(self, gate: Gate) -> Sequence[Way]:
        """Every least way to make the condition of ``gate`` certainly false: any one of them will do."""
        if gate.key not in self._ways_out:
            settled = tuple(self._settled(leaf) for leaf in leaves_of(gate.when))
            self._ways_out[gate.key] = least_ways(gate.when, False, settled)
        return self._ways_out[gate.key]

    def _settled(self, leaf: Leaf) -> SettledLeaf:
        """The choices that make ``leaf`` certainly true, and those that make it certainly false."""
        if leaf not in self._leaves:
            self._leaves[leaf] = self._settle(leaf)
        return self._leaves[leaf]

    def _settle(self, leaf: Leaf) -> SettledLeaf:
        place = self.index.get(self._asked_of.get(leaf.key, leaf.key))
        if place is None:
            truth = evaluate(leaf, self.facts)
            return SettledLeaf(None, int(truth is True), int(truth is False), 1)
        variable = self.variables[place]
        truths = [evaluate(leaf, choice.facts) for choice in variable.choices]
        true, false = (sum(1 << n for n, truth in enumerate(truths) if truth is wanted) for wanted in (True, False))
        return SettledLeaf(place, true, false, variable.everything)


class Scenarios:
    """The ways to settle the answers that decide what is asked, the least effort first; each is read once.

    ``are_all`` is false when there are more than ``MOST_SCENARIOS``.
    """

    def __init__(self, edition: Edition, answers: Mapping[str, Answer], day: date) -> None:
        self.edition, self.day = edition, day
        self._answers = answers
        self._ways, self.are_all = scenarios_of(edition, answers, day)
        self._read: dict[int, Scenario] = {}

    @property
    def read_up_to(self) -> float:
        """The effort of the dearest scenario: none that is left out has less. Infinite when none is left out."""
        return inf if self.are_all else self._ways[-1][0]

    @property
    def efforts(self) -> list[int]:
        return [effort for effort, _fixed in self._ways]

    def __len__(self) -> int:
        return len(self._ways)

    def __getitem__(self, root: int) -> Scenario:
        if root not in self._read:
            self._read[root] = Scenario(self.edition, self._answers, self.day, self._ways[root][1])
        return self._read[root]


def moves(edition: Edition, answers: Mapping[str, Answer], state: QuestionState, day: date) -> Iterator[Move]:
    """The answers a question, in ``state``, can be changed to, each with its effort, in the checklist's order.

    Those whose effort the checklist states, that rest on a law in force on the day (and, claiming adequacy, on a
    country to check it against), other than what counts already. A justified "not applicable" is a fact about the
    offer: no effort changes it, nor a known fact of the world; an unknown
    one may turn out well, once established. A mere claim may be shown to be true, whatever it says.
    """
    question = edition.questions[state.key]
    if state.status is AnswerStatus.NOT_APPLICABLE:
        return
    claim = claim_to_show(edition, answers, state.key, day)
    if claim:
        yield supposed(claim), PROOF
    if question.fact_of_the_world and state.option:
        return
    if question.effort and kind_of(question.kind).has_effort:
        for value in possible_values(edition, question, day):
            yield supposed(value), question.effort
    shown = without_claims(answers)
    for key, option in question.options.items():
        effective = counts_as(edition, shown, question, option, day)
        stands = effective.option is option and not effective.unproven
        if option.effort is not None and stands and key not in (claim, state.option.key if state.option else None):
            yield supposed(key), option.effort


def claim_to_show(edition: Edition, answers: Mapping[str, Answer], key: str, day: date) -> str | None:
    """What the answer to ``key`` says, if proof of it would make it count for more; ``None`` otherwise."""
    answer, question = answers.get(key), edition.questions[key]
    if not answer or not answer.value or not is_valid_value(question, answer.value):
        return None
    if not answer.claimed and (key not in edition.evidenced or answer.strength is Strength.DEMONSTRATED):
        return None
    if kind_of(question.kind).has_options:
        effective = counts_as(edition, without_claims(answers), question, question.options[answer.value], day)
        return None if effective.lapsed_from or effective.unproven else answer.value
    return answer.value


def scenarios_of(
    edition: Edition, answers: Mapping[str, Answer], day: date
) -> tuple[list[tuple[int, Mapping[str, Move | None]]], bool]:
    """The ways to settle the answers that decide what is asked, each with its effort, the least first; and whether
    these are all of them: no more than ``MOST_SCENARIOS`` are written down.
    """
    states = establish(edition, without_claims(answers), day).states
    claimed = {key for key in decisive_questions(edition) if claim_to_show(edition, answers, key, day)}
    decisive = [key for key in edition.questions if key in edition.staging or key in claimed]
    kept: list[Move | None] = [None]
    each = [kept + list(moves(edition, answers, states[key], day)) for key in decisive]
    found: list[tuple[int, Mapping[str, Move | None]]] = [
        (effort, dict(zip(decisive, combination, strict=True)))
        for effort, combination in islice(_least_first(each), MOST_SCENARIOS)
    ]
    return found, prod(map(len, each)) <= MOST_SCENARIOS


def _least_first(each: Sequence[Sequence[Move | None]]) -> Iterator[tuple[int, tuple[Move | None, ...]]]:
    """One of each, in every way, by total effort; among equals, in the order of the questions and of their answers."""
    ordered = [sorted(enumerate(ways), key=lambda item: _effort(item[1])) for ways in each]

    def entry(ranks: tuple[int, ...]) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        taken = [ways[rank] for ways, rank in zip(ordered, ranks, strict=True)]
        return sum(_effort(way) for _place, way in taken), tuple(place for place, _way in taken), ranks

    first = (0,) * len(each)
    queue, known = [entry(first)], {first}
    while queue:
        effort, places, ranks = heappop(queue)
        yield effort, tuple(ways[place] for ways, place in zip(each, places, strict=True))
        for number, ways in enumerate(ordered):
            if ranks[number] + 1 < len(ways):
                after = (*ranks[:number], ranks[number] + 1, *ranks[number + 1 :])
                if after not in known:
                    known.add(after)
                    heappush(queue, entry(after))


def _effort(way: Move | None) -> int:
    return way[1] if way else 0
