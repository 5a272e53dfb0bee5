"""Have the child read, and wait for it: hardly longer than its time, never for more than its bytes."""

from __future__ import annotations

import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklists.services.languages import site_languages

log = logging.getLogger(__name__)

PATIENCE = 8
"""Seconds that one reading may take, its wait for the processor included."""
GRACE = 2
"""Seconds more until a reading that its own clock did not end is left to itself."""
READ_AT_ONCE = 2
"""Files read at one time in this process."""
WAIT = 10
"""Seconds that a file waits for its turn."""
SENT_AT_ONCE = 3
"""Files that one person may have read at one time, those that wait for their turn included."""
TIMES = 2
"""Processes that are asked before giving up."""
ROOT = Path(__file__).resolve().parents[3]


class ForeignRefused(ValueError):
    """The file was not read; the message, in the active language, says why.

    ``kind`` is 'refused' (by its reader, for ``reason`` where it gives one), 'broken', 'large' or 'busy'.
    """

    def __init__(self, message: str, kind: str, reason: str | None = None) -> None:
        self.kind, self.reason = kind, reason
        super().__init__(message)


def read_bounded(kind: str, contents: bytes, **options: Any) -> Any:
    """What the reader ``kind`` of ``child.READERS`` makes of ``contents``: bytes, or JSON's values.

    Raises ``ForeignRefused``.
    """
    with _turn():
        language = get_language() or settings.LANGUAGE_CODE
        told, body = _asked({"kind": kind, "language": language, "options": options, "patience": PATIENCE}, contents)
    outcome = told["outcome"]
    if outcome == "bytes":
        return body
    if outcome == "values":
        return json.loads(body)
    if outcome == "refused":
        raise ForeignRefused(told["why"], "refused", told["reason"])
    if outcome == "large":
        raise ForeignRefused(
            _(
                "Reading this file takes more memory or time than a file may take here, so it was refused. "
                "Save it in a simpler form, or print it to a new PDF, and send that one."
            ),
            "large",
        )
    log.warning("a file could not be read as %s: %s", kind, told.get("why"))
    raise ForeignRefused(_("This file cannot be read: it is damaged. Save it again and send it."), "broken")


def _asked(order: dict[str, Any], contents: bytes) -> tuple[dict[str, Any], bytes]:
    """What a child told of ``contents``. When the waiting process went away, or could not begin, another is asked."""
    for _time in range(TIMES):
        try:
            return _child().read(order, contents)
        except OSError as error:
            log.warning("the process that reads files did not answer: %s", error)
    raise ForeignRefused(
        _("The file could not be read: the site lacks memory or processes now. Send it again in a few minutes."), "busy"
    )


_places = threading.BoundedSemaphore(READ_AT_ONCE)
_sent: Counter[int | None] = Counter()
_counting = threading.Lock()


@contextmanager
def _turn() -> Iterator[None]:
    """A place among the files read now; nobody takes all of them."""
    # The readers are imported by the child too, which knows no models.
    from checklists.services.trail.record import acting_person

    who = acting_person()
    with _counting:
        if _sent[who] >= SENT_AT_ONCE:
            raise _busy()
        _sent[who] += 1
    try:
        if not _places.acquire(timeout=WAIT):
            raise _busy()
        try:
            yield
        finally:
            _places.release()
    finally:
        with _counting:
            _sent[who] -= 1
            if not _sent[who]:
                del _sent[who]


def _busy() -> ForeignRefused:
    return ForeignRefused(
        _("The site is reading too many files at this moment. Wait a little, then send it again."), "busy"
    )


LANGUAGES = "SITE_LANGUAGES"
"""The variable that tells the child the codes of the site's languages, its own first."""


class _Child:
    """The waiting process of this one; a process that was forked starts its own."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
            kept[LANGUAGES] = " ".join(site_languages())
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from checklists.services.foreign_files.child import main; main()"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                env=kept,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def read(self, order: dict[str, Any], contents: bytes) -> tuple[dict[str, Any], bytes]:
        """What the child told, and the bytes that go with it. A reading that is ended has told 'large'.

        Raises ``OSError`` when it could not begin.
        """
        with _in_memory() as sent, _in_memory() as given:
            sent.write(contents)
            sent.seek(0)
            life, their_life = os.pipe()
            try:
                try:
                    files = [sent.fileno(), given.fileno(), their_life]
                    socket.send_fds(self.orders, [json.dumps(order).encode()], files)
                finally:
                    os.close(their_life)
                _wait(life)
            finally:
                os.close(life)
            given.seek(0)
            head, _line, body = given.read().partition(b"\n")
        told = json.loads(head) if _line else {"outcome": "large", "length": 0}
        return (told, body) if told["length"] == len(body) else ({"outcome": "large"}, b"")


def _in_memory() -> Any:
    """A file without a name, that is on no disk."""
    return os.fdopen(os.memfd_create("foreign", os.MFD_CLOEXEC), "w+b")


def _wait(life: int) -> None:
    """Until the reading ends, by itself or by the kernel. Raises ``OSError`` if it ended before it began."""
    end = time.monotonic() + PATIENCE + GRACE
    begun = False
    while select.select([life], [], [], max(0.0, end - time.monotonic()))[0]:
        if os.read(life, 64):
            begun = True
        elif begun:
            return
        else:
            raise OSError("a reading was not begun")


_started: list[_Child] = []
_starting = threading.Lock()


def _child() -> _Child:
    with _starting:
        if not _started or not _started[0].is_alive():
            _started[:] = [_Child()]
        return _started[0]
