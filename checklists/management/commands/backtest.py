"""``manage.py backtest [FILE]``: decided cases judged on the established facts, as a table."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.core.backtest import Comparison, agreement, backtest
from checklists.core.edition import Edition
from checklists.packs.cases import read_cases, shipped_cases
from checklists.packs.problems import PackError
from checklists.packs.reader import read_pack, shipped_pack
from checklists.services.publish_edition import FLAGSHIP

HEADINGS = ("case", "expected", "judged", "agreed", "decided by")


class Command(BaseCommand):
    help = "Judge decided cases on the established facts and compare with what the authorities decided."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="a YAML file of cases; those that ship if left out")
        parser.add_argument("--pack", help="a checklist as a YAML file; the shipped one if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        name, pack = options["file"], options["pack"]
        try:
            cases = read_cases(Path(name).read_bytes() if name else shipped_cases(FLAGSHIP))
            document = read_pack(Path(pack).read_bytes() if pack else shipped_pack(FLAGSHIP)).to_document()
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror or error}.") from None
        except PackError as error:
            raise CommandError(f"refused:\n{error}") from None
        comparisons = backtest(Edition.from_document(document), cases)
        self._table(comparisons)
        for comparison in comparisons:
            if left := [*comparison.ignored, *comparison.case.unread]:
                self.stdout.write(f"{comparison.case.key}: not understood and left aside: {', '.join(left)}")
        exact, count, off = agreement(comparisons)
        self.stdout.write(f"agreement: {exact}/{count} exact, {off} off by more than one step")

    def _table(self, comparisons: Sequence[Comparison]) -> None:
        rows = [HEADINGS, *(_row(comparison) for comparison in comparisons)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        for row in rows:
            line = "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())


def _row(comparison: Comparison) -> tuple[str, ...]:
    expected = " or ".join(verdict.key for verdict in sorted(comparison.case.expected))
    decided_by = comparison.deciding_gate or "no gate: the score, or nothing against it"
    if comparison.is_presumed:
        decided_by += " (not shown to be otherwise)"
    agreed = "yes" if comparison.agrees else "no"
    return comparison.case.key, expected, comparison.judged.key, agreed, decided_by
