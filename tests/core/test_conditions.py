"""Three-valued logic: the truth tables, and what cannot be read."""

from __future__ import annotations

import pytest

from checklists.core.conditions import ConditionError, Fact, evaluate, parse

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
