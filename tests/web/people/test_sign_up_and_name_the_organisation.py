"""Signing up names the organisation; a form that is refused says so in its title and in a list that takes the focus."""

from __future__ import annotations

from django.test import Client

from checklists.models import Edition, Organisation

WORDS = "une phrase de passe bien longue"
SENT = {"email": "dpd@hopital.example", "password1": WORDS, "password2": WORDS}


def test_the_organisation_is_called_as_typed(client: Client, edition: Edition) -> None:
    client.post("/account/signup/", SENT | {"organisation": " Hôpital de l’Ouest "})
    assert [organisation.name for organisation in Organisation.objects.all()] == ["Hôpital de l’Ouest"]
    assert "organisation_to_found" not in client.session


def test_it_need_not_be_named(client: Client, edition: Edition) -> None:
    client.post("/account/signup/", SENT)
    assert "dpd@hopital.example" in Organisation.objects.get().name


def test_what_is_refused_is_told_on_top_and_in_the_title(client: Client, edition: Edition) -> None:
    client.cookies["django_language"] = "en"
    page = client.post("/account/signup/", SENT | {"password2": "other", "organisation": "x" * 201}).content.decode()
    assert "<title>Error: " in page
    summary = page.split('id="error-summary"')[1].split("</div>")[0]
    assert "autofocus" in summary
    assert 'href="#id_password2"' in summary
    assert 'href="#id_organisation"' in summary
    assert not Organisation.objects.exists()
    assert "<title>Error: " not in client.get("/account/signup/").content.decode()
