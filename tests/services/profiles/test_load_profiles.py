"""Profiles from files: shown before they change anything, kept with their history, and no assessment touched."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from checklists.models import Answer, AnswerChange, Offer, ProfileChange, ProviderProfile, TrailEntry, User
from checklists.packs.profiles.reader import read_profile, shipped_profile, sign_library
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.profiles.fill_from_profile import Choice, FillOutcome, fill_from_profile, proposals
from checklists.services.profiles.keep_profile import remove_fact, save_profile
from checklists.services.profiles.library import export_profile, library_of_all, load_shipped_profiles
from checklists.services.profiles.load_profile import load_profile, preview
from checklists.services.profiles.shortlist import Filters, make_offer, shortlist


def load(key: str, by: User | None = None) -> ProviderProfile:
    return load_profile(read_profile(shipped_profile(key)), by)[0]


@pytest.fixture
def fresh(example: Offer) -> Offer:
    return add_offer(example.assessment, name="Fresh")


def test_a_profile_loaded_twice_changes_nothing_the_second_time(officer: User) -> None:
    row = load("gcp-eu", officer)
    assert load_profile(read_profile(shipped_profile("gcp-eu")), officer) == (row, False)
    assert [change.by for change in ProfileChange.objects.all()] == [officer]
    assert TrailEntry.objects.filter(kind="providerprofile.loaded").count() == 1


def test_what_is_exported_and_loaded_again_is_the_same(officer: User) -> None:
    row = load("ovhcloud-public", officer)
    assert preview(read_profile(export_profile(row))).differences == ()


def test_a_newer_file_is_shown_first_and_changes_no_answer(fresh: Offer, officer: User) -> None:
    row = load("oodrive")
    filled = fill_from_profile(fresh, row, {"immunity_qualification": 0}, officer)
    assert filled == (1, [])
    raw = shipped_profile("oodrive").decode().replace("2028-01-25", "2026-01-25").replace("Oodrive is", "Oodrive was")
    newer = read_profile(raw.encode())
    told = preview(newer)
    assert not told.is_new
    assert {each.kind for each in told.differences} == {"changed"}
    assert ProviderProfile.objects.get().facts.get(question="immunity_qualification").valid_until == date(2028, 1, 25)
    before = (list(Answer.objects.values()), AnswerChange.objects.count(), judge_offer(fresh).to_bytes())
    load_profile(newer, officer)
    assert (list(Answer.objects.values()), AnswerChange.objects.count(), judge_offer(fresh).to_bytes()) == before
    change = ProfileChange.objects.order_by("-pk")[0]
    assert change.before and change.after and change.by == officer


def test_a_fact_about_a_question_the_edition_lacks_is_kept_and_said(fresh: Offer) -> None:
    raw = shipped_profile("oodrive").decode().replace("question: storage_location", "question: asked_some_day")
    row = load_profile(read_profile(raw.encode()), None)[0]
    assert row.facts.filter(question="asked_some_day").exists()
    (one,) = [each for each in proposals(fresh, row) if each.fact.question == "asked_some_day"]
    assert one.outcome is FillOutcome.NO_QUESTION


def test_what_the_press_says_what_is_contested_and_what_has_ended_is_only_shown(fresh: Offer) -> None:
    outcomes = {each.fact.question: each.outcome for each in proposals(fresh, load("outscale-secnumcloud"))}
    assert outcomes["remote_access_from_third_country"] is FillOutcome.SHOWN
    assert outcomes["immunity_qualification"] is FillOutcome.SHOWN
    assert outcomes["processor_contract"] is FillOutcome.FILL


def test_the_chain_is_filled_in_without_what_only_hearsay_names(fresh: Offer, officer: User) -> None:
    row = load("ovhcloud-public")
    assert fill_from_profile(fresh, row, {"control_chain": 0}, officer)[0] == 1
    chain = fresh.answers.get(question="control_chain")
    assert chain.is_presumed
    assert "OVH Groupe SA" in chain.value
    assert "Klaba" not in chain.value


def test_the_contracting_company_follows_the_customers_country(fresh: Offer) -> None:
    row = load("gcp-eu")
    for customer, country in (("FR", "FR"), ("*", "IE"), ("", "FR")):
        told = {each.fact.question: each.fact for each in proposals(fresh, row, Choice("default", customer))}
        assert told["contracting_entity_country"].value == country
        assert f'"country":"{country}"' in told["control_chain"].value


def test_a_variant_fills_in_what_is_true_of_it(fresh: Offer) -> None:
    row = load("azure-eu")
    told = {each.fact.question: each.fact.value for each in proposals(fresh, row, Choice("client_side"))}
    assert told["encryption_at_rest"] == "client_side"
    assert "key_holder" not in told


def test_each_way_to_use_a_service_is_judged_as_its_offer_would_be(example: Offer, officer: User) -> None:
    for key in ("azure-eu", "cloud-temple", "exoscale", "ovhcloud-secnumcloud"):
        load(key)
    hosts = shortlist(example.assessment)
    assert len(hosts) == 7
    assert [host.profile.provider for host in hosts] == sorted(host.profile.provider for host in hosts)
    for host in hosts:
        offer, filled = make_offer(example.assessment, host.profile, Choice(host.variant), "A way", officer)
        judged = judge_offer(offer)
        assert (judged.verdict, judged.required) == (host.prospect.verdict, host.prospect.required)
        assert filled == len(host.known)
        assert not offer.answers.exclude(is_presumed=True).filter(status="answered").exists()
    assert not Filters(qualification="secnumcloud").keeps(hosts[0]) or "secnumcloud" in hosts[0].qualifications


def test_the_list_takes_as_many_queries_with_more_profiles(
    example: Offer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load("oodrive")
    shortlist(example.assessment)
    with django_assert_num_queries(5):
        shortlist(example.assessment)
    for key in ("azure-eu", "gcp-eu", "proton"):
        load(key)
    with django_assert_num_queries(7):
        read_again = shortlist(example.assessment)
    assert len(read_again) > 4
    with django_assert_num_queries(5):
        assert len(shortlist(example.assessment)) == len(read_again)


def test_a_profile_withdrawn_or_a_fact_removed_is_gone_from_the_list(example: Offer) -> None:
    row = load("oodrive")
    load("proton")
    before = {host.profile.key: len(host.known) for host in shortlist(example.assessment)}
    remove_fact(row.facts.get(question="contracting_entity_country"), None)
    assert {host.profile.key: len(host.known) for host in shortlist(example.assessment)} == {
        **before, "oodrive": before["oodrive"] - 1,
    }  # fmt: skip
    row.is_withdrawn = True
    save_profile(row, None)
    assert [host.profile.key for host in shortlist(example.assessment)] == ["proton"]


def test_the_first_run_loads_the_library_and_changes_no_profile_kept_otherwise(officer: User) -> None:
    assert load_shipped_profiles() == (27, [])
    assert load_shipped_profiles() == (0, [])
    ProviderProfile.objects.get(key="proton").facts.first().delete()  # type: ignore[union-attr]
    assert load_shipped_profiles() == (0, ["proton"])


def test_a_library_is_loaded_only_once_what_it_changes_was_accepted(
    officer: User, tmp_path: Path, settings: Any
) -> None:
    load("oodrive")
    key = Ed25519PrivateKey.generate()
    raw = sign_library(
        library_of_all("Éditeur", date(2026, 11, 30)),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    path = tmp_path / "library.json"
    path.write_bytes(raw)
    with pytest.raises(CommandError, match="does not trust"):
        call_command("loadpack", str(path))
    settings.LIBRARY_KEYS = [b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()]
    row = ProviderProfile.objects.get()
    row.facts.filter(question="storage_location").delete()
    out = StringIO()
    call_command("loadpack", str(path), stdout=out)
    assert "storage_location" in out.getvalue()
    assert "Nothing was loaded" in out.getvalue()
    assert not row.facts.filter(question="storage_location").exists()
    call_command("loadpack", str(path), "--accept", stdout=out)
    assert row.facts.filter(question="storage_location").exists()
