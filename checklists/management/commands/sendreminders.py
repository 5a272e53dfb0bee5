"""``manage.py sendreminders``: e-mail members of the transition steps that fall due. Meant to run once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from checklists.services.deadlines import send_reminders
from checklists.services.mail_notices import mail_waiting


class Command(BaseCommand):
    help = "E-mail members, once for each, of transition steps that are late or due soon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="how many days ahead (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_reminders(timezone.localdate(), options["days"]) + mail_waiting(timezone.now(), daily=True)
        self.stdout.write(f"{sent} e-mails sent")
