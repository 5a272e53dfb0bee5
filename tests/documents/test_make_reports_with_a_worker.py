"""``manage.py db_worker`` in a process of its own: it makes what waits, and its death in the middle loses nothing."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.postgres import postgres

ISSUE = """
import django; django.setup()
from checklists.models import Offer
from checklists.documents.tasks import set_going
from checklists.services.reports.issue_report import issue_report
issue_report(Offer.objects.get(pk="{offer}"), language="fr", form="{form}", by=None)
set_going()
"""
LOOK = "import django; django.setup(); from checklists.documents.tasks import set_going; set_going()"
WORKER = ["db_worker", "--batch", "--no-startup-delay", "--no-reload"]
WRITTEN_ONCE = ("checklists_report", "checklists_printedreport", "checklists_edition", "checklists_trailentry")


class Instance:
    """An instance in ``folder``, on the database at ``database`` ('' for SQLite)."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(folder), "BACKGROUND_WORKER": "True",
        }  # fmt: skip
        if database:
            self.environment["DATABASE_URL"] = database

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def sql(self, statement: str) -> list[Any]:
        """Without the product: what the rows say, or what becomes of them."""
        if self.database:
            with psycopg.connect(self.database) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.folder / "porte-cles.sqlite3", timeout=30)) as connection, connection:
            return connection.execute(statement).fetchall()


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_a_worker_killed_in_the_middle_loses_no_report(tmp_path: Path, kind: str) -> None:
    with ExitStack() as stack:
        instance = Instance(tmp_path, stack.enter_context(postgres()) if kind == "PostgreSQL" else "")
        told = instance.run("manage.py", "firstrun")
        offer = re.search(r"/offers/([0-9a-f-]{36})/", told).group(1)  # type: ignore[union-attr]
        instance.run("-c", ISSUE.format(offer=offer, form="full"))

        worker = instance.start("manage.py", *WORKER)
        while not instance.sql("SELECT 1 FROM checklists_printjob WHERE stage = 'setting'"):
            try:
                worker.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail("the worker ended before it could be killed")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        assert instance.sql("SELECT state, attempts FROM checklists_printjob") == [("running", 1)]

        # Half a minute without a sign of life goes by; somebody looks at the list; the worker is started again.
        instance.sql("UPDATE checklists_printjob SET alive_at = '2026-01-01 00:00:00+00:00'")
        instance.run("-c", LOOK)
        instance.run("manage.py", *WORKER)
        assert instance.sql("SELECT state, attempts FROM checklists_printjob") == [("done", 2)]
        assert len(instance.sql("SELECT 1 FROM checklists_printedreport")) == 1

        for table in WRITTEN_ONCE:
            column = {"checklists_report": "code", "checklists_printedreport": "plain_sha256"}.get(table, "sha256")
            for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
                with pytest.raises((sqlite3.IntegrityError, psycopg.Error)):
                    instance.sql(statement)
        if instance.database:
            with pytest.raises(psycopg.Error):
                instance.sql("TRUNCATE checklists_report CASCADE")
