"""``manage.py sendreminders``: tell people of what falls due, and send the e-mails that wait. Run it once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from checklists.services.evidence.remind_of_evidence import remind_of_evidence
from checklists.services.notices.mail_notices import mail_waiting
from checklists.services.portfolio.deadlines import send_reminders
from checklists.services.provider_answers.ask_provider import remind_of_provider_answers
from checklists.services.team.part_progress import remind_of_assignments


class Command(BaseCommand):
    help = (
        "Tell people, once for each, of steps, parts and re-assessments late or due soon, of evidence and of links to "
        "providers that end; send e-mails that wait."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="how many days ahead (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        remind_of_assignments(today, options["days"])
        sent = send_reminders(today, options["days"]) + remind_of_evidence(today)
        sent += remind_of_provider_answers(timezone.now())
        sent += mail_waiting(timezone.now(), daily=True)
        self.stdout.write(f"{sent} e-mails sent")
