"""Who could host this? Every service by name, narrowed by what is chosen, and one of them made an offer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from checklists.models import Membership, Offer, ProviderProfile, User
from checklists.packs.profiles.reader import read_profile, shipped_profile
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.profiles.load_profile import load_profile
from tests.browsing import faults

KEYS = ("azure-eu", "cloud-temple", "exoscale", "oodrive")


def load(*keys: str) -> None:
    for key in keys:
        load_profile(read_profile(shipped_profile(key)), None)


def address(offer: Offer) -> str:
    return f"/assessments/{offer.assessment_id}/hosts/"


def names(desk: Client, offer: Offer, query: str = "") -> list[str]:
    response = desk.get(address(offer) + query)
    assert response.status_code == 200
    return [line.name for line in response.context["hosts"]]


def test_every_way_is_shown_by_name_with_what_is_asked_and_what_is_not_counted(desk: Client, example: Offer) -> None:
    load(*KEYS)
    providers = [line.profile.provider for line in desk.get(address(example)).context["hosts"]]
    assert providers == sorted(providers)
    assert len(providers) == 6
    page = desk.get(address(example)).content.decode()
    for words in ("No service is recommended", "questions to ask", "not counted", "second-hand", "Make it an offer"):
        assert words in page


def test_the_list_is_narrowed_and_never_ordered_otherwise(desk: Client, example: Offer) -> None:
    load(*KEYS)
    every = names(desk, example)
    for query in ("?country=FR", "?keys=on", "?reach=on", "?qualification=hds", "?qualification=secnumcloud"):
        kept = names(desk, example, query)
        assert kept == [name for name in every if name in kept]
    assert all("Cloud Temple" in name or "Oodrive" in name for name in names(desk, example, "?country=FR"))
    assert names(desk, example, "?qualification=best&country=fr&x=1") == every


def test_one_click_makes_an_offer_filled_in_as_presumed(desk: Client, example: Offer) -> None:
    load("cloud-temple")
    profile = ProviderProfile.objects.get()
    (line,) = desk.get(address(example)).context["hosts"]
    response = desk.post(address(example) + "choose/", {"profile": profile.pk, "variant": "default"})
    assert response.status_code == 302
    offer = Offer.objects.exclude(pk=example.pk).get()
    assert (offer.name, offer.provider) == (profile.service, "Cloud Temple")
    answered = offer.answers.filter(status="answered")
    assert answered.count() == line.known == answered.filter(is_presumed=True).count()
    verdict = judge_offer(offer).verdict
    assert (line.worst.key, line.best.key) == (verdict.worst.key, verdict.best.key)


@pytest.mark.parametrize("sent", [{}, {"profile": "999", "variant": "default"}, {"profile": "x", "variant": "default"}])
def test_a_service_that_is_not_listed_makes_no_offer(desk: Client, example: Offer, sent: dict[str, str]) -> None:
    load("oodrive")
    page = desk.post(address(example) + "choose/", sent, follow=True).content.decode()
    assert "Choose one of the services listed" in page
    forged = {"profile": str(ProviderProfile.objects.get().pk), "variant": "none such"}
    assert "Choose one of the services" in desk.post(address(example) + "choose/", forged, follow=True).content.decode()
    assert Offer.objects.count() == 1


def test_a_reader_sees_the_list_and_makes_no_offer(client: Client, example: Offer) -> None:
    load("oodrive")
    reader = User.objects.create_user("lecture@hopital.example", "a long pass phrase")
    Membership.objects.create(user=reader, organisation=example.assessment.organisation, role="reader")
    client.force_login(reader)
    assert "Make it an offer" not in client.get(address(example)).content.decode()
    sent = {"profile": ProviderProfile.objects.get().pk, "variant": "default"}
    assert client.post(address(example) + "choose/", sent).status_code == 404
    assert Offer.objects.count() == 1


def test_the_page_takes_as_many_queries_with_more_profiles(desk: Client, example: Offer) -> None:
    load("oodrive")

    def queries() -> int:
        desk.get(address(example))
        with CaptureQueriesContext(connection) as captured:
            desk.get(address(example))
        return len(captured)

    before = queries()
    load("azure-eu", "proton")
    assert queries() == before


def test_a_profile_says_what_is_contested_what_is_not_known_and_what_the_provider_replied(
    desk: Client, example: Offer
) -> None:
    load("ovhcloud-public")
    profile = ProviderProfile.objects.get()
    profile.reply = {"date": "2026-12-02", "text": "Nous contestons <b>ce fait</b>."}
    profile.save()
    page = desk.get(f"/profiles/{profile.pk}/").content.decode()
    for words in (
        "Contested:",
        "A judicial review was requested.",
        "What is not known",
        "no date on the page",
        "It gives no verdict on a provider",
        "Nous contestons &lt;b&gt;ce fait&lt;/b&gt;.",
        "68% of the capital, 82% of the votes",
        "share not known",
    ):
        assert words in page, words


def test_the_library_is_searched_by_provider_and_service(desk: Client, example: Offer) -> None:
    load("ovhcloud-public", "ovhcloud-secnumcloud", "proton")
    found = desk.get("/profiles/?q=ovh+secnum").context["profiles"]
    assert [profile.key for profile in found] == ["ovhcloud-secnumcloud"]
    assert "No profile is called so" in desk.get("/profiles/?q=%25nobody").content.decode()


def test_an_empty_library_is_told(desk: Client, example: Offer) -> None:
    assert "0 ways out of 0 are shown" in desk.get(address(example)).content.decode()


def test_in_a_browser(transactional_db: None, page: Page, example: Offer, officer: User) -> None:
    load("azure-eu", "cloud-temple")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(address(example))
    visited = [faults(page)]
    page.select_option("#country", "FR")
    page.click("form.host-filters button")
    page.wait_for_url("**country=FR**")
    page.locator(".profile-list h2 a").first.click()
    page.wait_for_url("**/profiles/*/")
    visited.append(faults(page))
    page.goto(address(example) + "?country=FR")
    page.click(".profile-list form button")
    page.wait_for_url("**/review/?show=presumed")
    assert Offer.objects.count() == 2
    assert visited == [[], []]
