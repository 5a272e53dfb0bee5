"""Variants and the control chain of a profile: changed by a form, checked as a file is, kept with their history."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import ProfileChange, ProviderProfile, User
from checklists.packs.profiles.reader import read_profile, shipped_profile
from checklists.services.profiles.library import profile_of
from checklists.services.profiles.load_profile import load_profile


@pytest.fixture
def profile(db: None) -> ProviderProfile:
    return load_profile(read_profile(shipped_profile("ovhcloud-public")), None)[0]


def address(profile: ProviderProfile) -> str:
    return reverse("admin:checklists_providerprofile_parts", args=[profile.pk])


def sent_back(page: Any) -> dict[str, Any]:
    """What a browser sends when nothing is changed on the page."""
    sent: dict[str, Any] = {}
    for _name, _heading, table in page.context["tables"]:
        for form in [table.management_form, *table]:
            for field in form:
                value = field.value()
                if value not in (None, False, ""):
                    sent[field.html_name] = "on" if value is True else value
    return sent


def test_a_page_sent_back_as_it_was_changes_nothing(bench: Client, profile: ProviderProfile) -> None:
    before = profile_of(profile).to_document()
    number = ProfileChange.objects.count()
    assert bench.post(address(profile), sent_back(bench.get(address(profile)))).status_code == 302
    profile.refresh_from_db()
    assert profile_of(profile).to_document() == before
    assert ProfileChange.objects.count() == number


def test_a_joint_venture_is_entered_from_its_shape(bench: Client, editor: User, profile: ProviderProfile) -> None:
    page = bench.get(address(profile), {"shape": "joint_venture"})
    sent = sent_back(page)
    key = profile_of(profile).sources[0].key
    for row, name in enumerate(("Nuage commun", "Télécom", "Big Cloud")):
        sent |= {f"companies-{row}-name": name, f"companies-{row}-sources": key}
    sent |= {"sources-0-key": "pact", "sources-0-kind": "register", "sources-0-title": "Shareholders’ pact"}
    sent |= {"holdings-0-sources": key, "holdings-1-sources": f"{key} pact", "holdings-1-capital": "49,00 %"}
    variants = len(profile.variants)
    sent |= {f"variants-{variants}-key": "outside", f"variants-{variants}-label_fr": "Clés hors du service"}
    refused = bench.post(address(profile), sent)
    assert refused.status_code == 422
    assert refused.context["faults"]
    sent |= {f"variants-{variants}-label_en": "Keys outside"}
    assert bench.post(address(profile), sent).status_code == 302
    profile.refresh_from_db()
    assert profile.chain
    assert [company["name"] for company in profile.chain["companies"]] == ["Nuage commun", "Télécom", "Big Cloud"]
    assert profile.chain["holdings"][1]["capital"] == "49.00"
    assert profile.variants[-1]["label"] == {"fr": "Clés hors du service", "en": "Keys outside"}
    assert ProfileChange.objects.latest("pk").by == editor


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("companies-0-sources", "nowhere"),
        ("holdings-0-capital", "120"),
        ("holdings-0-held", "Z"),
        ("variants-0-key", "other"),
        ("sources-0-key", "Not a key"),
        ("sources-0-date", "31/02/2026"),
        ("companies-0-role", "king"),
    ],
)
def test_what_makes_no_whole_profile_is_refused_in_words(
    bench: Client, profile: ProviderProfile, field: str, value: str
) -> None:
    before = profile_of(profile).to_document()
    sent = sent_back(bench.get(address(profile)))
    assert bench.post(address(profile), {**sent, field: value}).status_code == 422
    profile.refresh_from_db()
    assert profile_of(profile).to_document() == before


def test_only_who_edits_profiles_opens_it(desk: Client, profile: ProviderProfile) -> None:
    assert desk.get(address(profile)).status_code in (302, 403, 404)
