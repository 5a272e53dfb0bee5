"""The tables whose rows never change, and the marks: one list. A new rule holds from the next ``migrate`` on."""

from __future__ import annotations

from checklists.models.table_rules.portfolio_marks import PORTFOLIO_MARKS
from checklists.models.table_rules.rules import Grows, Never, Rule

_TRAIL = "the trail is only ever added to"
TRAIL_RULES: tuple[Rule, ...] = (
    Never("checklists_trailentry", _TRAIL),
    Grows("checklists_trailchain", _TRAIL, key="chain", count="length"),
)
DECLARED: tuple[Rule, ...] = (
    Never("checklists_edition", "a published edition never changes"),
    Never("checklists_framework", "a published framework never changes"),
    # Who issued a report may be forgotten: an account can be erased.
    Never("checklists_report", "an issued report never changes", but=("issued_by_id",)),
    Never("checklists_printedreport", "an issued report never changes"),
    *TRAIL_RULES,
    *PORTFOLIO_MARKS,
)
