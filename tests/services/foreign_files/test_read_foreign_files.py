"""Files made to stop their reader: each is refused in words or read, in time, and the site answers meanwhile."""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from checklists.services.foreign_files import ForeignRefused, read_bounded, reader
from checklists.services.trail.record import acting
from tests.figures import count
from tests.services.foreign_files import hostile_files as hostile

LONGEST, SLOWEST = 3.0 * reader.PATIENCE, 8.0
"""Seconds after which whoever sent the file, and whoever asked for a page beside it, must have been answered, on a
machine that other tests share."""

FILES: list[tuple[str, Callable[[], bytes], dict[str, str]]] = [
    ("logo", hostile.many_stops, {}),
    ("logo", hostile.chained_clips, {}),
    ("logo", hostile.dashed_paths, {}),
    ("logo", hostile.many_curves, {}),
    ("logo", hostile.translucent_layers, {}),
    ("evidence", hostile.object_stream_of_tiny_objects, {"word": "PDF"}),
    ("evidence", hostile.page_tree_of_arrays, {"word": "PDF"}),
    ("evidence", hostile.nested_arrays, {"word": "PDF"}),
    ("evidence", hostile.document_of_tiny_elements, {"word": "DOCX"}),
    ("evidence", hostile.nested_elements, {"word": "DOCX"}),
    ("evidence", hostile.sheet_of_cells, {"word": "XLSX"}),
    ("evidence", hostile.image_of_nothing, {"word": "PNG"}),
    ("attachment", hostile.object_stream_of_tiny_objects, {"name": "assessment.json"}),
    ("record", hostile.nested_json, {}),
    ("record", hostile.json_of_lists, {}),
    ("table", hostile.shared_strings_of_runs, {}),
    ("table", hostile.sheet_of_cells, {}),
    ("table", hostile.wide_table, {}),
    ("table", hostile.unclosed_quotation, {}),
    ("pack", hostile.yaml_of_flow, {}),
    ("pack", hostile.yaml_of_keys, {}),
]


@pytest.mark.parametrize(
    ("kind", "make", "options"), FILES, ids=[f"{kind}-{make.__name__}" for kind, make, _o in FILES]
)
def test_no_file_takes_the_site_away(db: None, kind: str, make: Callable[[], bytes], options: dict[str, str]) -> None:
    contents = make()
    read_bounded("table", b"a;b")
    Client().get("/accessibility/")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told: list[str] = []

    def read() -> None:
        try:
            read_bounded(kind, contents, **options)
        except ForeignRefused as refusal:
            told.append(str(refusal))

    began = time.monotonic()
    reading = threading.Thread(target=read)
    reading.start()
    slowest, answered = 0.0, 0
    browser = Client()
    while reading.is_alive() or not answered:
        asked = time.monotonic()
        assert browser.get("/accessibility/").status_code == 200
        slowest = max(slowest, time.monotonic() - asked)
        answered += 1
        reading.join(0.3)
    taken = time.monotonic() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    is_at_fault = taken > LONGEST or grown > 150_000 or slowest > SLOWEST
    count("hostile files read beside the site", "that stopped it", tried=1, faults=is_at_fault)
    assert not is_at_fault, (taken, grown, slowest)
    assert all(told)


def test_what_is_sound_is_read() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'
    assert read_bounded("logo", svg).startswith(b"\x89PNG")
    assert read_bounded("table", "a;b\n1;\u00e9\n".encode()) == [["1", "a", "b"], ["2", "1", "\u00e9"]]


def test_the_words_are_in_the_readers_language() -> None:
    from django.utils.translation import override

    for language, words in (("fr", "endommag\u00e9"), ("en", "damaged")):
        with override(language), pytest.raises(ForeignRefused, match=words):
            read_bounded("evidence", b"\x89PNG\r\n\x1a\nnothing", word="PNG")


def test_a_reading_that_hangs_is_killed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PATIENCE", 0.3)
    contents = hostile.object_stream_of_tiny_objects()
    began = time.monotonic()
    with pytest.raises(ForeignRefused) as refused:
        read_bounded("evidence", contents, word="PDF")
    assert refused.value.kind == "large"
    assert time.monotonic() - began < 5


def test_nobody_takes_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fourth file that one person has read at one time is refused at once; another person's is read."""
    held = threading.Event()
    waiting = threading.Semaphore(0)

    class Slow:
        def read(self, order: dict[str, Any], contents: bytes) -> tuple[dict[str, Any], bytes]:
            waiting.release()
            held.wait(5)
            return {"outcome": "values", "length": 2}, b"{}"

    monkeypatch.setattr(reader, "_child", Slow)
    monkeypatch.setattr(reader, "_places", threading.BoundedSemaphore(9))

    def read(person: int) -> None:
        with acting(lambda: person):
            read_bounded("table", b"")

    threads = [threading.Thread(target=read, args=(1,)) for _each in range(reader.SENT_AT_ONCE)]
    for thread in threads:
        thread.start()
        waiting.acquire(timeout=5)
    with acting(lambda: 1), pytest.raises(ForeignRefused) as refused:
        read_bounded("table", b"")
    assert refused.value.kind == "busy"
    other = threading.Thread(target=read, args=(2,))
    other.start()
    assert waiting.acquire(timeout=5)
    held.set()
    for thread in (*threads, other):
        thread.join()
    assert not reader._sent


def test_a_waiting_process_that_died_is_started_again() -> None:
    read_bounded("table", b"a;b\n")
    process = reader._started[0].process
    process.kill()
    process.wait()
    assert read_bounded("table", b"a;b\n") == [["1", "a", "b"]]


def _readings() -> list[int]:
    waiting = reader._started[0].process.pid
    return [int(number) for number in Path(f"/proc/{waiting}/task/{waiting}/children").read_text().split()]


def test_a_reading_that_hangs_ends_without_anybody_killing_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number may be another process's by the time it is killed, the site's own among them."""
    monkeypatch.setattr(reader, "PATIENCE", 0.3)
    monkeypatch.setattr(os, "kill", lambda *_sent: pytest.fail("a process was killed by its number"))
    with pytest.raises(ForeignRefused):
        read_bounded("evidence", hostile.object_stream_of_tiny_objects(), word="PDF")
    until = time.monotonic() + 2
    while _readings() and time.monotonic() < until:
        time.sleep(0.02)
    assert not _readings()


def test_limits_of_a_reading_are_not_those_of_the_site() -> None:
    limits = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
    before = [resource.getrlimit(limit) for limit in limits], os.nice(0), signal.getitimer(signal.ITIMER_REAL)
    read_bounded("table", b"a;b\n")
    assert before == (
        [resource.getrlimit(limit) for limit in limits],
        os.nice(0),
        signal.getitimer(signal.ITIMER_REAL),
    )


def test_a_reading_that_never_began_is_not_said_to_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process that is asked closes what it was handed at once, as one does that cannot make a copy of itself."""
    asked: list[int] = []

    def closed(*_sent: object) -> None:
        asked.append(1)

    monkeypatch.setattr(socket, "send_fds", closed)
    with pytest.raises(ForeignRefused) as refused:
        read_bounded("table", b"a;b\n")
    assert (refused.value.kind, len(asked)) == ("busy", reader.TIMES)
