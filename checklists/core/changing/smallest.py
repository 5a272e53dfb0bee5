"""The smallest change: for each verdict above today's, the least effort that reaches it, or why none does.

A plan *reaches* a verdict when the verdict then holds for certain: the worst end of the band, whatever the
questions it leaves open turn out to be. Settling an open question is a step like another, at the effort its option
states: it may be so already, and then it only has to be established.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from checklists.core.changing.cheapest import Search, SearchGivenUp
from checklists.core.changing.choices import Move, Scenarios
from checklists.core.changing.what_if import Outcome, WhatIf, supposed
from checklists.core.editions.conditions import keys
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import questions_behind

MOST_PLANS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One answer to change. ``value`` is the new one, ``effort`` 1 (a signature) to 10 (changing host).

    ``lifts`` names the gates that would cap the verdict again without this step, the rest of the plan being done;
    ``points`` is what the total score (0-100, low end) would lose. ``shows``: the answer stays, its proof is obtained.
    """

    question: str
    value: str
    effort: int
    lifts: tuple[str, ...]
    points: Fraction
    shows: bool = False


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Steps in the order to take them, their total effort, and what the answers are then worth."""

    steps: tuple[Change, ...]
    effort: int
    outcome: Outcome

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers it changes, as they become; a control chain that says otherwise is supposed to have changed."""
        return {step.question: supposed(step.value) for step in self.steps}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a verdict is out of reach: a gate that no change can lift, with the questions whose answer cannot be
    chosen; or, ``gate`` being ``None``, a score: no change takes it above ``highest`` where ``needed`` is required.
    """

    gate: str | None
    questions: tuple[str, ...]
    highest: Fraction | None = None
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What it takes to reach ``target``: up to three plans, the least effort first; or the obstacles.

    No plan contains another. With neither plan nor obstacle, each ceiling could be lifted alone, but not all at once;
    or, ``is_proved`` being false, there were too many combinations to try.
    """

    target: Verdict
    plans: tuple[ChangePlan, ...]
    obstacles: tuple[Obstacle, ...]
    is_proved: bool = True


def prospects(edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> tuple[Prospect, ...]:
    """One prospect for each verdict above the worst end of today's, the nearest first."""
    today = WhatIf(edition, answers, reference_date).today
    scenarios = Scenarios(edition, answers, reference_date)
    return tuple(_prospect(edition, answers, scenarios, target) for target in Verdict if target > today.verdict.worst)


def prospect(edition: Edition, answers: Mapping[str, Answer], reference_date: date, target: Verdict) -> Prospect:
    """What it takes to reach ``target`` for certain. The first plan has the least total effort there is.

    Each further plan is the cheapest that does without one of the gate-lifting changes of every plan before it,
    so as to be another way and not the same with another detail; or, where there is no other way, the cheapest
    that does without one change of any kind.
    """
    return _prospect(edition, answers, Scenarios(edition, answers, reference_date), target)


def _prospect(edition: Edition, answers: Mapping[str, Answer], scenarios: Scenarios, target: Verdict) -> Prospect:
    search = Search(scenarios, target)
    plans: list[ChangePlan] = []
    is_proved = True
    try:
        while len(plans) < MOST_PLANS and (found := _another(edition, search, plans, target)) is not None:
            plans.append(_plan(edition, answers, scenarios.day, found))
            if not found:
                break
    except SearchGivenUp:
        is_proved = False
    obstacles = _obstacles(edition, search) if is_proved and not plans else ()
    return Prospect(target, tuple(sorted(plans, key=lambda plan: plan.effort)), obstacles, is_proved or bool(plans))


def _another(edition: Edition, search: Search, plans: list[ChangePlan], target: Verdict) -> dict[str, Move] | None:
    """The cheapest changes that are another way than ``plans``; ``None`` when there is none."""
    found = search.cheapest([_essence(edition, plan, target) for plan in plans])
    if found is None and plans:
        found = search.cheapest([frozenset(plan.answers) for plan in plans])
    return found


def _essence(edition: Edition, plan: ChangePlan, target: Verdict) -> frozenset[str]:
    """The questions whose change lifts a gate in the way of ``target``; all those changed when none does."""
    lifting = [step for step in plan.steps if any(edition.gates[gate].ceiling < target for gate in step.lifts)]
    return frozenset(step.question for step in lifting or plan.steps)


def _plan(edition: Edition, answers: Mapping[str, Answer], day: date, moves: Mapping[str, Move]) -> ChangePlan:
    after = WhatIf(edition, {**answers, **{key: answer for key, (answer, _) in moves.items()}}, day)
    steps = []
    for key, (answer, effort) in moves.items():
        without = after.outcome({key: answers.get(key)})
        lifts = tuple(
            gate for gate, holds in without.gates.items() if holds is not False and after.today.gates[gate] is False
        )
        points = after.today.score.low - without.score.low
        given = answers.get(key)
        shows = bool(given and given.value == answer.value)
        steps.append(Change(key, answer.value or "", effort, lifts, points, shows))

    def precedence(step: Change) -> tuple[int, Fraction]:
        gravest = min((edition.gates[gate].ceiling for gate in step.lifts), default=len(Verdict))
        return gravest, -step.points / step.effort

    steps.sort(key=precedence)
    return ChangePlan(tuple(steps), sum(effort for _, effort in moves.values()), after.today)


def _obstacles(edition: Edition, search: Search) -> tuple[Obstacle, ...]:
    """Each gate that no scenario can lift even alone; and the score, if every scenario leaves it too low."""
    boards = [search.board(root) for root in range(len(search.scenarios))]
    behind = questions_behind(edition)
    obstacles = []
    for gate in search.gates:
        if any(board.ways[gate.key] for board in boards):
            continue
        read = {behind.get(key, key) for key in keys(gate.when)}
        given = {v.key for board in boards for v in board.variables if len(v.choices) == 1}
        asked = [key for key in edition.questions if key in read]
        obstacles.append(Obstacle(gate.key, tuple(key for key in asked if key in given) or tuple(asked)))
    highest = max(board.highest_score(search.start(root)) for root, board in enumerate(boards))
    if highest < search.least_score:
        obstacles.append(Obstacle(None, (), highest, search.least_score))
    return tuple(obstacles)
