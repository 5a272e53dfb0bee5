"""How a portfolio evolved: at the end of each month, how many assessments stood at each verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from checklists.core.editions.vocabulary import Verdict
from checklists.models import Organisation, VerdictChange

MONTHS = 13
"""Months looked back on, the current one included: a year ago and now are both there."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many assessments stood at each verdict on the evening of ``day``; ``None`` is for no verdict yet.

    ``reached`` counts those that reached the least verdict required.
    """

    day: date
    counts: dict[Verdict | None, int]
    reached: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def month_ends(today: date, months: int = MONTHS) -> list[date]:
    """The last days of the ``months - 1`` months before, the oldest first, and today."""
    first = today.replace(day=1)
    return [first - relativedelta(months=back) - timedelta(days=1) for back in range(months - 2, -1, -1)] + [today]


def portfolio_history(organisation: Organisation, days: Sequence[date]) -> list[Snapshot]:
    """A snapshot of each of ``days``, in order: one query.

    Worked examples are left out. An assessment counts until the day it went to the bin; one deleted for good has left
    nothing to count.
    """
    changes = VerdictChange.objects.filter(assessment__organisation=organisation, assessment__is_example=False)
    rows: list[tuple[Any, datetime | None, datetime, str | None, bool | None]] = list(
        changes.order_by("at", "pk").values_list("assessment", "assessment__binned_at", "at", "verdict", "is_reached")
    )
    standing: dict[Any, tuple[Verdict | None, bool]] = {}
    binned: dict[Any, datetime | None] = {}
    snapshots, at = [], 0
    for day in days:
        midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
        while at < len(rows) and rows[at][2] < midnight:
            key, gone, _at, verdict, is_reached = rows[at]
            standing[key] = (None if verdict is None else Verdict.from_key(verdict), bool(is_reached))
            binned[key] = gone
            at += 1
        there = [found for key, found in standing.items() if (gone := binned[key]) is None or gone >= midnight]
        counts: dict[Verdict | None, int] = dict.fromkeys((*Verdict, None), 0)
        for verdict_then, _reached in there:
            counts[verdict_then] += 1
        snapshots.append(Snapshot(day, counts, sum(reached for _verdict, reached in there)))
    return snapshots
