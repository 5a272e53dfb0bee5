"""``manage.py restore FILE [--identity FILE] [--verify]``: an empty instance becomes what a backup holds."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.services.operating.backup import BackupRefused, restore_backup
from checklists.services.operating.copy_database import CopyRefused


class Command(BaseCommand):
    help = (
        "Bring back a backup, of this version or an earlier one, into this instance, which must be empty. Exit code 1 "
        "when something is not as it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="a file with the secret key of age (AGE-SECRET-KEY-1…)")
        parser.add_argument("--verify", action="store_true", help="check trail, triggers, reports and evidence too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            identities = _identities(options["identity"])
            restored = restore_backup(options["file"], identities, verify=options["verify"])
        except (BackupRefused, CopyRefused, OSError) as error:
            raise CommandError(str(error)) from None
        told = f"{restored.rows} rows, {restored.evidence} files of evidence, as they were on {restored.made_at}"
        self.stdout.write(f"Brought back: {told}.")
        if not restored.has_same_key:
            self.stdout.write(
                "SECRET_KEY is another one than when the backup was made: people sign in again, and second factors are "
                "lost unless the former key is in SECRET_KEY_FALLBACKS."
            )
        for fault in restored.faults:
            self.stderr.write(fault)
        if restored.faults:
            raise CommandError(f"{len(restored.faults)} things are not as they were.")
        verified = "Trail, triggers, reports and evidence hold."
        self.stdout.write(verified if options["verify"] else "Every row is as it was.")


def _identities(file: Path | None) -> list[str]:
    """The secret keys in a file of ``age-keygen``; its comments are left out."""
    lines = file.read_text().splitlines() if file else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
