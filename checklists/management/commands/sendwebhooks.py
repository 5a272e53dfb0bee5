"""``manage.py sendwebhooks``: send the messages of webhooks that are due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from checklists.services.webhooks.deliver import send_due


class Command(BaseCommand):
    help = "Send the messages of webhooks that are due: those that waited through a restart, say."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{send_due()} tried.")
