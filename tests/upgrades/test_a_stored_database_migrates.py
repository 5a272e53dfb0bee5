"""A database made at an earlier commit is migrated: same answers, same verdicts, same bytes, a trail that holds."""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.postgres import postgres

HERE = Path(__file__).parent


def _unpacked(name: str) -> bytes:
    return lzma.decompress((HERE / f"{name}.xz").read_bytes())


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored database, put back in ``folder`` or at ``address``; ``expected``: what it held when it was made."""

    folder: Path
    address: str
    expected: dict[str, Any]

    def run(self, *arguments: str) -> str:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = kept | {"DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(self.folder)}
        if self.address:
            environment["DATABASE_URL"] = self.address
        done = subprocess.run(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    """The database of commit 8c51ca7, migrated."""
    folder = tmp_path_factory.mktemp("stored")
    if request.param == "SQLite":
        (folder / "porte-cles.sqlite3").write_bytes(_unpacked("8c51ca7.sqlite3"))
        yield _migrated(Stored(folder, "", json.loads(_unpacked("8c51ca7.sqlite3.json"))))
        return
    with postgres() as address:
        with psycopg.connect(address) as connection:
            connection.execute(_unpacked("8c51ca7.sql"))
        yield _migrated(Stored(folder, address, json.loads(_unpacked("8c51ca7.sql.json"))))


def _migrated(stored: Stored) -> Stored:
    stored.run("manage.py", "migrate")
    return stored


def test_the_same_answers_verdicts_reports_and_rows_are_found(stored: Stored) -> None:
    found, expected = json.loads(stored.run("-m", "tests.upgrades.found")), stored.expected
    assert len(expected["answers"]) > 400
    assert found["answers"] == expected["answers"]
    assert found["verdicts"] == expected["verdicts"]
    assert found["reports"] == expected["reports"]
    assert found["rows"] | expected["rows"] == found["rows"], "only tables that are new since may differ"


def test_the_trail_holds_with_every_entry_of_then(stored: Stored) -> None:
    heads = stored.folder / "heads.json"
    heads.write_text(json.dumps(stored.expected["heads"]))
    entries = sum(position for _chain, position, _sha256 in stored.expected["heads"])
    assert entries > 500
    assert "The trail holds" in stored.run("manage.py", "verifytrail", "--heads", str(heads))


def test_migrating_again_changes_nothing(stored: Stored) -> None:
    assert "No migrations to apply" in stored.run("manage.py", "migrate")
