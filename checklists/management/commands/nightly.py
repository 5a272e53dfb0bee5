"""``manage.py nightly``: everything to be done every night, each step whatever becomes of the others."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checklists.services.operating.checks_kept import keep_check


class Command(BaseCommand):
    help = (
        "Judge again what changed, keep and delete as organisations decided, remind people, remove ended sessions and "
        "tasks done, verify the trail and the triggers, and make a backup if asked. Exit code 1 when a step fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", metavar="FILE", help="write the heads of the trail to this file")
        parser.add_argument("--backup", type=Path, metavar="FOLDER", help="also make a backup in this folder")
        parser.add_argument("--keep", type=int, default=14, help="how many backups stay in that folder (14)")
        parser.add_argument("--recipient", action="append", default=[], help="encrypt the backup to this key of age")

    def handle(self, *args: Any, **options: Any) -> None:
        steps: dict[str, Callable[[], Any]] = {
            "refreshstandings": lambda: self._call("refreshstandings"),
            "retain": lambda: self._call("retain"),
            "sendreminders": lambda: self._call("sendreminders"),
            "clearsessions": lambda: self._call("clearsessions"),
            "prune_db_task_results": lambda: self._call("prune_db_task_results"),
            "checktables": lambda: self._call("checktables"),
            "verifytrail": lambda: self._verify_trail(options["heads"]),
        }
        if options["backup"]:
            steps["backup"] = lambda: self._back_up(options["backup"], options["keep"], options["recipient"])
        failed = [name for name, step in steps.items() if not self._done(name, step)]
        keep_check("nightly", holds=not failed, failed=failed)
        if failed:
            raise CommandError(f"These steps failed: {', '.join(failed)}.")
        self.stdout.write(f"{len(steps)} steps done.")

    def _done(self, name: str, step: Callable[[], Any]) -> bool:
        self.stdout.write(f"{name}:")
        try:
            step()
        except Exception as error:
            self.stderr.write(f"{name} failed: {error}")
            return False
        return True

    def _call(self, name: str, *arguments: str) -> None:
        call_command(name, *arguments, stdout=self.stdout, stderr=self.stderr)

    def _verify_trail(self, heads: str | None) -> None:
        try:
            self._call("verifytrail", *(["--write-heads", heads] if heads else []))
        except CommandError:
            keep_check("trail", holds=False)
            raise
        keep_check("trail", holds=True)

    def _back_up(self, folder: Path, keep: int, recipients: list[str]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"porte-cles-{timezone.now():%Y-%m-%d-%H%M%S}.backup"
        self._call("backup", str(file), *(f"--recipient={recipient}" for recipient in recipients))
        for old in sorted(folder.glob("porte-cles-*.backup"))[: -max(keep, 1)]:
            old.unlink()
