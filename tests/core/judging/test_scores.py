"""The extreme mean against every subset, and months by the calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import months_until
from checklists.core.judging.judge import judge
from checklists.core.judging.scores import extreme_mean
from tests.core.made_editions import chosen, concern, edition, ladder, switch

weighted = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 100).map(Fraction)), max_size=5)


@given(weighted, weighted, st.booleans())
def test_extreme_mean_is_the_extreme_of_all_subsets(
    certain: list[tuple[int, Fraction]], optional: list[tuple[int, Fraction]], lowest: bool
) -> None:
    subsets = [certain + list(s) for n in range(len(optional) + 1) for s in combinations(optional, n)]
    means = [sum(w * v for w, v in s) / sum(w for w, _ in s) for s in subsets if s]
    assert extreme_mean(certain, optional, lowest=lowest) == ((min if lowest else max)(means) if means else None)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2020-10-08", "2022-10-08", 24), ("2020-10-08", "2022-10-09", 25), ("2020-10-08", "2020-10-08", 0)],
)
def test_months_are_rounded_up(start: str, end: str, months: int) -> None:
    assert months_until(date.fromisoformat(start), date.fromisoformat(end)) == months


@given(weighted, weighted)
def test_the_lowest_mean_is_never_above_the_highest(
    certain: list[tuple[int, Fraction]], optional: list[tuple[int, Fraction]]
) -> None:
    lowest, highest = (extreme_mean(certain, optional, lowest=lowest) for lowest in (True, False))
    assert (lowest is None) == (highest is None) == (not certain and not optional)
    assert lowest is None or highest is None or 0 <= lowest <= highest <= 100


DAY = date(2020, 10, 8)
NA = Answer.not_applicable("no such thing here")

TWO_CONCERNS = edition(
    ladder("holder", concern="keys", weight=3),
    ladder("rotation", concern="keys", weight=1),
    ladder("owner", concern="law", weight=2),
    switch("in_group", concern="law"),
    ladder("group", concern="law", weight=2, applies={"is": {"in_group": "yes"}}),
    concerns=[concern("keys", 2), concern("law", 1)],
)
"""Worked by hand below. Keys count twice the law; the holder three times the rotation."""


def figures(answers: dict[str, Answer]) -> dict[str, object]:
    judgement = judge(TWO_CONCERNS, answers, DAY)
    return {score.key: (score.band.low, score.band.high) for score in judgement.concerns} | {
        "total": (judgement.score.low, judgement.score.high),
        "weighs": [score.weighs for score in judgement.concerns],
        "confidence": judgement.confidence,
    }


def test_complete_answers_give_one_figure() -> None:
    # keys: (3 x 4 + 1 x 2) / 4 / 4 = 87.5; law: 1/4 = 25; total: (2 x 87.5 + 25) / 3
    assert figures(chosen(holder="l4", rotation="l2", owner="l1", in_group="no")) == {
        "keys": (Fraction("87.5"), Fraction("87.5")),
        "law": (25, 25),
        "total": (Fraction(200, 3), Fraction(200, 3)),
        "weighs": [True, True],
        "confidence": 1,
    }


def test_a_doubt_is_worth_nothing_at_the_low_end_and_all_at_the_high_end() -> None:
    # keys: 3 x 100 / 4 = 75, or 100; law: 50 on half of its weight, a doubt on the other half
    answers = chosen(holder="l4", owner="l2", in_group="yes") | {"group": Answer.unknown()}
    assert figures(answers) == {
        "keys": (75, 100),
        "law": (25, 75),
        "total": (Fraction(175, 3), Fraction(275, 3)),
        "weighs": [True, True],
        "confidence": Fraction(2 * 3, 3 * 4) + Fraction(1, 3 * 2),
    }


def test_silence_scores_as_a_declared_doubt_does() -> None:
    assert figures(chosen(holder="l4")) == figures(chosen(holder="l4") | {"rotation": Answer.unknown()})


def test_not_applicable_leaves_the_weight_of_its_concern() -> None:
    waived = figures(chosen(holder="l4", owner="l1", in_group="no") | {"rotation": NA})
    assert (waived["keys"], waived["total"], waived["confidence"]) == ((100, 100), (75, 75), 1)


def test_a_concern_of_which_nothing_applies_leaves_the_total() -> None:
    waived = figures(chosen(owner="l1", in_group="no") | {"holder": NA, "rotation": NA})
    assert (waived["weighs"], waived["total"]) == ([False, True], (25, 25))


def test_an_answer_that_may_not_count_is_counted_only_where_it_pulls_the_band_apart() -> None:
    # it is not known whether 'group' applies: 100 of the owner alone, or (100 + 0) / 2 with the group's bad answer
    answers = chosen(holder="l4", rotation="l4", owner="l4", group="l0")
    assert figures(answers)["law"] == (50, 100)
    assert figures({**answers, **chosen(group="l4")})["law"] == (100, 100)


def test_a_concern_whose_only_question_may_not_apply_may_leave_the_total() -> None:
    small = edition(
        ladder("holder", concern="keys"),
        switch("in_group", concern="law"),
        ladder("group", concern="law", applies={"is": {"in_group": "yes"}}),
        concerns=[concern("keys", 1), concern("law", 1)],
    )
    judgement = judge(small, chosen(holder="l4", group="l0"), DAY)
    assert [score.weighs for score in judgement.concerns] == [True, None]
    assert (judgement.score.low, judgement.score.high) == (50, 100)


def test_the_number_of_questions_asked_and_answered_is_kept() -> None:
    judgement = judge(TWO_CONCERNS, chosen(owner="l1") | {"holder": NA}, DAY)
    assert [(score.asked, score.answered) for score in judgement.concerns] == [(2, 1), (2, 1)]
    # law: 25 of the owner, and the group, which may apply and be at its best
    assert judgement.score.high == Fraction(2 * 100 + Fraction(125, 2), 3)
