"""The process that reads strangers' files: it waits, and makes a copy of itself for each file.

Only the copy touches the file. It has limits on its memory, its computing time, the time that passes and what it
writes, and is the last in line for the processor. It knows neither the database nor the settings of the instance. The
kernel ends it at a limit: no process is ever killed by its number, which another one may bear by then.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import socket
from pathlib import Path
from typing import Any

MEMORY = 512 * 1024 * 1024
"""Bytes of address space of one reading."""
SECONDS = 6
"""Of computing for one reading."""
WRITTEN = 32 * 1024 * 1024
"""Bytes that one reading may give back."""
NICENESS = 10
LONGEST_ORDER = 4096
BEGUN = b"begun"
"""What a reading says once its limits stand. One that ends without having said so was never begun."""

READERS = {
    "attachment": "checklists.services.foreign_files.attached_file:attached_file",
    "evidence": "checklists.services.evidence.receive_file:check_contents",
    "logo": "checklists.services.branding.receive_logo:draw_logo",
    "ownership": "checklists.files.control_chain:chain_of_statements",
    "pack": "checklists.packs.files.safe_yaml:try_yaml",
    "record": "checklists.services.foreign_files.try_record:try_record",
    "table": "checklists.files.tables:cells_of_table",
    "workbook": "checklists.files.sheets:cells_of_workbook",
}
"""What can be asked, and the function that does it: of the bytes and of named options, it gives bytes or JSON's values,
or raises a ``ValueError`` whose text is for whoever sent the file."""
AT_ONCE = ("evidence", "table", "workbook", "ownership", "attachment", "record", "pack")
"""Imported while waiting, so that a reading starts at once."""


def main() -> None:
    """Serve the socket that is standard input until its other end is closed."""
    orders = socket.socket(fileno=0)
    _be_lean(os.environ["SITE_LANGUAGES"].split())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            order, files, _flags, _address = socket.recv_fds(orders, LONGEST_ORDER, 3)
            if not files:
                return
            if os.fork() == 0:
                orders.close()
                _read_one(json.loads(order), *files)
            for file in files:
                os.close(file)


def _be_lean(languages: list[str]) -> None:
    """Translations into ``languages`` and the readers, without the rest of the site."""
    import django
    import django.conf
    from django.utils.translation import gettext, override

    root = Path(__file__).resolve().parents[3]
    django.conf.settings.configure(
        LANGUAGE_CODE=languages[0],
        LANGUAGES=[(code, code) for code in languages],
        LOCALE_PATHS=[root / "locale"],
        USE_I18N=True,
        INSTALLED_APPS=[],
    )
    django.setup()
    for language in languages:
        with override(language):
            gettext("The file is empty.")
    for kind in AT_ONCE:
        _reader(kind)


def _reader(kind: str) -> Any:
    module, _colon, name = READERS[kind].partition(":")
    return getattr(importlib.import_module(module), name)


def _read_one(order: dict[str, Any], sent: int, given: int, life: int) -> None:
    """Read the file ``sent``, write what came of it to ``given``; ``life`` is closed by the end of the process."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, order["patience"])
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        os.nice(NICENESS)
        os.write(life, BEGUN)
        with open(sent, "rb") as file:
            contents = file.read()
        told, body = _outcome(order, contents)
        head = json.dumps(told | {"length": len(body)}).encode() + b"\n"
        with open(given, "wb") as file:
            file.write(head + body)
    finally:
        os._exit(0)


def _outcome(order: dict[str, Any], contents: bytes) -> tuple[dict[str, Any], bytes]:
    from django.utils.translation import override

    try:
        with override(order["language"]):
            read = _reader(order["kind"])(contents, **order["options"])
    except (MemoryError, RecursionError):
        return {"outcome": "large"}, b""
    except ValueError as error:
        return {"outcome": "refused", "why": str(error), "reason": getattr(error, "reason", None)}, b""
    except Exception as error:  # A file made to break its reader may make it raise anything.
        return {"outcome": "broken", "why": f"{type(error).__name__}: {error}"[:500]}, b""
    if isinstance(read, bytes):
        return {"outcome": "bytes"}, read
    return {"outcome": "values"}, json.dumps(read).encode()
