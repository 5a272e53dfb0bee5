"""Gunicorn's configuration for one machine: the site, and beside it one process that makes reports and drafts.

``make run`` uses it: ``gunicorn -c compliance/with_worker.py compliance.wsgi``. The worker is started again if it
stops, and ends with the site.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

os.environ.setdefault("BACKGROUND_WORKER", "True")
workers = 1
threads = 16
"""Most of them wait: for a file that is read, for a draft that is made."""

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "manage.py", "db_worker", "--interval", "0.5", "--no-startup-delay", "--no-reload"]
NICENESS = 5
"""The site comes first."""
PAUSE = 2.0
"""Seconds before a worker that stopped is started again."""

_ending = threading.Event()
_running: list[subprocess.Popen[bytes]] = []


def when_ready(server: Any) -> None:
    threading.Thread(target=_keep_one, name="keep-worker", daemon=True).start()


def _keep_one() -> None:
    while not _ending.is_set():
        _running[:] = [subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.DEVNULL, preexec_fn=_beside)]  # noqa: S603
        _running[0].wait()
        _ending.wait(PAUSE)


def _beside() -> None:
    """In the worker: after the site for the processor, and gone when the site is."""
    os.nice(NICENESS)
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def on_exit(server: Any) -> None:
    _ending.set()
    for process in _running:
        process.terminate()
