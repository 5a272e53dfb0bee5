"""The strictly necessary duration: the longest chain of steps, whatever the order they are written in."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.transition import (
    Plan,
    Problem,
    Step,
    StepState,
    Trouble,
    answers_from,
    notice_deadline,
    schedule,
)
from tests.profiles import examples

START = date(2026, 1, 5)


def step(number: int, likely: int = 10, after: tuple[int, ...] = (), **more: object) -> Step:
    return Step(number, likely, likely, likely, frozenset(after), **more)  # type: ignore[arg-type]


def plan(*steps: Step, **more: object) -> Plan:
    return Plan(START, steps, **more)  # type: ignore[arg-type]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    steps = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        after = draw(st.frozensets(st.integers(1, number - 1))) if number > 1 else frozenset()
        low, likely, high = sorted(draw(st.tuples(*[st.integers(0, 60)] * 3)))
        steps.append(Step(number, low, likely, high, after))
    return Plan(START, tuple(draw(st.permutations(steps))))


def longest_chain(steps: tuple[Step, ...]) -> int:
    """By trying every sequence of steps in which each waits for the one before."""
    by_number = {item.number: item for item in steps}
    best = 0
    for size in range(1, len(steps) + 1):
        for chain in itertools.permutations(by_number, size):
            if all(before in by_number[after].after for before, after in itertools.pairwise(chain)):
                best = max(best, sum(by_number[number].likely for number in chain))
    return best


@given(plans())
@settings(max_examples=examples(60), deadline=None)
def test_the_duration_is_the_longest_chain(drawn: Plan) -> None:
    placed = schedule(drawn, START)
    assert placed.likely == longest_chain(drawn.steps)
    assert placed.low <= placed.likely <= placed.high
    assert placed.end == START + timedelta(days=placed.likely)


@given(plans())
@settings(max_examples=examples(60), deadline=None)
def test_the_critical_path_is_what_cannot_slip(drawn: Plan) -> None:
    placed = schedule(drawn, START)
    for number, span in placed.spans.items():

        def slipped(days: int, number: int = number) -> int:
            steps = tuple(
                Step(s.number, s.low, s.likely + days, s.high + days, s.after) if s.number == number else s
                for s in drawn.steps
            )
            return schedule(Plan(START, steps), START).likely

        assert slipped(span.slack) == placed.likely
        assert slipped(span.slack + 1) > placed.likely


@given(plans(), st.randoms())
@settings(max_examples=examples(40), deadline=None)
def test_the_order_of_writing_changes_nothing(drawn: Plan, random: object) -> None:
    shuffled = list(drawn.steps)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert schedule(Plan(START, tuple(shuffled)), START).spans == schedule(drawn, START).spans


def test_steps_that_wait_for_each_other_are_told_and_nothing_is_placed() -> None:
    placed = schedule(plan(step(1, after=(3,)), step(2, after=(1,)), step(3, after=(2,))), START)
    (problem,) = placed.problems
    assert problem.trouble is Trouble.CYCLE
    assert set(problem.steps) == {1, 2, 3}
    assert not placed.spans


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (Step(1, -1, 2, 3), Problem(Trouble.DURATIONS, (1,))),
        (Step(1, 5, 4, 6), Problem(Trouble.DURATIONS, (1,))),
        (step(1, after=(9,)), Problem(Trouble.UNKNOWN_STEP, (1, 9))),
        (step(1, started=START, finished=START - timedelta(days=1)), Problem(Trouble.ENDS_BEFORE_START, (1,))),
    ],
)
def test_what_is_wrong_with_a_step_is_named(bad: Step, problem: Problem) -> None:
    assert problem in schedule(plan(bad), START).problems


def test_beyond_the_longest_duration_the_end_must_be_justified() -> None:
    steps = (step(1, 30),)
    late = START + timedelta(days=31)
    assert Problem(Trouble.UNJUSTIFIED) in schedule(plan(*steps, asked_end=late), START).problems
    assert not schedule(plan(*steps, asked_end=late, has_justification=True), START).problems
    assert not schedule(plan(*steps, asked_end=START + timedelta(days=30)), START).problems


def test_more_than_twenty_four_months_is_a_finding() -> None:
    assert not schedule(plan(step(1), asked_end=date(2028, 1, 5), has_justification=True), START).problems
    longer = schedule(plan(step(1), asked_end=date(2028, 1, 6), has_justification=True), START)
    assert longer.problems == (Problem(Trouble.TOO_LONG),)


def test_real_dates_replace_planned_ones_and_a_step_past_its_end_is_late() -> None:
    done = step(1, 10, state=StepState.DONE, started=START, finished=START + timedelta(days=15))
    placed = schedule(plan(done, step(2, 5, after=(1,))), today=START + timedelta(days=30))
    assert placed.spans[2].end == START + timedelta(days=20)
    assert placed.spans[2].is_late
    assert not placed.spans[1].is_late


def test_the_notice_counts_two_months_and_thirty_days_back() -> None:
    assert notice_deadline(date(2027, 5, 30)) == date(2027, 2, 28)
    assert notice_deadline(date(2026, 12, 31)) == date(2026, 10, 1)
    assert notice_deadline(date(2025, 10, 1)) is None


def test_the_plan_answers_the_transition_questions() -> None:
    steps = (step(1, 30, state=StepState.UNDER_WAY, started=START), step(2, 10, after=(1,)))
    drawn = plan(*steps)
    answers = answers_from(drawn, schedule(drawn, START), guarantees=2, has_legal_basis=True)
    assert answers == {
        "transition_active_steps": "under_way",
        "transition_guarantees": "partial",
        "transition_legal_basis": "identified",
        "transition_end": "2026-02-14",
        "transition_duration_justified": "yes",
    }


def test_an_empty_plan_claims_nothing() -> None:
    empty = plan()
    answers = answers_from(empty, schedule(empty, START), guarantees=0, has_legal_basis=False)
    assert answers == {
        "transition_active_steps": "none",
        "transition_guarantees": "none",
        "transition_legal_basis": "none",
    }


def test_a_plan_past_the_end_of_the_calendar_is_told_not_a_crash() -> None:
    placed = schedule(Plan(date(9999, 12, 1), (Step(1, 10, 60, 90),)), date(2026, 1, 1))
    assert not placed.spans
    assert [problem.trouble for problem in placed.problems] == [Trouble.TOO_LONG]


@pytest.mark.parametrize(("reason", "said"), [(False, "no"), (True, "partly")])
def test_an_end_past_the_longest_duration_is_at_best_partly_justified(reason: bool, said: str) -> None:
    late = plan(step(1, 10), asked_end=START + timedelta(days=400), has_justification=reason)
    answers = answers_from(late, schedule(late, START), guarantees=4, has_legal_basis=True)
    assert answers["transition_duration_justified"] == said
    assert (Trouble.UNJUSTIFIED in {problem.trouble for problem in schedule(late, START).problems}) is not reason
