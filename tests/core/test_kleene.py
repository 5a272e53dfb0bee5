"""Three-valued logic: what is settled stays settled whatever is learned."""

from __future__ import annotations

from itertools import product

import pytest

from checklists.core.kleene import Truth, conjunction, disjunction, negation, reaches

TRUTHS: tuple[Truth, ...] = (True, False, None)


def readings(truths: tuple[Truth, ...]) -> list[tuple[bool, ...]]:
    """Every way to learn what is not known."""
    return list(product(*[(True, False) if truth is None else (truth,) for truth in truths]))


@pytest.mark.parametrize("truths", [each for size in range(4) for each in product(TRUTHS, repeat=size)])
def test_a_truth_is_settled_when_and_only_when_every_reading_agrees(truths: tuple[Truth, ...]) -> None:
    for join, plain in ((conjunction, all), (disjunction, any)):
        outcomes = {plain(reading) for reading in readings(truths)}
        assert join(truths) is (outcomes.pop() if len(outcomes) == 1 else None)


def test_negation_keeps_what_is_not_known() -> None:
    assert [negation(truth) for truth in TRUTHS] == [False, True, None]


@pytest.mark.parametrize(("low", "high"), [(low, high) for low in range(4) for high in range(low, 4)])
def test_a_number_within_bounds_reaches_what_each_number_within_them_does(low: int, high: int) -> None:
    for least in range(-1, 5):
        outcomes = {number >= least for number in range(low, high + 1)}
        assert reaches(low, high, least) is (outcomes.pop() if len(outcomes) == 1 else None)
