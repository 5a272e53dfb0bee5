"""``manage.py verifytrail``: does the trail hold? Exit code 1 and the place of each break when it does not."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.services.trail.verify_trail import heads, trail_faults, verify_trail

FAULTS = {
    "missing": "an entry is missing or comes twice",
    "unlinked": "the entry does not carry the fingerprint of the one before",
    "altered": "the entry is not what its fingerprint says",
    "cut": "the chain does not end where its head says",
    "history": "the history of an answer is not what this entry says: it was rewritten in the database",
    "answer": "an answer is not what its last change says: it was rewritten in the database",
    "headless": "the head of the chain is gone",
    "rewritten": "the entry is not the one whose fingerprint was kept: the chain has been rewritten",
}


class Command(BaseCommand):
    help = "Verify every chain of the trail. Keep the heads it writes elsewhere: they show a chain rewritten whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write-heads", metavar="FILE", help="write the present heads to this file")
        parser.add_argument("--heads", metavar="FILE", help="check against heads written earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = []
        if options["heads"]:
            try:
                kept = [(int(c), int(p), str(s)) for c, p, s in json.loads(Path(options["heads"]).read_text())]
            except (OSError, ValueError, TypeError) as error:
                raise CommandError(f"{options['heads']} cannot be read as heads: {error}") from None
        breaks = verify_trail(kept)
        for found in breaks:
            chain = f"organisation {found.chain}" if found.chain else "instance"
            self.stderr.write(f"{chain}, entry {found.position}: {FAULTS[found.fault]}")
        unguarded = trail_faults()
        for fault in unguarded:
            self.stderr.write(str(fault))
        if breaks or unguarded:
            raise CommandError("The trail does not hold.")
        present = heads()
        if options["write_heads"]:
            Path(options["write_heads"]).write_text(json.dumps(present))
        self.stdout.write(f"The trail holds: {sum(length for _, length, _ in present)} entries, {len(present)} chains.")
