"""The screens are complete in French: no message without a translation, none guessed."""

from __future__ import annotations

import subprocess

import pytest
from django.conf import settings


@pytest.mark.parametrize("kind", ["--untranslated", "--only-fuzzy"])
def test_french_lacks_nothing(kind: str) -> None:
    catalogue = settings.BASE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    found = subprocess.run(
        ["msgattrib", kind, "--no-obsolete", catalogue], capture_output=True, check=True, text=True
    ).stdout
    assert [line for line in found.splitlines() if line.startswith("msgid") and line != 'msgid ""'] == []
