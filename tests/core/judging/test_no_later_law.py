"""Once every date of the checklist is past, no law changes the outcome any more."""

from __future__ import annotations

from datetime import date

from checklists.core.editions.edition import Edition
from checklists.core.judging.later_law import next_change


def test_after_the_last_date_nothing_changes(flagship: Edition) -> None:
    assert next_change(flagship, {}, date(2200, 1, 1)) is None
