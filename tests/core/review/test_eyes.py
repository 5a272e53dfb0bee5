"""How many eyes an act of review stands on: those of another, one's own though others could, one's own alone."""

from __future__ import annotations

import pytest

from checklists.core.people.permissions import Action
from checklists.core.review import Eyes, Panel, eyes

ABLE = {Action.REVIEW: frozenset({1, 2})}


@pytest.mark.parametrize(
    ("who", "authors", "told"),
    [(2, {1}, Eyes.TWO), (1, {1}, Eyes.ONE), (1, {1, 2}, Eyes.ALONE)],
)
def test_the_eyes_an_act_stands_on(who: int, authors: set[int], told: Eyes) -> None:
    assert eyes(Action.REVIEW, who, frozenset(authors), Panel(ABLE, False)) is told
