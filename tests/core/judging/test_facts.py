"""From answers to facts: the calendar, the law of the day, what is asked, and values that mean nothing."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.editions.conditions import Fact, evaluate, parse
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.facts import Established, establish, is_valid_value, months_until
from tests.core.made_editions import (
    Answers,
    answers_to,
    chosen,
    days,
    edition,
    editions,
    ladder,
    law,
    option,
    question,
    switch,
)
from tests.profiles import examples

DAY = date(2020, 10, 8)
ANY_DAY = st.dates(date(2000, 1, 1), date(2060, 1, 1))


def later(start: date, months: int) -> date:
    """The same day ``months`` on, or the last day of that month if it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@given(ANY_DAY, ANY_DAY)
def test_months_are_the_fewest_that_reach_the_end(start: date, end: date) -> None:
    months = months_until(start, end)
    assert later(start, months) >= end > later(start, months - 1)
    assert (months <= 0) == (end <= start)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2020-01-31", "2020-02-29", 1),
        ("2020-01-31", "2020-03-01", 2),
        ("2020-02-29", "2021-02-28", 12),
        ("2020-10-08", "2020-10-09", 1),
        ("2020-12-31", "2021-01-01", 1),
        ("2020-10-08", "2020-10-07", 0),
        ("2020-10-08", "2019-10-08", -12),
    ],
)
def test_months_by_the_calendar(start: str, end: str, months: int) -> None:
    assert months_until(date.fromisoformat(start), date.fromisoformat(end)) == months


def test_a_duration_is_a_number_that_a_gate_can_compare() -> None:
    leaving = edition(
        switch("leaving"),
        question("end", kind="date", applies={"is": {"leaving": "yes"}}),
        durations=[{"key": "months_left", "to": "end"}],
    )

    def months_left(answers: Answers) -> Fact:
        return establish(leaving, answers, DAY).facts["months_left"]

    assert months_left(chosen(leaving="yes", end="2022-10-09")) == Fact("25", 25, True)
    assert months_left(chosen(end="2022-10-08")) == Fact("24", 24, None)
    assert months_left(chosen(leaving="yes")) == Fact(None, None, True)
    assert months_left(chosen(leaving="no", end="2022-10-08")).applies is False
    assert months_left(chosen(leaving="yes", end="2022-10-08")).is_at_least(25) is False


@pytest.mark.parametrize(
    ("start", "until", "day", "in_force"),
    [
        ("2016-08-01", "2020-07-16", "2016-07-31", False),
        ("2016-08-01", "2020-07-16", "2016-08-01", True),
        ("2016-08-01", "2020-07-16", "2020-07-15", True),
        ("2016-08-01", "2020-07-16", "2020-07-16", False),
        (None, "2020-07-16", "1900-01-01", True),
        ("2016-08-01", None, "2999-01-01", True),
        (None, None, "2020-01-01", True),
    ],
)
def test_a_law_is_in_force_from_its_first_day_until_the_day_before_its_end(
    start: str | None, until: str | None, day: str, in_force: bool
) -> None:
    dated = edition(ladder("q"), laws=[law("shield", start, until)])
    facts = establish(dated, {}, date.fromisoformat(day)).facts
    assert evaluate(parse({"is": {"law:shield": "in_force"}}), facts) is in_force
    assert evaluate(parse({"is": {"law:shield": "not_in_force"}}), facts) is not in_force


TRANSFER = edition(
    question("tool", option("shield", 3, regime="shield", lapsed_to="none"), option("none", 0), option("scc", 2)),
    laws=[law("shield", "2016-08-01", "2020-07-16")],
)


@pytest.mark.parametrize(
    ("tool", "day", "effective", "lapsed_from"),
    [
        ("shield", "2016-07-31", "none", "shield"),
        ("shield", "2016-08-01", "shield", None),
        ("shield", "2020-07-15", "shield", None),
        ("shield", "2020-07-16", "none", "shield"),
        ("scc", "2020-07-16", "scc", None),
        ("none", "2020-07-16", "none", None),
    ],
)
def test_a_transfer_tool_counts_while_its_regime_is_in_force(
    tool: str, day: str, effective: str, lapsed_from: str | None
) -> None:
    established = establish(TRANSFER, chosen(tool=tool), date.fromisoformat(day))
    state = established.states["tool"]
    assert state.option is not None
    assert (state.option.key, state.lapsed_from, state.invalid) == (effective, lapsed_from, False)
    assert established.facts["tool"] == Fact(effective, state.option.level, True)


BRANCH = edition(
    switch("leaving"),
    switch("plan", applies={"is": {"leaving": "yes"}}),
    ladder("steps", applies={"is": {"plan": "yes"}}),
)


def what_is_asked(established: Established) -> list[str]:
    return [key for key, state in established.states.items() if state.asked]


@pytest.mark.parametrize(
    ("answers", "applies", "asked"),
    [
        ({}, [True, None, None], ["leaving"]),
        (chosen(leaving="yes"), [True, True, None], ["leaving", "plan"]),
        (chosen(leaving="yes", plan="yes"), [True, True, True], ["leaving", "plan", "steps"]),
        (chosen(leaving="yes", plan="no"), [True, True, False], ["leaving", "plan"]),
        (chosen(leaving="no", plan="yes"), [True, False, False], ["leaving"]),
        ({"leaving": Answer.unknown()}, [True, None, None], ["leaving", "plan"]),
        ({"leaving": Answer.unknown(), **chosen(plan="yes")}, [True, None, None], ["leaving", "plan", "steps"]),
    ],
)
def test_a_branch_is_asked_when_it_is_reached_or_in_doubt(
    answers: Answers, applies: list[bool | None], asked: list[str]
) -> None:
    established = establish(BRANCH, answers, DAY)
    assert [established.states[key].applies for key in ("leaving", "plan", "steps")] == applies
    assert what_is_asked(established) == asked


def test_a_branch_behind_a_stale_answer_waits_until_that_question_is_asked_again() -> None:
    assert what_is_asked(establish(BRANCH, chosen(plan="yes"), DAY)) == ["leaving"]


def test_a_question_behind_a_negated_condition_waits_as_any_other() -> None:
    behind = edition(switch("leaving"), ladder("stay", applies={"not": {"is": {"leaving": "yes"}}}))
    assert what_is_asked(establish(behind, chosen(leaving="no"), DAY)) == ["leaving", "stay"]
    assert what_is_asked(establish(behind, {"leaving": Answer.unknown()}, DAY)) == ["leaving", "stay"]
    assert what_is_asked(establish(behind, {}, DAY)) == ["leaving"]


@given(st.data(), days)
@settings(deadline=None, max_examples=examples(60))
def test_what_applies_is_asked_and_what_does_not_is_not(data: st.DataObject, day: date) -> None:
    small = data.draw(editions())
    for state in establish(small, data.draw(answers_to(small)), day).states.values():
        assert state.asked or state.applies is not True
        assert not (state.asked and state.applies is False)


def test_questions_are_established_whatever_their_order_in_the_checklist() -> None:
    backwards = edition(
        ladder("steps", applies={"is": {"plan": "yes"}}),
        switch("plan", applies={"is": {"leaving": "yes"}}),
        switch("leaving"),
    )
    answers = chosen(leaving="yes", plan="yes")
    assert establish(backwards, answers, DAY).facts == establish(BRANCH, answers, DAY).facts


KINDS = edition(ladder("choice"), question("date", kind="date"), question("country", kind="country"))


@pytest.mark.parametrize(
    ("key", "value", "valid"),
    [
        ("choice", "l4", True),
        ("choice", "l5", False),
        ("choice", "", False),
        ("date", "2024-02-29", True),
        ("date", "2023-02-29", False),
        ("date", "20240229", False),
        ("date", "2024-W09-4", False),
        ("date", "29/02/2024", False),
        ("date", "", False),
        ("country", "FR", True),
        ("country", "fr", False),
        ("country", "FRA", False),
        ("country", "ÉÀ", False),
        ("country", "12", False),
    ],
)
def test_a_value_the_question_does_not_know_is_not_known_and_marked(key: str, value: str, valid: bool) -> None:
    assert is_valid_value(KINDS.questions[key], value) is valid
    established = establish(KINDS, {key: Answer.of(value)}, DAY)
    state = established.states[key]
    assert state.invalid is not valid
    assert state.status is (AnswerStatus.ANSWERED if valid else AnswerStatus.UNKNOWN)
    assert established.facts[key].value == (value if valid else None)


def test_an_answer_without_a_value_is_not_known() -> None:
    for key, item in KINDS.questions.items():
        assert not is_valid_value(item, None)
        state = establish(KINDS, {key: Answer(AnswerStatus.ANSWERED)}, DAY).states[key]
        assert (state.invalid, state.status) == (True, AnswerStatus.UNKNOWN)


def test_a_derived_answer_that_may_be_given_otherwise_is_a_band(flagship: Edition) -> None:
    home = {"us_law_reach": Answer.of("none"), "other_third_country_reach": Answer.of("none")}
    derived = establish(flagship, home, date(2026, 11, 30)).states["suspension_exposure"]
    assert (derived.derived, derived.least, derived.most) == ("none", 0, 4)
    said = establish(flagship, {**home, "suspension_exposure": Answer.of("partial")}, date(2026, 11, 30))
    assert (said.states["suspension_exposure"].least, said.states["suspension_exposure"].most) == (2, 2)


def test_an_answer_that_a_rule_may_yet_replace_is_a_band(flagship: Edition) -> None:
    day = date(2026, 11, 30)
    clauses = {"transfer_tool": Answer.of("scc"), "remote_access_from_third_country": Answer.of("none")}
    may_be_idle = establish(flagship, clauses, day).states["transfer_tool"]
    assert (may_be_idle.least, may_be_idle.most) == (1, 4)
    used = establish(flagship, {**clauses, "transfers": Answer.of("technical_data_only")}, day).states["transfer_tool"]
    assert used.least == 1
