"""A date."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from checklists.core.editions.conditions import AtLeast, leaves
from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds.kind import Kind, gettext_noop


class Day(Kind):
    """Answered by a date of the calendar, in the form of ISO 8601; durations are counted to it."""

    key = "date"
    wrong = gettext_noop("This is not a date of the calendar. Write it as day/month/year, for example 31/12/2026.")
    wrong_fact = gettext_noop("Write the date as year-month-day, for example 2026-12-31.")
    seconds = 40
    has_effort = True

    def is_valid(self, question: Question, value: str) -> bool:
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False

    def possible_values(self, edition: Edition, question: Question, day: date) -> tuple[str, ...]:
        """One day for each outcome of a duration: the latest day that stays under each number of months a gate asks
        for, and one that reaches the greatest; never a day that is past."""
        return tuple(telling.isoformat() for telling in sorted(_telling_days(edition, question, day)))


def _telling_days(edition: Edition, question: Question, reference_date: date) -> Iterator[date]:
    durations = {duration.key for duration in edition.durations if duration.to == question.key}
    asked = {
        leaf.threshold
        for gate in edition.gates.values()
        for leaf in leaves(gate.when)
        if isinstance(leaf, AtLeast) and leaf.key in durations
    }
    months = {number - 1 for number in asked} | ({max(asked)} if asked else set())
    for number in months:
        day = _months_after(reference_date, number) if number > 0 else None
        if day:
            yield day


def _months_after(day: date, months: int) -> date | None:
    """The last day that is at most ``months`` whole months after ``day``; ``None`` past the end of the calendar."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
