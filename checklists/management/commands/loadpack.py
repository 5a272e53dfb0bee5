"""``manage.py loadpack cnil-hosting`` or ``manage.py loadpack path/to/pack.yaml``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.packs.problems import PackError
from checklists.packs.reader import read_pack, shipped_pack
from checklists.services.publish_edition import FLAGSHIP, publish_edition


class Command(BaseCommand):
    help = "Check a pack and publish it as an edition. Loading the same pack again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", nargs="?", default=FLAGSHIP, help="the key of a shipped pack, or a file")
        parser.add_argument("--check", action="store_true", help="only check it")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["pack"]
        try:
            raw = Path(name).read_bytes() if name.endswith((".yaml", ".yml")) else shipped_pack(name)
            pack = read_pack(raw)
            if options["check"]:
                self.stdout.write(f"{pack.key} {pack.number}: {len(pack.questions)} questions, no problem")
                return
            edition, is_new = publish_edition(pack)
        except OSError as error:
            raise CommandError(
                f"{name} cannot be read: {error.strerror or error}. Give a shipped key or a file."
            ) from None
        except PackError as error:
            raise CommandError(f"{name} is refused:\n{error}") from None
        state = "published" if is_new else "already published"
        self.stdout.write(f"{edition} {state}, sha256 {edition.sha256}")
