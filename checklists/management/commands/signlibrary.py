"""``manage.py signlibrary --key key.pem --publisher NAME --output library.json``: the profiles kept here, signed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checklists.packs.files.problems import PackError
from checklists.packs.profiles.reader import sign_library
from checklists.services.profiles.library import library_of_all


class Command(BaseCommand):
    help = (
        "Write every profile in use as one signed and dated file. The key is an Ed25519 key in PEM "
        "(openssl genpkey -algorithm ed25519); whoever loads the file trusts its public half by LIBRARY_KEYS."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key", type=Path, required=True, help="the private key, in PEM")
        parser.add_argument("--publisher", required=True, help="who publishes the library")
        parser.add_argument("--output", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            library = library_of_all(options["publisher"], timezone.localdate())
            raw = sign_library(library, options["key"].read_bytes())
            options["output"].write_bytes(raw)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror or error}.") from None
        except (ValueError, TypeError) as error:
            if isinstance(error, PackError):
                raise CommandError(f"a profile kept here cannot be published:\n{error}") from None
            raise CommandError(f"{options['key']} cannot sign: {error}.") from None
        self.stdout.write(f"{len(library.profiles)} profiles, dated {library.dated}: {options['output']}")
