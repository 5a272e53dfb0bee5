"""The extreme mean against every subset, and months by the calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.core.facts import months_until
from checklists.core.scores import extreme_mean

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
