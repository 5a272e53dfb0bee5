"""``manage.py backtest cases.yaml``: what the checklist makes of decided cases, beside what was decided."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.core.editions.edition import Edition
from checklists.core.judging.decided_cases import Comparison, agreement, backtest
from checklists.packs.editions.cases import read_cases, shipped_cases
from checklists.packs.editions.reader import read_pack
from checklists.packs.files.problems import PackError
from checklists.packs.files.shipped import shipped_pack
from checklists.services.editions.publish_edition import FLAGSHIP

HEADER = ("case", "expected", "judged", "agreed", "decided by")


class Command(BaseCommand):
    help = (
        "Judge decided cases on their established facts and print a table; the last line counts the agreement. "
        "Reads the flagship pack that ships, and no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="a YAML list of cases; those that ship, unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            cases = read_cases(Path(name).read_bytes() if name else shipped_cases(FLAGSHIP))
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror or error}.") from None
        except PackError as error:
            raise CommandError(f"{name} is refused:\n{error}") from None
        edition = Edition.from_document(read_pack(shipped_pack(FLAGSHIP)).to_document())
        compared = backtest(edition, cases)
        for line in _table([HEADER, *(_row(item) for item in compared)]):
            self.stdout.write(line)
        for item in compared:
            if item.ignored:
                self.stdout.write(f"{item.case.key}: ignored, not in the checklist: {', '.join(item.ignored)}")
            if item.contradicted:
                self.stdout.write(
                    f"{item.case.key}: other facts exclude it, and no reason is given: {', '.join(item.contradicted)}"
                )
        exact, total, far = agreement(compared)
        self.stdout.write(f"agreement: {exact}/{total} exact, {far} off by more than one step")


def _row(item: Comparison) -> tuple[str, ...]:
    expected = " or ".join(verdict.key for verdict in sorted(item.case.expected))
    decided = item.deciding_gate or ("the score" if item.judgement.deciding else "no ceiling")
    if item.is_presumed:
        decided += " (not shown otherwise)"
    return item.case.key, expected, item.judged.key, "yes" if item.agrees else "no", decided


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
