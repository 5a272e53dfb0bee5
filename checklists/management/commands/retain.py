"""``manage.py retain [--dry-run]``: keep assessments as long as organisations decided. Run it every night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from checklists.services.assessments.retain import apply_retention, due
from checklists.services.evidence.keep_evidence import purge_removed, removed_for_good
from checklists.services.notices.read_notices import drop_old_notices
from checklists.services.webhooks.keep_webhook import JOURNAL_KEPT, forget_messages


class Command(BaseCommand):
    help = (
        "Bin assessments left unchanged, delete those left in the bin, as each organisation set it; delete evidence "
        "removed more than thirty days ago."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = due(now) if options["dry_run"] else apply_retention(now)
        for each in found:
            assessment = each.assessment
            told = "kept, other records rest on it" if each.kept else each.act
            self.stdout.write(f"organisation {assessment.organisation_id}: {told}: {assessment.name}")
        acts = {act: sum(each.act == act and not each.kept for each in found) for act in ("bin", "delete")}
        purged = removed_for_good(now).count() if options["dry_run"] else purge_removed(now)
        if not options["dry_run"]:
            drop_old_notices(now)
            forget_messages(now - JOURNAL_KEPT)
        state = "to do" if options["dry_run"] else "done"
        self.stdout.write(
            f"{state}: {acts['bin']} binned, {acts['delete']} deleted, {purged} pieces of evidence deleted"
        )
