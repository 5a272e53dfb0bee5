"""``manage.py backtest``: decided cases judged, in a table."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from checklists.packs.editions.cases import read_cases, shipped_cases

GIVEN = read_cases(shipped_cases("cnil-hosting"))


def test_the_command_prints_a_table_and_ends_with_the_agreement(tmp_path: Path) -> None:
    out = StringIO()
    call_command("backtest", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[-1] == f"agreement: {len(GIVEN)}/{len(GIVEN)} exact, 0 off by more than one step"
    assert "clear_text_transfer" in next(line for line in lines if line.startswith("ga-cnil-2022"))

    path = tmp_path / "cases.yaml"
    path.write_text("- {id: x, reference_date: 2024-01-01, expected: sovereign, facts: {data_category: personal}}")
    out = StringIO()
    call_command("backtest", str(path), stdout=out)
    assert out.getvalue().splitlines()[-1] == "agreement: 0/1 exact, 1 off by more than one step"


def test_the_command_says_which_file_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.yaml cannot be read"):
        call_command("backtest", str(tmp_path / "absent.yaml"))
