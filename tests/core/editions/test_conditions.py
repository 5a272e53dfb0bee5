"""Three-valued logic: the truth tables, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.core.editions.conditions import ConditionError, Fact, evaluate, keys, parse
from checklists.core.kleene import Truth
from tests.core.made_editions import conditions

FACTS = {"yes": Fact("a", 3), "no": Fact("b", 1), "open": Fact(), "silent": Fact("a", 4, applies=False)}
TRUE, FALSE, OPEN = {"is": {"yes": "a"}}, {"is": {"no": "a"}}, {"is": {"open": "a"}}


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({"all": [TRUE, TRUE]}, True),
        ({"all": [TRUE, OPEN]}, None),
        ({"all": [FALSE, OPEN]}, False),
        ({"any": [TRUE, OPEN]}, True),
        ({"any": [FALSE, OPEN]}, None),
        ({"any": [FALSE, FALSE]}, False),
        ({"not": OPEN}, None),
        ({"not": TRUE}, False),
        ({"in": {"yes": ["b", "a"]}}, True),
        ({"at_least": {"yes": 3}}, True),
        ({"at_least": {"no": 2}}, False),
        ({"at_least": {"open": 0}}, None),
        ({"is": {"silent": "a"}}, False),
        ({"is": {"never heard of": "a"}}, None),
    ],
)
def test_kleene(condition: dict[str, object], truth: bool | None) -> None:
    assert evaluate(parse(condition), FACTS) is truth


@pytest.mark.parametrize(
    "broken",
    [None, {}, {"is": "a"}, {"is": {"q": 1}}, {"in": {"q": []}}, {"at_least": {"q": True}}, {"all": []}, {"xor": []}],
)
def test_what_cannot_be_read_is_refused(broken: object) -> None:
    with pytest.raises(ConditionError):
        parse(broken)


def test_conjunction_is_the_least_and_disjunction_the_greatest_of_false_open_true() -> None:
    terms: dict[Truth, dict[str, Any]] = {False: FALSE, None: OPEN, True: TRUE}
    order: list[Truth] = [False, None, True]
    for count in (1, 2, 3):
        for truths in product(order, repeat=count):
            several = [terms[truth] for truth in truths]
            assert evaluate(parse({"all": several}), FACTS) is min(truths, key=order.index)
            assert evaluate(parse({"any": several}), FACTS) is max(truths, key=order.index)
    assert [evaluate(parse({"not": terms[truth]}), FACTS) for truth in order] == [True, None, False]


@pytest.mark.parametrize(
    ("fact", "is_a", "at_least_3"),
    [
        (Fact("a", 3, applies=True), True, True),
        (Fact("a", 3, applies=None), None, None),
        (Fact("a", 3, applies=False), False, False),
        (Fact("b", 2, applies=True), False, False),
        (Fact("b", 2, applies=None), False, False),
        (Fact(None, None, applies=True), None, None),
        (Fact(None, None, applies=None), None, None),
        (Fact(None, None, applies=False), False, False),
        (Fact("a", None), True, None),
    ],
)
def test_a_comparison_says_no_more_than_is_known(fact: Fact, is_a: Truth, at_least_3: Truth) -> None:
    assert evaluate(parse({"is": {"q": "a"}}), {"q": fact}) is is_a
    assert evaluate(parse({"at_least": {"q": 3}}), {"q": fact}) is at_least_3


KEYS = {"p": ["a", "b"], "q": ["a", "b", "c"], "r": ["a"]}
RANDOM = conditions(KEYS, frozenset(KEYS))
KNOWN = st.builds(Fact, st.sampled_from("abc"), st.integers(0, 4), st.sampled_from([True, False]))


@st.composite
def less_known(draw: st.DrawFn) -> tuple[dict[str, Fact], dict[str, Fact]]:
    """What is the case, and the part of it that is known."""
    whole = {key: draw(KNOWN) for key in KEYS}
    part = {}
    for key, fact in whole.items():
        if draw(st.booleans()):
            fact = replace(fact, value=None, rank=None)
        if draw(st.booleans()):
            fact = replace(fact, applies=None)
        if draw(st.integers(0, 3)):
            part[key] = fact
    return whole, part


@given(RANDOM, less_known())
def test_learning_a_fact_never_overturns_what_was_settled(
    condition: dict[str, Any], facts: tuple[dict[str, Fact], dict[str, Fact]]
) -> None:
    whole, part = facts
    before, after = evaluate(parse(condition), part), evaluate(parse(condition), whole)
    assert after is not None
    assert before is None or before is after


@given(RANDOM, RANDOM, less_known())
def test_de_morgan_holds_with_three_truths(
    one: dict[str, Any], other: dict[str, Any], facts: tuple[dict[str, Fact], dict[str, Fact]]
) -> None:
    for known in facts:
        neither = evaluate(parse({"not": {"any": [one, other]}}), known)
        assert neither is evaluate(parse({"all": [{"not": other}, {"not": one}]}), known)
        assert evaluate(parse({"not": {"not": one}}), known) is evaluate(parse(one), known)


@given(RANDOM)
def test_only_the_keys_a_condition_reads_can_matter(condition: dict[str, Any]) -> None:
    read = keys(parse(condition))
    assert read
    facts = {key: Fact("a", 2) for key in read}
    assert evaluate(parse(condition), facts) is not None
    assert evaluate(parse(condition), facts) is evaluate(parse(condition), facts | {"other": Fact("b", 0)})


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"is": {"q": "a"}, "not": {}}, "expected one of is, in, at_least, evidence_at_least, not, all, any"),
        ({"xor": []}, "unknown operator 'xor'"),
        ({"in": {"q": "a"}}, "takes a list of options' keys; found 'a'"),
        ({"is": {"q": ["a"]}}, "takes an option's key"),
        ({"is": {"p": "a", "q": "b"}}, "takes one question and its value"),
        ({"at_least": {"q": "3"}}, "takes a whole number"),
        ({"any": {"is": {"q": "a"}}}, "takes a list of one condition or more"),
        ({"not": [{"is": {"q": "a"}}]}, "expected one of"),
    ],
)
def test_a_refused_condition_says_what_was_found_and_what_is_expected(broken: object, told: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse(broken)
    assert told in str(refused.value)
