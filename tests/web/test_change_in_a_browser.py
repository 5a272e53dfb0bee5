"""From the result to the question that would settle most, and to another way, by the keyboard."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from checklists.models import Offer


def test_follow_the_question_proposed_and_open_another_way(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/result/")
    section = page.locator("section:has(#smallest-change)")
    another = section.locator("details:visible").filter(has=page.locator("ol")).last
    another.locator("> summary").first.focus()
    page.keyboard.press("Enter")
    expect(another.locator("ol").first).to_be_visible()
    for closed in section.locator("details:not([open])").all():
        closed.evaluate("details => { details.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    serious = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert serious == []
    link = page.locator(".next-question a")
    question = (link.get_attribute("href") or "").split("#")[1]
    link.click()
    expect(page.locator(f"#{question}")).to_be_in_viewport()
