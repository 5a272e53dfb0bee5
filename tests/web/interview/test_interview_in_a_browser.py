"""From the home page to a first verdict, an account and an assessment, then on to a settled verdict, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Answer, Assessment, User
from checklists.services.judging.judge_offer import judge_offer
from tests.browsing import PASSWORD, faults

WORDS = {
    "fr": {"next": "Suivant", "skip": "Passer", "keep": "Le garder comme dossier", "yes": "Le garder"},
    "en": {"next": "Next", "skip": "Skip", "keep": "Keep it as an assessment", "yes": "Keep it"},
}


@pytest.fixture(
    params=[("fr", 1280, True), ("en", 360, True), ("en", 1280, False), ("fr", 360, False)],
    ids=["fr-1280", "en-360", "en-1280-no-script", "fr-360-no-script"],
)
def visitor(
    request: pytest.FixtureRequest, transactional_db: None, browser: Browser, live_server: LiveServer, officer: User
) -> Iterator[Page]:
    """Somebody who is not signed in, with a script or without."""
    language, width, script = request.param
    cache.clear()
    context = browser.new_context(
        locale=language,
        viewport={"width": width, "height": 900},
        base_url=live_server.url,
        java_script_enabled=script,
    )
    page = context.new_page()
    page.words, page.script = WORDS[language], script  # type: ignore[attr-defined]
    yield page
    context.close()


def checked(page: Page) -> None:
    """axe needs a script in the page; without one the width alone is looked at."""
    if page.script:  # type: ignore[attr-defined]
        assert faults(page) == []


def answer(page: Page, place: int) -> None:
    before = page.locator("input[name=question]").get_attribute("value")
    page.locator(".one-question input[type=radio]").nth(place).check()
    page.get_by_role("button", name=page.words["next"], exact=True).click()  # type: ignore[attr-defined]
    gone = f"input[name=question][value={before}]"
    expect(page.locator(gone)).to_have_count(0)


def test_from_the_front_page_to_an_assessment_that_is_settled(visitor: Page, officer: User) -> None:
    page, words = visitor, visitor.words  # type: ignore[attr-defined]
    page.goto("/")
    checked(page)
    page.locator("a[href='/first-verdict/']").click()
    expect(page.locator("input[name=question]")).to_have_value("data_category")
    checked(page)
    answer(page, 3)
    expect(page.locator(".standing .moved")).to_be_visible()
    page.get_by_role("button", name=words["skip"], exact=True).click()
    for _ in range(20):
        if not page.locator("input[name=question]").count():
            break
        answer(page, 0)
    expect(page).to_have_url(page.url.split("/first-verdict/")[0] + "/first-verdict/result/")
    checked(page)
    assert not Assessment.objects.exists()
    page.get_by_role("button", name=words["keep"]).click()
    page.fill("#id_login", officer.email)
    page.fill("#id_password", PASSWORD)
    page.locator("main form button").first.click()
    page.get_by_role("button", name=words["yes"], exact=True).click()
    expect(page.locator("#interview h1")).to_be_visible()
    kept = Assessment.objects.get()
    assert kept.answers.filter(status=Answer.Status.ANSWERED).count() >= 2
    checked(page)
    offer = kept.offers.get()
    for _ in range(30):
        if not page.locator("input[name=question]").count():
            break
        answer(page, 0)
    assert judge_offer(offer).verdict.is_settled


@pytest.mark.parametrize("visitor", [("fr", 1280, True)], indirect=True, ids=["fr-1280"])
def test_number_keys_choose_in_the_answers_alone(visitor: Page) -> None:
    page = visitor
    page.goto("/first-verdict/")
    page.keyboard.press("4")
    expect(page.locator(".one-question input:checked")).to_have_count(0)
    page.locator(".one-question input[type=radio]").first.focus()
    page.keyboard.press("4")
    expect(page.locator("input[value='option:health']")).to_be_checked()
    page.keyboard.press("Control+2")
    expect(page.locator("input[value='option:health']")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".standing .moved")).to_be_visible()
    assert page.evaluate("document.activeElement.type") == "radio"
    page.go_back()
    expect(page.locator("input[name=question]")).to_have_count(1)
