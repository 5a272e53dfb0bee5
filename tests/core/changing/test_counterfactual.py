"""The smallest change: against every plan there is, on small checklists; on the flagship, that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.core.changing import cheapest
from checklists.core.changing.choices import MOST_SCENARIOS, Scenarios
from checklists.core.changing.smallest import Obstacle, prospect, prospects
from checklists.core.changing.what_if import supposed
from checklists.core.control_chain import Chain, Entity, Link
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.evidence import Strength
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.judge import judge
from tests.core.made_editions import (
    DAYS,
    Answers,
    answers_to,
    chosen,
    days,
    edition,
    editions_with_efforts,
    gate,
    ladder,
    option,
    question,
    switch,
)
from tests.profiles import examples

DAY = DAYS[1]
thorough = settings(deadline=None, max_examples=examples(150))


def every_plan(small: Edition, answers: Answers, day: date) -> Iterator[tuple[int, Answers]]:
    """Each set of changes that can be chosen, with its effort."""
    states = judge(small, answers, day).states
    each: list[list[tuple[int, str, Answer] | None]] = []
    for key, item in small.questions.items():
        state = states[key]
        moves: list[tuple[int, str, Answer] | None] = [None]
        for value in item.options.values():
            in_force = value.regime is None or small.laws[value.regime].period.covers(day)
            stands = state.option is not None and state.option.key == value.key
            if value.effort and in_force and not stands and state.status is not AnswerStatus.NOT_APPLICABLE:
                moves.append((value.effort, key, Answer.of(value.key)))
        each.append(moves)
    for combination in product(*each):
        made = [move for move in combination if move]
        yield sum(effort for effort, _, _ in made), {key: answer for _, key, answer in made}


def reaches(small: Edition, answers: Answers, day: date, target: Verdict) -> bool:
    return judge(small, answers, day).verdict.worst >= target


@given(st.data(), days)
@thorough
def test_no_plan_is_cheaper_and_no_reachable_verdict_is_missed(data: st.DataObject, day: date) -> None:
    small = data.draw(editions_with_efforts())
    answers = data.draw(answers_to(small))
    target = data.draw(st.sampled_from(list(Verdict)[1:]))
    found = prospect(small, answers, day, target)
    least = min(
        (effort for effort, made in every_plan(small, answers, day) if reaches(small, answers | made, day, target)),
        default=None,
    )
    assert (found.plans[0].effort if found.plans else None) == least


@given(st.data(), days)
@thorough
def test_each_plan_reaches_its_verdict_and_none_contains_another(data: st.DataObject, day: date) -> None:
    small = data.draw(editions_with_efforts())
    answers = data.draw(answers_to(small))
    for found in prospects(small, answers, day):
        made = [set(plan.answers.items()) for plan in found.plans]
        assert len(made) <= 3
        assert not any(one <= other for n, one in enumerate(made) for m, other in enumerate(made) if n != m)
        assert [plan.effort for plan in found.plans] == sorted(plan.effort for plan in found.plans)
        for plan in found.plans:
            judgement = judge(small, answers | plan.answers, day)
            assert judgement.verdict.worst >= found.target
            assert (plan.outcome.verdict, plan.outcome.score) == (judgement.verdict, judgement.score)
            assert plan.effort == sum(step.effort for step in plan.steps)
            assert not reaches(small, answers, day, found.target)


@given(st.data(), days)
@settings(deadline=None, max_examples=examples(60))
def test_the_second_plan_is_the_cheapest_that_makes_do_without_a_change_of_the_first(
    data: st.DataObject, day: date
) -> None:
    small = data.draw(editions_with_efforts())
    answers = data.draw(answers_to(small))
    for found in prospects(small, answers, day):
        if len(found.plans) != 1:
            continue
        only = found.plans[0].answers.keys()
        others = [made for _, made in every_plan(small, answers, day) if not only <= made.keys()]
        assert not any(reaches(small, answers | made, day, found.target) for made in others)


@given(st.data(), days)
@settings(deadline=None, max_examples=examples(60))
def test_the_same_input_gives_the_same_plans(data: st.DataObject, day: date) -> None:
    small = data.draw(editions_with_efforts())
    answers = data.draw(answers_to(small))
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    assert prospects(small, answers, day) == prospects(small, shuffled, day)


@given(st.data(), days)
@settings(deadline=None, max_examples=examples(60))
def test_a_gate_named_as_an_obstacle_holds_whatever_is_changed(data: st.DataObject, day: date) -> None:
    small = data.draw(editions_with_efforts())
    answers = data.draw(answers_to(small))
    for found in prospects(small, answers, day):
        named = {obstacle.gate for obstacle in found.obstacles if obstacle.gate}
        highest = [obstacle.highest for obstacle in found.obstacles if obstacle.highest is not None]
        assert not (named or highest) or not found.plans
        for _, made in every_plan(small, answers, day) if named or highest else ():
            judgement = judge(small, answers | made, day)
            assert not named & {ceiling.gate for ceiling in judgement.ceilings if ceiling.holds is False}
            assert all(judgement.score.low <= bound for bound in highest)


def test_a_fact_that_cannot_be_chosen_is_named() -> None:
    small = edition(
        switch("state"),
        ladder("keys"),
        gates=[gate("reach", {"is": {"state": "yes"}})],
    )
    found = prospect(small, chosen(state="yes", keys="l4"), DAY, Verdict.SOVEREIGN)
    assert found.plans == ()
    assert found.obstacles == (Obstacle("reach", ("state",)),)


def test_a_score_out_of_reach_says_how_far_it_could_go() -> None:
    small = edition(
        question("keys", option("bad", 0), option("fair", 2, effort=3), option("good", 4)),
        thresholds=[{"below": 70, "ceiling": "unacceptable"}],
    )
    found = prospect(small, chosen(keys="bad"), DAY, Verdict.CONDITIONAL)
    assert found.obstacles == (Obstacle(None, (), highest=50, needed=70),)  # type: ignore[arg-type]


def test_a_transition_is_brought_within_the_months_allowed() -> None:
    small = edition(
        ladder("keys"),
        question("end", kind="date", effort=4, options=[]),
        durations=[{"key": "months", "to": "end"}],
        gates=[gate("too_long", {"at_least": {"months": 25}})],
    )
    found = prospect(small, chosen(keys="l4", end="2023-01-01"), date(2020, 1, 31), Verdict.SOVEREIGN)
    (step,) = found.plans[0].steps
    assert (step.question, step.value, step.effort, step.lifts) == ("end", "2022-01-31", 4, ("too_long",))


def test_an_open_question_is_settled_and_a_waived_one_is_left() -> None:
    small = edition(
        ladder("score"),
        switch("held") | {"options": [option("yes"), option("no", effort=2)]},
        gates=[gate("held", {"is": {"held": "yes"}})],
    )
    (plan,) = prospect(small, chosen(score="l4"), DAY, Verdict.SOVEREIGN).plans
    assert {key: answer.value for key, answer in plan.answers.items()} == {"held": "no"}
    waived = chosen(score="l4") | {"held": Answer.not_applicable("no such thing")}
    assert prospect(small, waived, DAY, Verdict.SOVEREIGN).obstacles == (Obstacle("held", ("held",)),)


@pytest.mark.parametrize("day", [date(2020, 10, 8), date(2026, 10, 8)])
def test_the_flagship_has_plans_for_an_empty_assessment_until_the_owners_are_known(
    flagship: Edition, day: date
) -> None:
    *reached, sovereign = prospects(flagship, {}, day)
    assert sovereign.obstacles == (Obstacle("non_eu_holding", ("control_chain",)),)
    for found in reached:
        assert len(found.plans) == 3
        for plan in found.plans:
            assert judge(flagship, plan.answers, day).verdict.worst >= found.target


def test_who_must_leave_a_host_is_shown_both_the_transition_and_the_way_back(flagship: Edition) -> None:
    answers = chosen(data_category="health", host_change_required="yes")
    transition, conditional, *_ = prospects(flagship, answers, date(2024, 12, 1))
    assert any("host_change_required" not in plan.answers for plan in transition.plans)
    assert all("host_change_required" in plan.answers for plan in conditional.plans)


def test_the_reach_of_a_law_is_a_fact_of_the_world_and_no_step_of_a_plan(flagship: Edition) -> None:
    companies = (
        Entity("A", "A", "IE", "contracting", closed=True),
        Entity("B", "B", "US", "parent", closed=True),
    )
    chain = Chain(companies, (Link("B", "A", "100", "100"),)).to_text()
    answers = chosen(data_category="health", host_change_required="no", control_chain=chain)
    day = date(2024, 12, 1)
    assert judge(flagship, answers, day).states["us_law_reach"].derived == "through_parent"
    for prospect_ in prospects(flagship, answers, day):
        assert all("us_law_reach" not in plan.answers for plan in prospect_.plans)
    *_, acceptable, sovereign = prospects(flagship, answers, day)
    assert acceptable.plans == ()
    assert "third_country_reach" in [obstacle.gate for obstacle in acceptable.obstacles]
    assert {"third_country_reach", "non_eu_holding"} <= {obstacle.gate for obstacle in sovereign.obstacles}


def test_a_search_too_long_to_prove_is_given_up_and_said_so(flagship: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cheapest, "MOST_NODES", 1)
    found = prospect(flagship, {}, DAY, Verdict.CONDITIONAL)
    assert (found.plans, found.obstacles, found.is_proved) == ((), (), False)


def test_claims_on_everything_that_decides_what_is_asked_are_searched_in_bounded_time(flagship: Edition) -> None:
    """Each doubles the ways to settle what is asked: without a bound there are hundreds of thousands."""
    answers = {
        key: replace(supposed(next(iter(question.options))), strength=Strength.CLAIM, claimed=True)
        for key, question in flagship.questions.items()
        if question.options
    }
    started = process_time()
    scenarios = Scenarios(flagship, answers, DAY)
    assert not scenarios.are_all
    assert len(scenarios) == MOST_SCENARIOS
    assert scenarios.efforts == sorted(scenarios.efforts)
    assert not all(found.is_proved for found in prospects(flagship, answers, DAY))
    assert process_time() - started < 30


def test_few_scenarios_are_all_read_and_none_twice(flagship: Edition) -> None:
    scenarios = Scenarios(flagship, {}, DAY)
    assert scenarios.are_all
    fixed = [tuple(scenario.facts.items()) for scenario in (scenarios[n] for n in range(len(scenarios)))]
    assert len(fixed) == len(scenarios) > 1
