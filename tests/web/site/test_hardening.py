"""What every response tells the browser to refuse, and the settings of an instance in production."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from checklists.models import Offer

PRODUCTION = {
    "SITE_URL": "https://porte-cles.hopital.example",
    "ALLOWED_HOSTS": "porte-cles.hopital.example",
    "DEBUG": "False",
    "BEHIND_PROXY": "True",
}


def manage(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | PRODUCTION | {"VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_djangos_deployment_check_finds_nothing_in_production(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_cookies_stay_on_https_in_production(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    asked = f"from django.conf import settings; print([getattr(settings, name) for name in {names}])"
    done = manage(tmp_path, "shell", "--no-imports", "-c", asked)
    assert done.stdout.strip() == str([True] * len(names)), done.stderr


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nowhere/", "{offer}/result/"])
def test_every_page_refuses_what_it_does_not_need(desk: Client, example: Offer, address: str) -> None:
    headers = desk.get(address.format(offer=f"/offers/{example.pk}")).headers
    policy = headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["object-src"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert [name for name, value in directives.items() if "data:" in value] == ["img-src"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]


def test_https_is_remembered_by_the_browser(db: None, client: Client, settings: object) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000  # type: ignore[attr-defined]
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # type: ignore[attr-defined]
    response = client.get("/accessibility/", secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
