"""Every file made to break what reads it is refused with words, and leaves nothing behind."""

from __future__ import annotations

import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from checklists.models import Draft
from tests.admin.hostile import HEAD, hostile_tables, hostile_yaml
from tests.figures import count

NAMES = ["../../../etc/passwd.yaml", "<img src=x onerror=alert(1)>.yaml", "a" * 300 + ".yaml",
         "nul\r\nSet-Cookie: a=b.yaml", "C:\\Windows\\evil.yaml", "-rf.csv", "=cmd|' /C calc'!A0.xlsx"]  # fmt: skip


def test_no_hostile_file_is_accepted(bench: Client, draft: Draft) -> None:
    address = reverse("admin:checklists_draft_files", args=[draft.pk])
    accepted, tried = [], 0
    files = [(name, "file.yaml", raw) for name, raw in hostile_yaml()]
    files += [(name, "file.xlsx" if raw[:2] == b"PK" else "file.csv", raw) for name, raw in hostile_tables()]
    files += [(f"file name {name[:40]!r}", name, HEAD + b"title: &a x") for name in NAMES]
    for what, name, raw in files:
        response = bench.post(address, {"file": SimpleUploadedFile(name, raw)})
        page = response.content.decode()
        tried += 1
        if response.status_code != 422 or 'id="error-summary"' not in page or "<img src=x" in page:
            accepted.append(f"{what}: {response.status_code}")
    assert not draft.changes.exists()
    count("hostile files", "accepted", tried=tried, faults=len(accepted))
    assert accepted == []
    assert tried > 90


@pytest.mark.parametrize("declared", [100_000_000, 20_000_000])
def test_100_megabytes_are_turned_away_unread(bench: Client, draft: Draft, declared: int) -> None:
    class Unread:
        def read(self, *args: int) -> bytes:
            raise AssertionError("it was read")

        readline = read

    for address in (reverse("admin:checklists_draft_files", args=[draft.pk]), "/admin/checklists/draft/import/"):
        response = bench.generic("POST", address, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(declared),
                                 **{"wsgi.input": Unread()})  # fmt: skip
        assert response.status_code == 413
        assert "large" in response.content.decode()


def test_a_bomb_takes_no_memory(bench: Client, draft: Draft) -> None:
    address = reverse("admin:checklists_draft_files", args=[draft.pk])
    bombs = {name: raw for name, raw in [*hostile_yaml(), *hostile_tables()] if "bomb" in name or "laughs" in name}
    assert len(bombs) == 3
    for name, raw in bombs.items():
        bench.post(address, {"file": SimpleUploadedFile("file", b"")})
        tracemalloc.start()
        bench.post(address, {"file": SimpleUploadedFile("file", raw)})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20_000_000, name
