"""Editors of criteria keep provider profiles in the administration: faults told beside the field, all kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import ProfileChange, ProfileFact, ProviderProfile, User
from tests.services.made_profiles import a_fact, a_profile

ADD = reverse("admin:checklists_profilefact_add")


def sent(profile: ProviderProfile, said: str, **changes: str) -> dict[str, str]:
    return {
        "profile": str(profile.pk), "said": said, "given": "", "source_title": "Contrat type",
        "source_url": "https://example.org/contrat", "source_date": "2026-01-15", "checked_on": "2026-03-02",
        **changes,
    }  # fmt: skip


def test_a_profile_and_its_facts_are_written_and_their_changes_shown(bench: Client, editor: User) -> None:
    bench.post(
        reverse("admin:checklists_providerprofile_add"), {"provider": "Hôte", "service": "Nuage", "note": "En France"}
    )
    profile = ProviderProfile.objects.get()
    assert bench.post(ADD, sent(profile, "cnil-hosting:key_holder:provider")).status_code == 302
    assert bench.post(ADD, sent(profile, "cnil-hosting:contracting_entity_country:=", given="FR")).status_code == 302
    fact = ProfileFact.objects.get(question="key_holder")
    bench.post(
        reverse("admin:checklists_profilefact_change", args=[fact.pk]),
        sent(profile, "cnil-hosting:key_holder:customer_only"),
    )
    assert ProfileFact.objects.get(question="key_holder").value == "customer_only"
    page = bench.get(reverse("admin:checklists_providerprofile_change", args=[profile.pk])).content.decode()
    assert "provider → customer_only" in page
    assert "France" in page
    assert list(ProfileChange.objects.values_list("by", flat=True)) == [editor.pk] * 4


@pytest.mark.parametrize(
    ("said", "changes", "field"),
    [
        ("cnil-hosting:key_holder:nobody", {}, "said"),
        ("nonsense", {}, "said"),
        ("cnil-hosting:data_category:health", {}, "said"),
        ("cnil-hosting:contracting_entity_country:=", {"given": "Frankreich"}, "given"),
        ("cnil-hosting:contracting_entity_country:=", {}, "given"),
        ("cnil-hosting:transition_end:=", {"given": "31 February"}, "given"),
        ("cnil-hosting:key_holder:provider", {"given": "FR"}, "given"),
        ("cnil-hosting:key_holder:provider", {"source_url": "javascript:alert(1)"}, "source_url"),
        ("cnil-hosting:key_holder:provider", {"source_title": ""}, "source_title"),
        ("cnil-hosting:key_holder:provider", {"checked_on": "2999-01-01"}, "checked_on"),
        ("cnil-hosting:key_holder:provider", {"source_date": "2026-03-03"}, "source_date"),
        ("cnil-hosting:key_holder:provider", {"source_date": "2026-02-31"}, "source_date"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_beside_its_field(
    bench: Client, said: str, changes: dict[str, str], field: str
) -> None:
    response = bench.post(ADD, sent(a_profile(key_holder="provider"), said, **changes))
    errors = response.context["adminform"].form.errors
    assert field in errors
    assert ProfileFact.objects.count() == 1


def test_a_second_fact_on_a_question_is_refused_in_words(bench: Client) -> None:
    response = bench.post(ADD, sent(a_profile(key_holder="provider"), "cnil-hosting:key_holder:customer_only"))
    assert "has a fact on this question already" in response.content.decode()


def test_an_answer_the_newest_edition_lost_is_shown_and_has_to_be_replaced(bench: Client) -> None:
    profile = a_profile(key_holder="provider")
    (lost,) = ProfileFact.objects.bulk_create([a_fact(profile, "exit_plan", "dropped_answer")])
    address = reverse("admin:checklists_profilefact_change", args=[lost.pk])
    assert "No longer in the newest edition" in bench.get(address).content.decode()
    assert bench.post(address, sent(profile, "cnil-hosting:exit_plan:dropped_answer")).status_code == 200
    assert bench.post(address, sent(profile, "cnil-hosting:exit_plan:tested")).status_code == 302


def test_a_fact_is_removed_and_a_profile_never_is(bench: Client) -> None:
    profile = a_profile(key_holder="provider")
    fact = profile.facts.get()
    bench.post(reverse("admin:checklists_profilefact_delete", args=[fact.pk]), {"post": "yes"})
    assert not profile.facts.exists()
    assert ProfileChange.objects.filter(question="key_holder", after__isnull=True).exists()
    assert bench.post(reverse("admin:checklists_providerprofile_delete", args=[profile.pk])).status_code == 403
    assert ProviderProfile.objects.exists()


def test_approvers_and_members_keep_no_profile(client: Client, approver: User, officer: User) -> None:
    profile = a_profile()
    for user in (approver, officer):
        client.force_login(user)
        assert client.post(ADD, sent(profile, "cnil-hosting:dpia:approved")).status_code in (302, 403)
    assert not ProfileFact.objects.filter(question="dpia").exists()


def test_profiles_are_found_whatever_the_accents_and_apostrophes(bench: Client, admin_client: Client) -> None:
    for provider in ("Œuvre de l’Hôpital", "Æther"):
        ProviderProfile.objects.create(provider=provider, service="Nuage")
    listing = reverse("admin:checklists_providerprofile_changelist")
    for address, word in ((listing, "q=oeuvre"), (listing, "q=l'hopital"), ("/profiles/", "q=oeuvre")):
        page = bench.get(f"{address}?{word}").content.decode()
        assert "Œuvre de l’Hôpital" in page, address
        assert "Æther" not in page
    User.objects.create_user("z@autorite.example", "a long pass phrase", last_name="L’Œuvre")
    people = admin_client.get(reverse("admin:checklists_user_changelist") + "?q=l'oeuvre").content.decode()
    assert "z@autorite.example" in people
