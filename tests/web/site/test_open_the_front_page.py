"""The front page of who is not signed in: what it is, a first verdict, a real one."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from checklists.models import Edition


def front(client: Client) -> str:
    client.cookies["django_language"] = "en"
    return client.get(reverse("home")).content.decode()


def test_it_offers_a_first_verdict_and_shows_a_real_one(edition: Edition, client: Client) -> None:
    page = front(client)
    assert reverse("first-verdict") in page
    assert "Without an account." in page
    assert "French Health Data Hub on Microsoft Azure" in page
    assert "Transition only" in page
    assert "8 October 2020" in page
    assert "decided cases judged again" in page


def test_closed_it_offers_none(edition: Edition, client: Client, settings: Any) -> None:
    settings.FIRST_VERDICT = False
    assert reverse("first-verdict") not in front(client)


def test_without_a_checklist_it_still_opens(db: None, client: Client) -> None:
    page = front(client)
    assert "Who carries the keys?" in page
    assert reverse("first-verdict") not in page
