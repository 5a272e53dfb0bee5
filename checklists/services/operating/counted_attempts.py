"""Failed sign-ins are counted in the cache: where each process has its own, each allows its own five."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core import checks

from checklists.services.operating.parts import is_cache_shared

SERVER = "gunicorn"


@checks.register(checks.Tags.security)
def attempts_are_counted_together(**_asked: Any) -> list[checks.CheckMessage]:
    """A warning when several processes serve and nothing is shared among them."""
    processes = processes_asked(os.environ, sys.argv)
    if processes < 2 or is_cache_shared():
        return []
    return [
        checks.Warning(
            f"{processes} processes serve, and each counts failed sign-ins, codes and requests by itself.",
            hint="Set CACHE_URL to a cache they share: filecache:///FOLDER on one machine, rediscache:// on several.",
            id="checklists.W001",
        )
    ]


def processes_asked(environ: Mapping[str, str], argv: Sequence[str]) -> int:
    """How many processes of gunicorn are asked for: by its command line, by ``GUNICORN_CMD_ARGS``, else by
    ``WEB_CONCURRENCY``. One where nothing says so, or where it is no number.
    """
    asked = [environ.get("WEB_CONCURRENCY", ""), *_workers(shlex.split(environ.get("GUNICORN_CMD_ARGS", "")))]
    if argv and SERVER in argv[0]:
        asked += _workers(argv[1:])
    numbers = [int(number) for number in asked if number.isascii() and number.isdigit() and len(number) < 5]
    return max(numbers[-1], 1) if numbers else 1


def _workers(arguments: Sequence[str]) -> Iterator[str]:
    """The values of ``-w``, ``-wN``, ``--workers`` and ``--workers=``, in their order."""
    for place, argument in enumerate(arguments):
        if argument in ("-w", "--workers"):
            yield from arguments[place + 1 : place + 2]
        elif argument.startswith("--workers="):
            yield argument.partition("=")[2]
        elif argument.startswith("-w"):
            yield argument[2:]
