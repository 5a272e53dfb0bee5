"""Where the files of evidence lie: outside what the web serves, under random names, readable by the instance alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def store(contents: bytes) -> str:
    """Write a new file and return the random name it is kept under."""
    name = secrets.token_hex(32)
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    return name


def path_of(name: str) -> Path:
    """The path of a stored file. Raises ``ValueError`` for what is no name of ours."""
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise ValueError("not the name of a stored file")
    return Path(settings.EVIDENCE_ROOT) / name[:2] / name


def discard(name: str) -> None:
    """Remove a stored file; one that is gone already is no trouble."""
    path_of(name).unlink(missing_ok=True)


def stored_names() -> Iterator[str]:
    """Every file that lies there, whoever put it."""
    root = Path(settings.EVIDENCE_ROOT)
    return (path.name for path in sorted(root.glob("??/*")) if path.is_file()) if root.is_dir() else iter(())
