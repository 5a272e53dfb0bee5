"""``manage.py moveto DATABASE_URL``: every row into another, empty database, and the proof that it arrived."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.services.operating.copy_database import CopyRefused
from checklists.services.operating.move_database import move_database


class Command(BaseCommand):
    help = (
        "Copy this instance's database into the empty one at DATABASE_URL, from SQLite to PostgreSQL or back, and "
        "compare each table and the trail. Stop the site and the worker before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="DATABASE_URL", help="postgres://role:password@host/name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = move_database(options["address"])
        except CopyRefused as error:
            raise CommandError(str(error)) from None
        for table, held in moved.tables.items():
            if held.rows:
                self.stdout.write(f"{held.rows:9} rows  {table}  the same")
        self.stdout.write(f"{moved.rows} rows in {len(moved.tables)} tables, each the same here and there.")
        self.stdout.write(f"The trail holds there: {moved.entries} entries, {moved.chains} chains, the same heads.")
        self.stdout.write("Now set DATABASE_URL to that address, start the site and the worker, run checkinstall.")
