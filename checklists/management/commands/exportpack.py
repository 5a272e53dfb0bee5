"""``manage.py exportpack cnil-hosting [--number 2 | --draft] [--output FILE]``: a checklist, or a profile, as YAML."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.models import Draft, Edition, ProviderProfile
from checklists.services.drafts.export_pack import export_draft, export_edition
from checklists.services.editions.publish_edition import FLAGSHIP
from checklists.services.profiles.library import export_profile


class Command(BaseCommand):
    help = "Write an edition of a checklist, the last one unless told otherwise, or its open draft, as a pack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("checklist", nargs="?", default=FLAGSHIP, help="the key of a checklist or of a profile")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--number", type=int, help="the edition of this number")
        which.add_argument("--draft", action="store_true", help="the draft that is open")
        parser.add_argument("--output", type=Path, help="a file; the standard output unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        profile = ProviderProfile.objects.filter(key=options["checklist"]).first()
        if profile:
            raw = export_profile(profile)
        else:
            raw = self._draft(options["checklist"]) if options["draft"] else self._edition(**options)
        if options["output"] is None:
            self.stdout.write(raw.decode(), ending="")
            return
        try:
            options["output"].write_bytes(raw)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror or error}.") from None

    @staticmethod
    def _draft(checklist: str) -> bytes:
        draft = Draft.objects.filter(checklist=checklist, state__in=("open", "submitted")).first()
        if draft is None:
            raise CommandError(f"no draft of '{checklist}' is open.")
        return export_draft(draft)

    @staticmethod
    def _edition(checklist: str, number: int | None, **options: Any) -> bytes:
        editions = Edition.objects.filter(checklist=checklist).order_by("-number")
        edition = editions.first() if number is None else editions.filter(number=number).first()
        if edition is None:
            which = "edition" if number is None else f"edition {number}"
            raise CommandError(f"there is no {which} of '{checklist}'. Load a pack with 'manage.py loadpack'.")
        return export_edition(edition)
