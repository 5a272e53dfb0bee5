"""The moment that a workbook says it was made at is UTC's, wherever the site is."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from checklists.files.spreadsheet import xlsx_file


@pytest.mark.parametrize("place", ["Europe/Paris", "Pacific/Kiritimati", "America/Anchorage"])
def test_a_workbook_is_dated_in_utc(place: str) -> None:
    with timezone.override(place):
        contents = xlsx_file("Table", [["a"]])
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        properties = archive.read("docProps/core.xml").decode()
    for told in re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]+)<", properties):
        assert told.endswith("Z")
        assert abs(datetime.fromisoformat(told) - datetime.now(UTC)) < timedelta(minutes=5)
