"""The journey in Debian's Chromium: saving as one goes, nothing asked of a third party, axe satisfied."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from checklists.models import Answer, Offer, User

# Playwright's own event loop runs in this thread; the tests' database calls are synchronous all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-quic"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[("fr", 1280), ("en", 360)], ids=["fr-1280", "en-360"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, officer: User) -> Iterator[Page]:
    language, width = request.param
    context = browser.new_context(locale=language, viewport={"width": width, "height": 900}, base_url=live_server.url)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto("/account/login/")
    page.fill("#id_login", officer.email)
    page.fill("#id_password", "a long pass phrase")
    page.click("main button")
    page.wait_for_url("**/assessments/")
    yield page
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    context.close()


def test_answer_see_it_saved_come_back(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/questions/keys/")
    page.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(page.locator("#state-key_holder .saved")).to_be_visible()
    page.reload()
    expect(page.locator("#q-key_holder input[value='option:customer_only']")).to_be_checked()
    assert Answer.objects.get(offer=example, question="key_holder").value == "customer_only"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_save_that_fails_says_so_and_can_be_tried_again(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/questions/keys/")
    page.route("**/answers/key_holder/", lambda route: route.abort())
    page.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(page.locator("#state-key_holder .failed")).to_be_visible()
    page.unroute("**/answers/key_holder/")
    page.locator("#state-key_holder [data-retry]").click()
    expect(page.locator("#state-key_holder .saved")).to_be_visible()


def test_describe_the_control_chain_and_see_what_follows(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/control-chain/?shape=joint_venture")
    for letter, name in (("A", "Nuage commun"), ("B", "Télécom"), ("C", "Big Cloud")):
        page.fill(f"#name-{letter}", name)
    page.fill("#capital-1", "80")
    page.locator("button[value=save]:visible").last.click()
    expect(page.locator("#companies [data-invalid]")).to_have_count(1)
    page.fill("#capital-1", "24")
    page.locator("button[value=save]:visible").last.click()
    expect(page.locator(".chain-row[data-invalid]")).to_have_count(0)
    expect(page.locator(".criteria tbody tr")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(f"/offers/{example.pk}/result/")
    expect(page.locator(".chain-picture svg")).to_be_visible()


def test_axe_finds_nothing_serious(transactional_db: None, page: Page, example: Offer) -> None:
    offer, assessment = f"/offers/{example.pk}", f"/assessments/{example.assessment_id}"
    edition = f"/checklists/cnil-hosting/{example.assessment.edition.number}/"
    pages = ["/assessments/", "/assessments/new/", f"{assessment}/", f"{assessment}/workload/", "/accessibility/"]
    pages += [f"{offer}/questions/keys/", f"{offer}/review/", f"{offer}/result/", edition]
    pages += [f"{offer}/control-chain/", f"{offer}/control-chain/?shape=joint_venture"]
    serious = []
    for address in pages:
        page.goto(address)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                serious.append((address, violation["id"], violation["nodes"][0]["html"][:120]))
    assert serious == []
