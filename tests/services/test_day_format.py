"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import engines
from django.utils.translation import override

from checklists.services.day_format import date_format


@pytest.mark.parametrize(
    ("language", "day", "told"),
    [
        ("fr", date(2026, 4, 1), "1er avril 2026"),
        ("fr", date(2026, 4, 11), "11 avril 2026"),
        ("en", date(2026, 4, 1), "1 April 2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(language: str, day: date, told: str) -> None:
    with override(language):
        assert date_format(day) == told
        assert engines["django"].from_string('{{ day|date:"DATE_FORMAT" }}').render({"day": day}) == told
