"""In Debian's Chromium: evidence added beside an answer, and what it does to the lower end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from checklists.models import Evidence, Offer
from checklists.services.judging.judge_offer import judge_offer
from tests.browsing import faults


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.EVIDENCE_ROOT = tmp_path_factory.mktemp("kept") / "evidence"


def low(offer: Offer) -> float:
    return float(judge_offer(Offer.objects.get(pk=offer.pk)).score.low)


def send(page: Page, title: str, strength: str, until: str = "", file: bytes = b"") -> None:
    page.fill("#id_title", title)
    page.select_option("#id_kind", "certificate")
    page.locator(f"input[name=strength][value={strength}]").check()
    page.fill("#id_valid_until", until)
    if file:
        page.set_input_files("#id_file", [{"name": "clause.txt", "mimeType": "text/plain", "buffer": file}])
    else:
        page.fill("#id_note", "Seen at the vendor's")
    page.locator("form[enctype] button.btn-primary").click()
    expect(page.locator(".evidence-title", has_text=title)).to_be_visible()


def test_claim_document_and_expiry_move_the_lower_end(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/questions/keys/")
    page.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(page.locator("#state-key_holder .saved")).to_be_visible()
    stated = low(example)
    page.locator("#q-key_holder button[name=evidence]").click()
    page.wait_for_url(re.compile(r"/evidence/key_holder/$"))
    send(page, "Brochure", "claim")
    assert low(example) < stated
    send(page, "Certificate", "document", file=b"Clause 12")
    assert low(example) == stated
    page.locator("section[aria-label='Certificate'] a[href$='/change/']").click()
    page.fill("#id_valid_until", "07/10/2020")
    page.locator("form[enctype] button.btn-primary").click()
    expect(page.locator("section[aria-label='Certificate'] .state-ended")).to_be_visible()
    assert low(example) < stated
    page.goto(f"/offers/{example.pk}/result/understand/claims/")
    expect(page.locator("#claims")).to_contain_text("2020")
    with page.expect_download() as caught:
        kept = Evidence.objects.get(title="Certificate")
        page.goto(f"/assessments/{example.assessment_id}/evidence/")
        page.locator(f"a[href='/evidence/{kept.pk}/file/']").click()
    assert caught.value.suggested_filename == "clause.txt"
    found = []
    for address in (
        f"/offers/{example.pk}/evidence/key_holder/",
        f"/evidence/{kept.pk}/change/",
        f"/assessments/{example.assessment_id}/evidence/",
        f"/offers/{example.pk}/questions/keys/",
        f"/offers/{example.pk}/review/",
    ):
        page.goto(address)
        found += faults(page)
    assert found == []
