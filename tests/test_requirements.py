"""The locks hold what is asked for, with hashes, and nothing that has none."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def _pins(name: str) -> dict[str, str]:
    found = PIN.findall((settings.BASE_DIR / name).read_text())
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_is_what_is_asked_for(name: str) -> None:
    asked, locked = _pins(f"{name}.txt"), _pins(f"{name}.lock")
    assert len(asked) > 10
    assert {package: locked.get(package) for package in asked} == asked, "run make lock"


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_package_has_a_hash(name: str) -> None:
    text = (settings.BASE_DIR / f"{name}.lock").read_text()
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=\S)", text) if "==" in part)
