"""``manage.py checkevidence [--delete-orphans]``: compare the files of evidence with the rows that speak of them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.services.evidence.keep_evidence import check_files, discard_orphans


class Command(BaseCommand):
    help = "Say which files of evidence no row speaks of, which are missing and which were changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete-orphans", action="store_true", help="delete the files that no row speaks of")

    def handle(self, *args: Any, **options: Any) -> None:
        found = check_files()
        for name in found.orphans:
            self.stdout.write(f"no row speaks of {name}")
        for evidence in found.missing:
            self.stdout.write(f"missing: {evidence.pk} {evidence.title}")
        for evidence in found.changed:
            self.stdout.write(f"changed: {evidence.pk} {evidence.title}")
        if options["delete_orphans"]:
            discard_orphans(found)
        told = f"{len(found.orphans)} without a row, {len(found.missing)} missing, {len(found.changed)} changed"
        self.stdout.write(told)
        if found.missing or found.changed:
            raise CommandError("files of evidence were lost or changed: restore them from a backup")
