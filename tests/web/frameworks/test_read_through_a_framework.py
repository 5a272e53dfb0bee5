"""The same answers read through other frameworks: chosen, answered where only they ask, required, read."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from checklists.models import Answer, FrameworkChoice, Offer, User
from tests.browsing import faults
from tests.frameworks import publish_shipped_frameworks

EU_CSF = "eu-csf-2025-10"


@pytest.fixture
def frameworks(edition: object) -> None:
    publish_shipped_frameworks()


def test_a_framework_that_asks_nothing_is_read_without_being_chosen(
    frameworks: None, desk: Client, example: Offer
) -> None:
    page = desk.get(f"/offers/{example.pk}/frameworks/edpb-01-2020/")
    assert page.status_code == 200
    assert "not effective" in page.content.decode().lower()


def test_choose_one_and_require_a_level_of_it(frameworks: None, desk: Client, example: Offer) -> None:
    lens = f"/offers/{example.pk}/frameworks/{EU_CSF}/"
    desk.post(f"/assessments/{example.assessment_id}/frameworks/", {})
    assert desk.get(lens).status_code == 404
    desk.post(f"/assessments/{example.assessment_id}/frameworks/", {"framework": [EU_CSF, "nonsense"]})
    assert desk.get(lens).status_code == 200
    for wrong in ("9", "x", "-1"):
        assert desk.post(lens + "minimums/", {"minimum-sov-2": wrong}).status_code in (200, 302, 422)
    choice = FrameworkChoice.objects.get(framework__key=EU_CSF)
    assert not choice.minimums
    desk.post(f"/assessments/{example.assessment_id}/frameworks/", {})
    assert desk.get(lens).status_code == 404


def test_an_unknown_framework_and_strangers_find_nothing(
    frameworks: None, client: Client, stranger: User, example: Offer
) -> None:
    client.force_login(stranger)
    assert client.get(f"/offers/{example.pk}/frameworks/edpb-01-2020/").status_code == 404
    assert client.post(f"/assessments/{example.assessment_id}/frameworks/").status_code == 404


def test_every_framework_can_be_read_by_anybody(frameworks: None, client: Client) -> None:
    page = client.get("/frameworks/")
    assert page.status_code == 200
    for key in (EU_CSF, "eu-csf-2026-06", "edpb-01-2020", "hds-2", "secnumcloud-19-6"):
        assert client.get(f"/frameworks/{key}/2/").status_code == 200
    assert client.get("/frameworks/nothing/1/").status_code == 404


def test_in_a_browser(transactional_db: None, frameworks: None, page: Page, example: Offer) -> None:
    page.goto(f"/assessments/{example.assessment_id}/")
    page.check(f"#framework-{EU_CSF}")
    page.locator("form:has(#framework-" + EU_CSF + ") button").click()
    page.wait_for_load_state()
    page.goto(f"/offers/{example.pk}/questions/supplement-control/")
    page.locator("#q-eu_financing input[value^='option:']").first.check()
    expect(page.locator("#state-eu_financing .saved")).to_be_visible()
    assert Answer.objects.get(offer=example, question="eu_financing").status == "answered"
    assert faults(page) == []
    for key in (EU_CSF, "edpb-01-2020"):
        page.goto(f"/offers/{example.pk}/frameworks/{key}/")
        expect(page.locator("h1")).to_be_visible()
        assert faults(page) == []
