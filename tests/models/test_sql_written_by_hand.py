"""SQL written by hand says nothing of who may see what: that stands in the querysets, compiled where time presses."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "checklists"
TELLING = re.compile(r"cursor\.execute|RunSQL|\.raw\(|RawSQL|\.extra\(")
ACCESS = re.compile(r"checklists_(membership|guest)|binned_at")
MARKS = {"models/table_rules/portfolio_marks.py": "copies whether an assessment is in the bin to the line marked stale"}
"""What may name them all the same, and why."""


def test_no_sql_written_by_hand_holds_an_access_rule() -> None:
    by_hand = {
        str(path.relative_to(ROOT)): text
        for path in ROOT.rglob("*.py")
        if "migrations" not in path.parts and TELLING.search(text := path.read_text())
    }
    assert {"services/reports/stored_file.py", "services/trail/record.py"} <= set(by_hand)
    assert {name for name, text in by_hand.items() if ACCESS.search(text)} <= set(MARKS)
