"""``manage.py loadpack cnil-hosting`` or ``manage.py loadpack path/to/pack.yaml``: a checklist or a framework."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import PackError
from checklists.packs.files.reader import SHIPPED_FRAMEWORKS, is_framework, read_pack, shipped_framework, shipped_pack
from checklists.services.editions.publish_edition import FLAGSHIP, publish_edition
from checklists.services.frameworks.publish_framework import checked_framework, publish_framework


class Command(BaseCommand):
    help = "Check a pack, a checklist or a framework, and publish it. Loading the same pack again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", nargs="?", default=FLAGSHIP, help="the key of a shipped pack, or a file")
        parser.add_argument("--check", action="store_true", help="only check it")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["pack"]
        try:
            raw = _bytes_of(name)
            pack = checked_framework(raw) if is_framework(raw) else read_pack(raw)
            if options["check"]:
                self.stdout.write(f"{pack.key} {pack.number}: {len(pack.questions)} questions, no problem")
                return
            row, is_new = publish_edition(pack) if isinstance(pack, Pack) else publish_framework(pack)
        except OSError as error:
            raise CommandError(
                f"{name} cannot be read: {error.strerror or error}. Give a shipped key or a file."
            ) from None
        except PackError as error:
            raise CommandError(f"{name} is refused:\n{error}") from None
        state = "published" if is_new else "already published"
        self.stdout.write(f"{row} {state}, sha256 {row.sha256}")


def _bytes_of(name: str) -> bytes:
    """Raises ``OSError``."""
    if name.endswith((".yaml", ".yml")):
        return Path(name).read_bytes()
    return shipped_framework(name) if name in SHIPPED_FRAMEWORKS else shipped_pack(name)
