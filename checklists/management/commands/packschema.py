"""``manage.py packschema checklist-1``: the JSON Schema of a pack."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from checklists.packs.json_schema import PUBLISHED, schema_text


class Command(BaseCommand):
    help = "Print the JSON Schema of packs, a checklist's or a framework's, for editors that complete and explain."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=PUBLISHED, help="which schema")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(schema_text(options["name"]), ending="")
