"""Several processes that each count attempts for themselves are told of; what the instance keeps is closed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks

from checklists.services.operating.counted_attempts import processes_asked

IN_MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
IN_FILES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "/nowhere"}}
NONE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.mark.parametrize(
    ("environ", "argv", "asked"),
    [
        ({}, ["manage.py", "check"], 1),
        ({"WEB_CONCURRENCY": "4"}, ["manage.py", "check"], 4),
        ({"WEB_CONCURRENCY": "4"}, ["/opt/.venv/bin/gunicorn", "site", "--workers", "2"], 2),
        ({}, ["gunicorn", "-w", "3", "site"], 3),
        ({}, ["gunicorn", "-w3", "site"], 3),
        ({}, ["gunicorn", "--workers=5", "site"], 5),
        ({"GUNICORN_CMD_ARGS": "--bind 0.0.0.0 --workers=6"}, ["manage.py"], 6),
        ({"GUNICORN_CMD_ARGS": "-w 6"}, ["gunicorn", "site", "-w", "2"], 2),
        ({}, ["manage.py", "--workers", "9"], 1),
        ({"WEB_CONCURRENCY": "many"}, ["gunicorn", "--workers"], 1),
        ({"WEB_CONCURRENCY": "9" * 5000}, ["gunicorn"], 1),
        ({"WEB_CONCURRENCY": "0"}, ["gunicorn"], 1),
    ],
)
def test_how_many_processes_serve_is_read_where_gunicorn_reads_it(
    environ: dict[str, str], argv: list[str], asked: int
) -> None:
    assert processes_asked(environ, argv) == asked


@pytest.mark.parametrize(
    ("caches", "processes", "told"),
    [
        (IN_MEMORY, "2", True),
        (NONE, "2", True),
        (IN_MEMORY, "1", False),
        (IN_FILES, "2", False),
    ],
)
def test_counters_of_each_process_are_warned_of_where_several_serve(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caches: dict[str, Any], processes: str, told: bool
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", processes)
    monkeypatch.delenv("GUNICORN_CMD_ARGS", raising=False)
    settings.CACHES = caches
    found = [message for message in run_checks() if message.id == "checklists.W001"]
    assert bool(found) is told
    assert all("CACHE_URL" in (message.hint or "") for message in found)


def test_what_the_instance_keeps_is_closed_to_other_accounts_whatever_the_umask(tmp_path: Path) -> None:
    """A folder and a database that an earlier version left open are closed, and what is made anew is closed too."""
    kept = tmp_path / "var"
    kept.mkdir()
    kept.chmod(0o755)
    for name in ("porte-cles.sqlite3", "porte-cles.sqlite3-wal"):
        (kept / name).touch()
        (kept / name).chmod(0o644)
    told = [
        "import os",
        "from pathlib import Path",
        "from django.conf import settings",
        "from checklists.services.evidence import files",
        "files.store(b'kept')",
        "Path(settings.VAR_DIR, 'made').write_text('x')",
        "Path(settings.VAR_DIR, 'folder').mkdir()",
        "print(oct(os.umask(0)))",
    ]
    asked = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"VAR_DIR": str(kept)}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", "; ".join(told)],
        cwd=settings.BASE_DIR, env=asked, capture_output=True, text=True, timeout=60, check=True, umask=0o022,
    )  # fmt: skip
    assert done.stdout.strip() == "0o77"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (kept, *kept.rglob("*"))}
    assert len(modes) >= 7
    assert {path.relative_to(tmp_path): oct(mode) for path, mode in modes.items() if mode & 0o077} == {}
    assert modes[kept] == 0o700
    assert modes[kept / "porte-cles.sqlite3"] == modes[kept / "secret_key"] == 0o600
