"""The server killed at its worst moment: while hundreds of answers are being saved. What it acknowledged is there."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from django.conf import settings

from tests.figures import count
from tests.postgres import free_port, postgres

SAVES = 500


@contextmanager
def served(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gunicorn", "compliance.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "8"]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(address: str) -> None:
    """Until it answers: each try waits for the connection, not for a clock."""
    session = requests.Session()
    retry = requests.adapters.Retry(total=60, connect=60, backoff_factor=0.05, backoff_max=0.5)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    session.get(f"{address}/health", timeout=30).raise_for_status()


def sign_in(address: str, email: str, password: str) -> requests.Session:
    browser = requests.Session()
    page = browser.get(f"{address}/account/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    sent = {"login": email, "password": password, "csrfmiddlewaretoken": token.group(1)}
    assert "sessionid" in browser.post(f"{address}/account/login/", sent, timeout=30).request.headers["Cookie"]
    browser.headers.update({"X-CSRFToken": browser.cookies["csrftoken"], "HX-Request": "true"})
    return browser


def rows(database: str, folder: Path) -> dict[tuple[str, str], tuple[int, str]]:
    """Revision and comment by offer and question, read without the product."""
    asked = "SELECT offer_id, question, revision, comment FROM checklists_answer WHERE offer_id IS NOT NULL"
    if database:
        with psycopg.connect(database) as connection:
            found = connection.execute(asked).fetchall()
    else:
        with sqlite3.connect(folder / "porte-cles.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            found = connection.execute(asked).fetchall()
    return {(str(offer).replace("-", ""), question): (revision, text) for offer, question, revision, text in found}


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_what_was_acknowledged_is_there(tmp_path: Path, kind: str) -> None:
    with ExitStack() as stack:
        database = stack.enter_context(postgres()) if kind == "PostgreSQL" else ""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # The tests' settings for plain static files; the database and the server are those of an instance.
        kept["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        environment = kept | {"VAR_DIR": str(tmp_path), "SITE_URL": address}
        environment |= {"DATABASE_URL": database} if database else {}
        done = subprocess.run(
            [sys.executable, "manage.py", "firstrun"],
            cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        email, password = (re.search(rf"{word}\s+(\S+)\n", done.stdout).group(1) for word in ("e-mail", "password"))  # type: ignore[union-attr]
        server = stack.enter_context(served(environment, port))
        wait_for(address)
        browser = sign_in(address, email, password)
        offer = re.search(r"/offers/([0-9a-f-]{36})/", done.stdout).group(1)  # type: ignore[union-attr]
        review = browser.get(f"{address}/offers/{offer}/review/", timeout=60).text
        concerns = sorted(set(re.findall(rf"/offers/{offer}/questions/(\w[\w-]*)/", review)))
        pages = [browser.get(f"{address}/offers/{offer}/questions/{key}/", timeout=60).text for key in concerns]
        page = "\n".join(pages)
        checked = dict(re.findall(r'name="q-(\w+)-answer"\s+value="(option:\w+)"[^>]*? checked', page))
        assert len(checked) >= 8
        given = dict(re.findall(r'name="q-(\w+)-revision" id="[^"]*" value="(\d+)"', page))
        revisions = {key: int(given[key]) for key in checked}
        acknowledged: dict[str, tuple[int, str]] = {}
        refused: list[int] = []
        half = threading.Event()
        total = [0]

        def write(key: str, share: int) -> None:
            mine = requests.Session()
            mine.headers, mine.cookies = browser.headers, browser.cookies
            for number in range(share):
                text = f"{key} {number}"
                sent: dict[str, Any] = {f"q-{key}-answer": checked[key], f"q-{key}-comment": text}
                sent[f"q-{key}-revision"] = revisions[key] + number
                try:
                    response = mine.post(f"{address}/offers/{offer}/answers/{key}/", sent, timeout=30)
                except requests.RequestException:
                    return  # The server is dead: this answer was not acknowledged.
                if response.status_code != 200:
                    refused.append(response.status_code)
                    return
                acknowledged[key] = (revisions[key] + number + 1, text)
                total[0] += 1
                if total[0] >= SAVES // 5:
                    half.set()

        share = SAVES // len(checked) + 1
        writers = [threading.Thread(target=write, args=(key, share)) for key in checked]
        for writer in writers:
            writer.start()
        assert half.wait(120), (total, refused)
        os.killpg(server.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()
        assert refused == []
        assert total[0] < SAVES
        found = rows(database, tmp_path)
        lost = []
        for key, (revision, text) in acknowledged.items():
            there, comment = found[offer.replace("-", ""), key]
            # The answer that was on its way when the server died may be there as well.
            if there < revision or (there == revision and comment != text):
                lost.append((key, revision, there))
        count(f"answers acknowledged before kill -9, {kind}", "lost", tried=total[0], faults=len(lost))
        assert lost == []
