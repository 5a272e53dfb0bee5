"""Profiles as files in the administration: shown first, loaded once confirmed, taken out, edited with their history."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from checklists.models import ProfileChange, ProviderProfile, User
from checklists.packs.profiles.reader import read_profile, shipped_profile
from checklists.services.profiles.load_profile import load_profile, preview

IMPORT = reverse("admin:checklists_providerprofile_import")


def send(bench: Client, raw: bytes, name: str = "oodrive.yaml") -> str:
    response = bench.post(IMPORT, {"file": SimpleUploadedFile(name, raw)})
    assert response.status_code in (200, 422)
    return response.content.decode()


def token(page: str) -> str:
    found = re.search(r'name="preview" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_file_is_shown_first_then_loaded(bench: Client, editor: User) -> None:
    page = send(bench, shipped_profile("oodrive"))
    assert "A new profile" in page
    assert not ProviderProfile.objects.exists()
    assert bench.post(IMPORT, {"preview": token(page)}).status_code == 302
    assert ProviderProfile.objects.get().facts.count() == 8
    assert ProfileChange.objects.get().by == editor
    changed = shipped_profile("oodrive").replace(b"2028-01-25", b"2029-01-25")
    page = send(bench, changed)
    assert "2028-01-25 → 2029-01-25" in page
    assert "There is nothing to load" in send(bench, shipped_profile("oodrive"))


def test_what_changed_meanwhile_is_shown_again(bench: Client) -> None:
    page = send(bench, shipped_profile("oodrive"))
    load_profile(read_profile(shipped_profile("oodrive").replace(b"2028-01-25", b"2027-01-25")), None)
    response = bench.post(IMPORT, {"preview": token(page)})
    assert response.status_code == 409
    assert "2027-01-25 → 2028-01-25" in response.content.decode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"schema: porte-cles/profile/1\n",
        b"[" * 5000,
        b'{"library": {}, "signature": {}}',
        b"- a: &x 1",
    ],
)
def test_a_file_that_is_no_profile_is_refused_in_words(bench: Client, raw: bytes) -> None:
    page = send(bench, raw)
    assert "refused" in page or "cannot be read" in page
    assert not ProviderProfile.objects.exists()


def test_a_forged_confirmation_loads_nothing(bench: Client) -> None:
    assert bench.post(IMPORT, {"preview": "forged"}).status_code == 422
    assert bench.post(IMPORT, {}).status_code == 422
    assert not ProviderProfile.objects.exists()


def test_a_profile_is_taken_out_and_says_the_same_when_loaded(bench: Client) -> None:
    row = load_profile(read_profile(shipped_profile("gcp-eu")), None)[0]
    raw = bench.get(reverse("admin:checklists_providerprofile_file", args=[row.pk])).content
    assert preview(read_profile(raw)).differences == ()


def test_a_shipped_fact_and_the_reply_are_edited_with_their_history(bench: Client, editor: User) -> None:
    row = load_profile(read_profile(shipped_profile("oodrive")), None)[0]
    fact = row.facts.get(question="contracting_entity_country")
    page = bench.get(reverse("admin:checklists_profilefact_change", args=[fact.pk]))
    sent = {**page.context["adminform"].form.initial, "profile": row.pk, "contested_fr": "Non.", "contested_en": "No."}
    sent = {name: value for name, value in sent.items() if value is not None}
    assert bench.post(reverse("admin:checklists_profilefact_change", args=[fact.pk]), sent).status_code == 302
    fact.refresh_from_db()
    assert fact.contested == {"fr": "Non.", "en": "No."}
    assert fact.text["fr"].startswith("Oodrive se décrit")
    change = reverse("admin:checklists_providerprofile_change", args=[row.pk])
    sent = {"provider": "Oodrive", "service": row.service, "scope_fr": row.scope["fr"], "scope_en": row.scope["en"]}
    half = bench.post(change, {**sent, "reply_text": "Nous contestons."})
    assert "reply_date" in half.context["adminform"].form.errors
    bench.post(change, {**sent, "reply_text": "Nous contestons.", "reply_date": "2026-12-02"})
    row.refresh_from_db()
    assert row.reply == {"date": "2026-12-02", "text": "Nous contestons."}
    assert ProfileChange.objects.filter(by=editor).count() == 2


def test_approvers_and_members_load_nothing(client: Client, approver: User, officer: User) -> None:
    for user in (approver, officer):
        client.force_login(user)
        assert client.post(IMPORT, {}).status_code in (302, 403)
