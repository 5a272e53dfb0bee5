"""``manage.py sendreminders``: e-mail members of the deadlines that fall due. Meant to run once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from checklists.services.deadlines import send_reminders


class Command(BaseCommand):
    help = "E-mail members, once for each, of deadlines (transition steps, re-assessments) that are late or near."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="how many days ahead (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_reminders(timezone.localdate(), options["days"])
        self.stdout.write(f"{sent} e-mails sent")
