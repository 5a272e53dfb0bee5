"""The result's three pages, an action done, offers compared, a reviewer's link: in a browser, both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Membership, Offer, OfferAction, User
from tests.browsing import faults, sign_in

DECIDE, ANY = 1800, 4000
"""Pixels at 1280."""


def look(page: Page, most: int) -> None:
    """Nothing to stumble over; at 1280 no taller than ``most``. axe needs a script, height does not."""
    wide = page.viewport_size and page.viewport_size["width"] == 1280
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if wide:
        assert page.evaluate("document.documentElement.scrollHeight") <= most, page.url


@pytest.mark.parametrize(
    ("language", "width", "scripted", "scheme"),
    [("fr", 1280, True, "dark"), ("en", 360, False, "light")],
    ids=["fr-1280-dark", "en-360-no-script"],
)
def test_decide_act_understand_compare_and_read(
    transactional_db: None,
    live_server: LiveServer,
    browser: Browser,
    officer: User,
    example: Offer,
    language: str,
    width: int,
    scripted: bool,
    scheme: str,
) -> None:
    reviewer = User.objects.create_user("relit@hopital.example", "a long pass phrase")
    Membership.objects.create(user=reviewer, organisation=officer.organisations.get(), role="reviewer")
    other = Offer.objects.create(assessment=example.assessment, name="Souverain", provider="Hébergeur")

    def desk() -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(
            locale=language,
            viewport=size,
            base_url=live_server.url,
            java_script_enabled=scripted,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        return context.new_page()

    page = desk()
    sign_in(page, officer.email)
    found = []
    page.goto(f"/offers/{example.pk}/result/")
    look(page, DECIDE)
    found += faults(page) if scripted else []
    page.locator(".result-tabs a").nth(1).click()
    look(page, ANY)
    found += faults(page) if scripted else []
    page.locator("#change .who a").first.click()
    page.select_option("#id_owner", str(officer.pk))
    page.fill("#id_due", "31/12/2027")
    page.select_option("#id_state", "done")
    page.click("main form .btn-primary")
    row = OfferAction.objects.get(offer=example)
    assert (row.owner, row.state) == (officer, "done")
    expect(page.locator(f"#{row.key} .tag")).to_be_visible()
    page.locator(".result-tabs a").nth(2).click()
    look(page, ANY)
    page.locator(".sections a").first.click()
    look(page, ANY)
    found += faults(page) if scripted else []
    page.goto(f"/assessments/{example.assessment_id}/comparison/")
    expect(page.locator(".comparison").first).to_contain_text(other.name)
    assert page.locator(".comparison .cell-label").first.is_visible() is (width < 640)
    look(page, ANY)
    found += faults(page) if scripted else []
    page.context.close()

    page = desk()
    sign_in(page, reviewer.email)
    page.goto(f"/offers/{example.pk}/questions/keys/#q-key_holder")
    expect(page.locator("#q-key_holder")).to_be_visible()
    assert page.locator("main button[value=next]").count() == 0
    page.context.close()
    assert found == []
