"""What a plan says of the transition questions."""

from __future__ import annotations

from datetime import date

import pytest

from checklists.core.transition import Plan, answers_from, schedule

START = date(2026, 1, 5)


@pytest.mark.parametrize(("described", "answer"), [(0, "none"), (1, "partial"), (3, "partial"), (4, "complete")])
def test_the_guarantees_described_are_counted(described: int, answer: str) -> None:
    plan = Plan(START, ())
    told = answers_from(plan, schedule(plan, START), described, has_legal_basis=False)
    assert told["transition_guarantees"] == answer
