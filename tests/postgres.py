"""A PostgreSQL server of a test's own, where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of its own, its address, ended afterwards."""
    if not BINARIES:
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql")
    folder, port = Path(tempfile.mkdtemp(prefix="kill-")), free_port()
    prefix: list[str] = []
    if os.getuid() == 0:
        try:
            shutil.chown(folder, "postgres")
        except LookupError:
            pytest.skip("PostgreSQL refuses root, and there is no account 'postgres'")
        prefix = ["runuser", "-u", "postgres", "--"]
    bin_folder, quiet = BINARIES[-1].parent, {"stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        [*prefix, bin_folder / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        check=True, **quiet,
    )  # fmt: skip
    control = [*prefix, bin_folder / "pg_ctl", "-D", folder / "data", "-w"]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True, **quiet)
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the tests that the command line names, all by default, on a server of their own."""
    with postgres() as address:
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
