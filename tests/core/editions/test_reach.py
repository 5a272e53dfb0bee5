"""Whether a condition can ever hold: exact, and never against what trying every answer shows."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from checklists.core.editions.conditions import All, Among, Any, Condition, Fact, Not, evaluate, parse
from checklists.core.editions.satisfiability import Asked, can_be

LETTERS = ("a", "b", "c")
QUESTIONS = ("first", "second", "third")
_leaf = st.builds(Among, st.sampled_from(QUESTIONS), st.frozensets(st.sampled_from(LETTERS), min_size=1))
conditions = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
VALUES = tuple(Fact(letter) for letter in LETTERS)
FREE = {key: Asked(VALUES) for key in QUESTIONS}


@given(conditions, st.booleans())
def test_it_agrees_with_trying_every_answer(condition: Condition, wanted: bool) -> None:
    tried = any(
        evaluate(condition, dict(zip(QUESTIONS, values, strict=True))) is wanted
        for values in product(VALUES, repeat=len(QUESTIONS))
    )
    assert can_be(condition, wanted, FREE, QUESTIONS) is tried


def test_a_question_that_is_not_asked_makes_its_comparisons_false() -> None:
    asked = FREE | {"second": Asked(VALUES, parse({"is": {"first": "a"}}))}
    both = parse({"all": [{"is": {"first": "b"}}, {"is": {"second": "a"}}]})
    assert can_be(both, True, asked, QUESTIONS) is False


def test_it_gives_no_answer_rather_than_a_wrong_one_when_there_is_too_much_to_try() -> None:
    many = {f"q{n}": Asked(VALUES) for n in range(30)}
    # No comparison settles it early: every answer has to be known before it is false.
    never = All((Any(tuple(Among(key, frozenset("a")) for key in many)), Among("absent", frozenset("a"))))
    assert can_be(never, True, many, tuple(many)) is None
