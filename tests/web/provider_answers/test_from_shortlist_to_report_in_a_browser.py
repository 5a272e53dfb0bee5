"""A workload, who could host it, two picked; one provider answers by link on a phone, a colleague by workbook for the
other; accepted, compared, reported."""

from __future__ import annotations

import re
from io import BytesIO

from django.core import mail
from django.core.cache import cache
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Answer, Offer, User
from checklists.packs.profiles.reader import read_profile, shipped_profile
from checklists.packs.reports.record import read_record
from checklists.services.judging.judge_offer import edition_of
from checklists.services.profiles.load_profile import load_profile
from checklists.services.reports.issue_report import issue_report
from tests.browsing import faults, sign_in
from tests.providers import PROVIDER

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def desk_and_phone(browser: Browser, live_server: LiveServer, officer: User) -> tuple[Page, Page]:
    """The officer signed in at a desk; somebody at the provider, who has no account, with a phone."""
    pages = [
        browser.new_context(locale="en", viewport={"width": width, "height": 900}, base_url=live_server.url).new_page()
        for width in (1280, 360)
    ]
    sign_in(pages[0], officer.email)
    return pages[0], pages[1]


def pick(desk: Page, example: Offer, name: str) -> Offer:
    """Make the service called ``name`` an offer, from the list of who could host the workload."""
    desk.goto(f"/assessments/{example.assessment_id}/hosts/")
    assert faults(desk) == []
    desk.locator("li.panel", has_text=name).get_by_role("button", name="Make it an offer").first.click()
    desk.wait_for_url("**/offers/*/**")
    return Offer.objects.filter(assessment=example.assessment).latest("created_at")


def answer_on_the_phone(phone: Page, question: str) -> None:
    """Open the link of the e-mail, prove the address, answer, send."""
    (link,) = re.findall(r"https?://\S+(/provider/[0-9a-f]{64}/)", str(mail.outbox[-1].body))
    phone.goto(link)
    assert faults(phone) == []
    phone.locator("main form button").first.click()
    phone.wait_for_url("**?sent=yes")
    (code,) = re.findall(r"^(\d{8})$", str(mail.outbox[-1].body), re.MULTILINE)
    phone.fill("input[name=code]", code)
    phone.locator("main form:has(input[name=code]) button").first.click()
    phone.wait_for_url("**/provider/questions/**")
    assert faults(phone) == []
    phone.locator(f"input[name=q-{question}-answer]").last.scroll_into_view_if_needed()
    phone.locator(f"input[name=q-{question}-answer][value='option:customer_only']").check()
    phone.locator("button[value=submit]").click()
    expect(phone.locator("main")).to_contain_text("version 1")
    phone.goto(phone.url + "workbook/")
    assert faults(phone) == []


def answer_by_workbook(desk: Page, offer: Offer, question: str, label: str) -> None:
    """Download the questions of the offer, fill in one, send the workbook back, take what differs."""
    raw = desk.request.get(f"/offers/{offer.pk}/workbook/file/?which=choice&question={question}&language=en").body()
    book = load_workbook(BytesIO(raw))
    book["Answers"]["E2"].value, book["Answers"]["F2"].value = label, "Answered"
    out = BytesIO()
    book.save(out)
    desk.goto(f"/offers/{offer.pk}/workbook/")
    assert faults(desk) == []
    desk.set_input_files("#id_file", {"name": "answers.xlsx", "mimeType": XLSX, "buffer": out.getvalue()})
    desk.get_by_role("button", name="See what differs").click()
    expect(desk.locator(f"#take-{question}")).to_be_visible()
    assert faults(desk) == []
    desk.locator(f"#take-{question}").check()
    desk.get_by_role("button", name="Take over what is ticked").click()
    expect(desk.locator("main")).to_contain_text("Answer by workbook")


def test_from_a_workload_to_a_report_on_two_services(
    transactional_db: None, browser: Browser, live_server: LiveServer, officer: User, example: Offer
) -> None:
    cache.clear()
    for key in ("oodrive", "ovhcloud-public"):
        load_profile(read_profile(shipped_profile(key)), None)
    desk, phone = desk_and_phone(browser, live_server, officer)
    one, other = pick(desk, example, "Oodrive"), pick(desk, example, "OVHcloud")
    desk.goto(f"/offers/{one.pk}/provider/")
    desk.fill("#id_email", PROVIDER)
    desk.locator("input[name=which][value=choice]").check()
    desk.locator("input[name=chosen][value=key_revocation]").check()
    desk.locator("input[name=chosen][value=key_holder]").check()
    desk.fill("#id_asked_by", "The hospital")
    desk.get_by_role("button", name="Send the questions").click()
    expect(desk.locator("main")).to_contain_text(PROVIDER)
    answer_on_the_phone(phone, "key_holder")
    desk.locator(".provider-request h2 a").first.click()
    assert faults(desk) == []
    desk.locator("#q-key_holder button[value=accepted]").click()
    expect(desk.locator("#q-key_holder")).to_contain_text("Accepted as a claim")
    label = edition_of(example.assessment).questions["key_holder"].options["external_key_manager"].label["en"]
    answer_by_workbook(desk, other, "key_holder", label)
    kept = {row.offer_id: (row.value, row.is_presumed) for row in Answer.objects.filter(question="key_holder")}
    assert kept[one.pk] == ("customer_only", True)
    assert kept[other.pk] == ("external_key_manager", False)
    desk.goto(f"/assessments/{example.assessment_id}/comparison/")
    for offer in (one, other):
        expect(desk.locator("main")).to_contain_text(offer.name)
    for offer in (one, other):
        report, _is_new = issue_report(offer, language="en", form="full", by=officer)
        answers = {given.question: given for given in read_record(bytes(report.content)).answers}
        assert answers["key_holder"].value == kept[offer.pk][0]
        assert (answers["key_holder"].from_profile is not None) == kept[offer.pk][1]
