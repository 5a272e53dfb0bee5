"""``manage.py recordschema``: the JSON Schema of the file attached to reports."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from checklists.packs.reports.record import json_schema


class Command(BaseCommand):
    help = "Print the JSON Schema of assessment.json, the file attached to every report."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False))
