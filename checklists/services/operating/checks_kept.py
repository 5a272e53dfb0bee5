"""When the instance was last checked, and whether the check held: entries of the instance's own trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checklists.models import TrailEntry
from checklists.models.trail import INSTANCE
from checklists.services.trail.record import record

CHECKS = ("trail", "nightly", "backup", "restore")


@dataclass(frozen=True, slots=True)
class Check:
    """The last check of its name: when it was made and whether all held."""

    name: str
    at: datetime
    holds: bool


def keep_check(name: str, holds: bool, **details: object) -> None:
    """Write that the check ``name`` (one of ``CHECKS``) was made now."""
    record(f"check.{name}", organisation=None, details={"holds": holds, **details})


def last_checks() -> list[Check]:
    """The last check of each name that was ever made. One query a name."""
    found = []
    for name in CHECKS:
        entries = TrailEntry.objects.filter(chain=INSTANCE, kind=f"check.{name}")
        if (last := entries.order_by("-position").first()) is not None:
            found.append(Check(name, last.at, bool(last.details.get("holds"))))
    return found
