"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from checklists.core.typed_day import read_day

LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "31122026", "311226", "31 12 2026", "31-12-2026", "31.12.2026", "31/12/26", "31/12/2026", " 31 / 12 / 2026 ",
        "2026-12-31", "2026/12/31", "20261231", "31 décembre 2026", "31 Décembre 2026", "31 DECEMBRE 2026",
        "31 de\u0301cembre 2026", "jeudi 31 décembre 2026", "le 31 déc. 2026", "31-déc-2026", "31 dec 26",
        "31 December 2026", "December 31, 2026", "Thursday, 31st December 2026", "31st of December 2026",
        "３１／１２／２０２６", "３１１２２０２６", "٣١/١٢/٢٠٢٦", "31\u201112\u20112026",
        "31–12–2026", "31\u00a0décembre\u202f2026",
        "\u200e31/12/2026\u200f", "2026年12月31日", "31,12,2026", "31.12.2026.",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_typed(typed):
    assert read_day(typed) == LAST


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1er janvier 2027", date(2027, 1, 1)),
        ("1/2/2027", date(2027, 2, 1)),
        ("3 août 2026", date(2026, 8, 3)),
        ("mar. 1 mars 2022", date(2022, 3, 1)),
        ("01021999", date(1999, 2, 1)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_the_day_comes_first(typed, read):
    assert read_day(typed) == read


@pytest.mark.parametrize(
    "typed",
    ["", "12/31/2026", "31/02/2026", "29/02/2027", "demain", "31", "31 2026", "3112026", "31/12/202", "31 foo 2026",
     "00/00/0000", "2026-13-01", "0" * 100_000, "31/12/2026 31/12/2026"],
)  # fmt: skip
def test_what_is_no_day_is_not_read(typed):
    assert read_day(typed) is None
