"""``manage.py loadpack cnil-hosting`` or ``manage.py loadpack path/to/pack.yaml``: a checklist, a framework, a profile.

Also ``manage.py loadpack library.json``: a signed library of profiles, which changes something only with ``--accept``.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.packs.editions.reader import read_pack
from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import PackError
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS, shipped_framework, shipped_pack
from checklists.packs.frameworks.reader import is_framework
from checklists.packs.profiles.reader import is_library, is_profile, read_profile, shipped_profile, shipped_profiles
from checklists.services.editions.publish_edition import FLAGSHIP, publish_edition
from checklists.services.frameworks.publish_framework import checked_framework, publish_framework
from checklists.services.profiles.library import load_library, preview_library
from checklists.services.profiles.load_profile import Preview, load_profile, preview
from checklists.words.profiles.differences import difference_lines


class Command(BaseCommand):
    help = (
        "Check a pack (a checklist, a framework, a profile, a signed library of profiles) and load it. Loading the "
        "same one again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", nargs="?", default=FLAGSHIP, help="the key of a shipped pack, or a file")
        parser.add_argument("--check", action="store_true", help="only check it, and show what it would change")
        parser.add_argument("--accept", action="store_true", help="load a library whose differences were read")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["pack"]
        try:
            raw = _bytes_of(name)
            if is_library(raw):
                self._library(raw, check=options["check"] or not options["accept"])
            elif is_profile(raw):
                self._profile(raw, Path(name).name, check=options["check"])
            else:
                self._pack(raw, check=options["check"])
        except OSError as error:
            raise CommandError(
                f"{name} cannot be read: {error.strerror or error}. Give a shipped key or a file."
            ) from None
        except PackError as error:
            raise CommandError(f"{name} is refused:\n{error}") from None

    def _pack(self, raw: bytes, *, check: bool) -> None:
        pack = checked_framework(raw) if is_framework(raw) else read_pack(raw)
        if check:
            self.stdout.write(f"{pack.key} {pack.number}: {len(pack.questions)} questions, no problem")
            return
        row, is_new = publish_edition(pack) if isinstance(pack, Pack) else publish_framework(pack)
        state = "published" if is_new else "already published"
        self.stdout.write(f"{row} {state}, sha256 {row.sha256}")

    def _profile(self, raw: bytes, name: str, *, check: bool) -> None:
        profile = read_profile(raw)
        self._tell(preview(profile))
        if not check:
            _row, is_changed = load_profile(profile, None, loaded_from=name)
            self.stdout.write(f"{profile.key}: {'loaded' if is_changed else 'already loaded'}")

    def _library(self, raw: bytes, *, check: bool) -> None:
        told = preview_library(raw)
        self.stdout.write(f"Library of {told.library.publisher}, dated {told.library.dated}, signed by {told.signer}")
        for each in told.previews:
            self._tell(each)
        if check:
            self.stdout.write("Nothing was loaded. Once you have read this, load it with --accept.")
            return
        changed = load_library(told, None)
        self.stdout.write(f"{changed} of {len(told.previews)} profiles loaded; no assessment was changed.")

    def _tell(self, told: Preview) -> None:
        self.stdout.write(f"{told.profile.key}: {len(told.profile.facts)} facts, no problem")
        if told.row is None:
            self.stdout.write("  a new profile")
            return
        for line in difference_lines(told.differences):
            self.stdout.write(f"  {line}")


def _bytes_of(name: str) -> bytes:
    """Raises ``OSError``."""
    if name.endswith((".yaml", ".yml", ".json")):
        return Path(name).read_bytes()
    if name in shipped_profiles():
        return shipped_profile(name)
    return shipped_framework(name) if name in SHIPPED_FRAMEWORKS else shipped_pack(name)
