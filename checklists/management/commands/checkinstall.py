"""``manage.py checkinstall [--keep-key]``: does this installation hold together? Exit code 1 when a part does not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from checklists.services.operating.check_install import FAULT, check_install
from checklists.services.operating.key import keep_key


class Command(BaseCommand):
    help = (
        "Try each part of the installation: database, triggers, clock, key, cache, evidence, static files, mail, "
        "worker, proxy. Says what is wrong and what to do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep-key", action="store_true", help="this node's key is from now on that of every node")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep_key"]:
            keep_key()
            self.stdout.write("The fingerprint of this node's key is kept.")
        faults = 0
        with override("en"):
            for found in check_install():
                self.stdout.write(f"{found.level:8}{found.part:14}{found.told}")
                faults += found.level == FAULT
        if faults:
            raise CommandError(f"{faults} parts do not hold.")
