"""``manage.py checktables [--mend]``: does the database keep the rules of its tables? Exit code 1 when it does not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from checklists.models.table_rules.keep import faults, mend


class Command(BaseCommand):
    help = (
        "Compare the triggers of the database, by what they do, with the rules of its tables: rows that never change, "
        "and marks. Each that is missing or different is named; migrate creates it anew, and so does --mend."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="which database (default: %(default)s)")
        parser.add_argument("--mend", action="store_true", help="create anew what is missing or different")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        found = mend(connection) if options["mend"] else faults(connection)
        for fault in found:
            self.stderr.write(str(fault))
        if found and not options["mend"]:
            raise CommandError(f"{len(found)} triggers do not stand as declared: run migrate, or checktables --mend.")
        self.stdout.write(f"{len(found)} triggers created anew." if found else "Every table keeps its rules.")
