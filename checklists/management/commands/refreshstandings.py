"""``manage.py refreshstandings [--all]``: judge again what changed since it was judged. Meant to run every night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from checklists.models import PortfolioLine
from checklists.services.portfolio.refresh_standings import refresh_all


class Command(BaseCommand):
    help = "Bring the portfolios up to date: judge again the assessments that changed since they were judged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="judge every assessment again, changed or not")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = PortfolioLine.objects.in_use()
        if options["all"]:
            lines.update(is_stale=True)
        done = refresh_all(lines)
        left = lines.stale().count()
        self.stdout.write(f"{done} assessments judged again, {left} changed meanwhile")
