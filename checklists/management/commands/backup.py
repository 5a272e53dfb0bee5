"""``manage.py backup FILE [--recipient age1…]``: the whole instance in one file, while it runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.services.operating.backup import BackupRefused, make_backup
from checklists.services.operating.copy_database import CopyRefused


class Command(BaseCommand):
    help = "Write the database and the files of evidence to one file while people work, and list the keys it needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, best on another machine")
        told = "encrypt to this public key of age (age1…)"
        parser.add_argument("--recipient", action="append", default=[], help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup(options["file"], options["recipient"])
        except (BackupRefused, CopyRefused, OSError) as error:
            raise CommandError(str(error)) from None
        size = made.file.stat().st_size / 1e6
        self.stdout.write(f"{made.file}: {made.rows} rows, {made.evidence} files of evidence, {size:.1f} MB")
        self.stdout.write("Not in it, and needed: keep each of these elsewhere.")
        for name, where in made.keys.items():
            self.stdout.write(f"  {name}: {where}")
