"""The fingerprint of an entry hangs on its moment, not on the clock of the machine that computes it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from checklists.core.trail import START, Link

LINK = Link(7, 1, datetime(2026, 11, 24, 12, tzinfo=UTC), 1, "answer.changed", "answer", "1", {}, START)


def test_the_same_moment_told_in_another_zone_has_the_same_fingerprint() -> None:
    elsewhere = LINK.at.astimezone(timezone(timedelta(hours=9)))
    assert replace(LINK, at=elsewhere).fingerprint() == LINK.fingerprint()
    assert replace(LINK, at=LINK.at + timedelta(hours=9)).fingerprint() != LINK.fingerprint()


def test_a_machine_set_to_another_zone_computes_the_same_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    here = LINK.fingerprint()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert LINK.fingerprint() == here
    finally:
        monkeypatch.undo()
        time.tzset()
