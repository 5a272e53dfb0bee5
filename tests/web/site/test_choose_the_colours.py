"""Light or dark: the device's own colours unless the reader chose, without a script, on the site and behind it."""

from __future__ import annotations

import pytest
from django.test import Client

from checklists.models import User

SAYS = '<meta name="color-scheme" content="{}">'


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_a_choice_is_kept_on_site_and_administration(db: None, client: Client, chosen: str) -> None:
    assert SAYS.format("light dark") in client.get("/verify/").content.decode()
    sent = client.post("/theme/", {"theme": chosen, "next": "/verify/?a=b"})
    assert sent["Location"] == "/verify/?a=b"
    assert client.cookies["theme"]["httponly"] and client.cookies["theme"]["samesite"] == "Lax"
    assert SAYS.format(f"only {chosen}") in client.get("/verify/").content.decode()
    client.force_login(User.objects.create_superuser("chef@hopital.example", "a long pass phrase"))
    assert SAYS.format(f"only {chosen}") in client.get("/admin/").content.decode()


def test_the_device_decides_again(db: None, client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "device"})
    assert SAYS.format("light dark") in client.get("/verify/").content.decode()


@pytest.mark.parametrize("value", ["", "pink", "dark; x=y", "<b>"])
def test_what_is_no_theme_changes_nothing(db: None, client: Client, value: str) -> None:
    client.post("/theme/", {"theme": value})
    client.cookies["theme"] = value
    assert SAYS.format("light dark") in client.get("/verify/").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_no_other_site_is_gone_back_to(db: None, client: Client, back: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": back})["Location"] == "/"


def test_looking_chooses_nothing(db: None, client: Client) -> None:
    assert client.get("/theme/").status_code == 405
