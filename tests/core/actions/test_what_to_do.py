"""What can be done about an offer: four kinds, each with a premise that is a fact of the offer, or a silence."""

from __future__ import annotations

from datetime import date

from checklists.core.actions import ActionKind, ToDo, fewest, first_actions, to_do
from checklists.core.changing.smallest import prospects
from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.judge import judge
from tests.core.made_editions import Answers, chosen, edition, gate, option, question, switch

DAY = date(2026, 6, 1)


def steps(key: str, lever: str, effort: int = 3) -> dict[str, object]:
    """A question whose worst answer can be mended by ``lever``."""
    return question(key, option("bad", 0), option("good", 4, effort=effort, lever=lever))


def world(key: str) -> dict[str, object]:
    return switch(key, fact_of_the_world=True)


def small() -> Edition:
    rules = [
        gate("owner", {"is": {"parent_abroad": "yes"}}, "conditional"),
        gate("keys", {"is": {"keys": "bad"}}),
        gate("clause", {"is": {"contract": "bad"}}),
    ]
    questions = (world("parent_abroad"), steps("keys", "customer", 6), steps("contract", "contract"))
    return edition(*questions, gates=rules, thresholds=[])


def asked(small: Edition, answers: Answers) -> dict[str, ToDo]:
    found = to_do(small, judge(small, answers, DAY), WhatIf(small, answers, DAY), prospects(small, answers, DAY))
    return {item.key: item for item in found}


def test_each_kind_follows_from_the_lever_of_the_answer_aimed_at() -> None:
    found = asked(small(), chosen(parent_abroad="yes", keys="bad", contract="bad"))
    assert {key: item.kind for key, item in found.items()} == {
        "do-keys": ActionKind.CHANGE,
        "do-contract": ActionKind.OBTAIN,
        "rule-owner": ActionKind.IMPOSSIBLE,
    }
    assert found["rule-owner"].facts == ("parent_abroad",)
    assert found["do-keys"].gates == ("keys",)


def test_what_nobody_answered_is_found_out_and_never_changed() -> None:
    answers = chosen(parent_abroad="no") | {"contract": Answer(AnswerStatus.UNKNOWN)}
    found = asked(small(), answers)
    assert {key: item.kind for key, item in found.items()} == {
        "find-keys": ActionKind.FIND_OUT,
        "find-contract": ActionKind.FIND_OUT,
    }
    assert found["find-keys"].gates == ("keys",)


def test_a_claim_is_to_be_shown() -> None:
    answers = chosen(parent_abroad="no", contract="good")
    answers["keys"] = Answer(AnswerStatus.ANSWERED, "good", claimed=True)
    found = asked(small(), answers)
    assert set(found) == {"find-keys"}
    assert found["find-keys"].is_claim


def test_nothing_is_left_to_do_where_all_is_at_its_best() -> None:
    assert asked(small(), chosen(parent_abroad="no", keys="good", contract="good")) == {}


def test_the_effect_is_that_of_the_action_alone() -> None:
    both = asked(small(), chosen(parent_abroad="no", keys="bad", contract="bad"))
    assert not both["do-keys"].lifts
    one = asked(small(), chosen(parent_abroad="no", keys="bad", contract="good"))
    assert one["do-keys"].lifts
    assert one["do-keys"].after is not None
    assert one["do-keys"].after.worst is Verdict.SOVEREIGN


def test_the_smallest_set_counts_its_actions_by_kind() -> None:
    answers = chosen(parent_abroad="no", keys="bad", contract="bad")
    checklist = small()
    found = prospects(checklist, answers, DAY)
    sets = fewest(asked(checklist, answers).values(), found)
    assert [(each.target, each.find_out, each.change, each.obtain) for each in sets] == [
        (verdict, 0, 1, 1) for verdict in Verdict if verdict > Verdict.UNACCEPTABLE
    ]
    assert sorted(sets[0].efforts) == [3, 6]


def test_another_offer_comes_first_when_no_change_of_this_one_reaches_the_minimum() -> None:
    checklist = small()
    found = asked(checklist, chosen(parent_abroad="yes", keys="bad", contract="good"))
    order = [item.key for item in first_actions(checklist, found.values(), Verdict.ACCEPTABLE)]
    assert order == ["rule-owner", "do-keys"]
    assert next(iter(first_actions(checklist, found.values(), Verdict.CONDITIONAL))).key == "do-keys"


def test_the_flagship_never_asks_to_change_a_fact_of_the_world(flagship: Edition) -> None:
    checklist = flagship
    answers = {
        key: Answer.of(next(iter(asked.options)))
        for key, asked in checklist.questions.items()
        if asked.kind == "choice" and asked.options
    }
    found = to_do(checklist, judge(checklist, answers, DAY), WhatIf(checklist, answers, DAY), ())
    mended = [item for item in found if item.kind in (ActionKind.CHANGE, ActionKind.OBTAIN)]
    assert mended
    for item in mended:
        assert not checklist.questions[item.question].fact_of_the_world
        assert checklist.questions[item.question].options[item.value].lever
        assert answers[item.question].value != item.value
