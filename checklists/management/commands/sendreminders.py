"""``manage.py sendreminders``: e-mail members of the transition steps that fall due. Meant to run once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from checklists.services.deadlines import remind_of_evidence, send_reminders


class Command(BaseCommand):
    help = "E-mail members, once for each, of transition steps that are late or due soon and of evidence that ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="how many days ahead (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_reminders(timezone.localdate(), options["days"])
        of_evidence = remind_of_evidence(timezone.localdate())
        self.stdout.write(f"{sent} e-mails sent, {of_evidence} of evidence that ends")
