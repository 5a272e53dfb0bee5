"""The journey in Debian's Chromium: saving as one goes, nothing asked of a third party, axe satisfied."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from checklists.models import Answer, Offer
from tests.browsing import faults


def test_answer_see_it_saved_come_back(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/questions/keys/")
    page.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(page.locator("#state-key_holder .saved")).to_be_visible()
    page.reload()
    expect(page.locator("#q-key_holder input[value='option:customer_only']")).to_be_checked()
    assert Answer.objects.get(offer=example, question="key_holder").value == "customer_only"
    assert faults(page) == []


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
    assert faults(page) == []
    page.goto(f"/offers/{example.pk}/result/understand/control-chain/")
    expect(page.locator(".chain-picture svg")).to_be_visible()


def test_axe_finds_nothing_serious(transactional_db: None, page: Page, example: Offer) -> None:
    offer, assessment = f"/offers/{example.pk}", f"/assessments/{example.assessment_id}"
    edition = f"/checklists/cnil-hosting/{example.assessment.edition.number}/"
    pages = ["/assessments/", "/assessments/new/", f"{assessment}/", f"{assessment}/workload/", "/accessibility/"]
    pages += [f"{offer}/questions/keys/", f"{offer}/review/", f"{offer}/result/", f"{offer}/result/act/", edition]
    pages += [f"{offer}/result/understand/", f"{offer}/result/understand/rules/", f"{offer}/result/act/do-key_holder/"]
    pages += [
        f"{offer}/workbook/",
        f"{offer}/clear-text/",
        f"{offer}/control-chain/",
        f"{offer}/control-chain/?shape=joint_venture",
    ]
    pages.append(f"/organisations/{example.assessment.organisation_id}/letterhead/")
    found = []
    for address in pages:
        page.goto(address)
        found += faults(page)
    assert found == []


@pytest.mark.parametrize("form", ["full", "summary", "letter"])
def test_axe_finds_nothing_serious_in_the_report_as_html(
    transactional_db: None, page: Page, example: Offer, form: str
) -> None:
    # A page of its own, as when the file is opened from a folder: the site's policy forbids style inside a page.
    opened = page.context.new_page()
    opened.set_content(page.request.get(f"/offers/{example.pk}/report/?form={form}&format=html").text())
    assert faults(opened, even_minor=True) == []
