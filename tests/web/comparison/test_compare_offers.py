"""Comparing offers: needs stated, answers copied, side by side on the page and in files."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Answer, Need, Offer, Provision, User
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.answers.save_answer import MAX_TEXT
from checklists.services.assessments.keep_assessment import add_offer
from tests.browsing import faults


@pytest.fixture
def other(example: Offer, officer: User) -> Offer:
    offer = add_offer(example.assessment, name="=cmd|' /C calc'!A1", provider="Hôte souverain")
    copy_answers(example, offer, officer)
    better = {"key_holder": "customer_only", "us_law_reach": "none", "immunity_qualification": "secnumcloud"}
    for key, value in better.items():
        Answer.objects.filter(offer=offer, question=key).update(value=value)
    return offer


def test_copied_answers_say_where_they_come_from_and_replace_nothing(example: Offer, other: Offer) -> None:
    copied = other.answers.get(question="storage_location")
    assert copied.value == "eu"
    assert "Microsoft Azure" in copied.comment
    assert copy_answers(example, other, None) == 0
    assert other.answers.get(question="key_holder").value == "customer_only"


def test_what_no_form_would_take_is_copied_whole(example: Offer) -> None:
    """An answer that the chain contradicts, read before the chain or after it; a comment that leaves no room."""
    long = "x" * MAX_TEXT
    Answer.objects.filter(offer=example, question="us_law_reach").update(value="none", justification="", comment=long)
    for first in ("us_law_reach", "control_chain"):
        row = Answer.objects.get(offer=example, question=first)
        row.delete()
        Answer.objects.bulk_create([row])
        fresh = add_offer(example.assessment, name=first)
        copy_answers(example, fresh, None)
        copied = fresh.answers.get(question="us_law_reach")
        assert (copied.value, copied.comment) == ("none", long)


def test_copy_through_the_page(desk: Client, example: Offer) -> None:
    fresh = add_offer(example.assessment, name="Fresh")
    assert "Fill in from another offer" in desk.get(f"/offers/{fresh.pk}/change/").content.decode()
    desk.post(f"/offers/{fresh.pk}/copy/", {"source": str(example.pk)})
    assert fresh.answers.count() == example.answers.count()
    for forged in ("", "nonsense", str(fresh.pk)):
        assert desk.post(f"/offers/{fresh.pk}/copy/", {"source": forged}).status_code == 302


def test_unmet_needs_are_told_apart_from_the_verdict(desk: Client, example: Offer, other: Offer) -> None:
    assessment = f"/assessments/{example.assessment_id}"
    before = desk.get(f"{assessment}/comparison/").context["candidates"][0].judgement
    desk.post(f"{assessment}/needs/", {"storage_now": "200", "support": "always", "certifications": ["hds"]})
    desk.post(f"/offers/{other.pk}/capacity/", {"storage_now": "150", "support": "always", "certifications": ["hds"]})
    response = desk.get(f"{assessment}/comparison/")
    page = response.content.decode()
    assert "Storage now, in terabytes: 200 needed, 150" in page
    assert "Certifications: HDS (health data hosting, France) needed, not stated" in page
    assert response.context["candidates"][0].judgement == before


def test_a_wrong_figure_is_refused_beside_its_field(desk: Client, example: Offer) -> None:
    response = desk.post(f"/assessments/{example.assessment_id}/needs/", {"availability": "140", "storage_now": "-1"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"availability", "storage_now"}
    assert not Need.objects.exists()


def test_only_differences_unless_asked(desk: Client, example: Offer, other: Offer) -> None:
    address = f"/assessments/{example.assessment_id}/comparison/"
    brief, whole = desk.get(address).content.decode(), desk.get(address + "?rows=all").content.decode()
    same = "Where are the data stored"
    assert same not in brief
    assert same in whole or len(whole) > len(brief)
    assert "is at least as good as" in brief


def test_the_order_asked_for(desk: Client, example: Offer, other: Offer) -> None:
    address = f"/assessments/{example.assessment_id}/comparison/?sort="
    assert [c.offer for c in desk.get(address + "score").context["candidates"]] == [other, example]
    assert [c.offer for c in desk.get(address + "nonsense").context["candidates"]] == [example, other]


def test_the_files_hold_every_row_and_no_formula(desk: Client, example: Offer, other: Offer) -> None:
    address = f"/assessments/{example.assessment_id}/comparison"
    lines = list(csv.reader(StringIO(desk.get(address + ".csv").content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][1:] == ["Microsoft Azure", "'=cmd|' /C calc'!A1"]
    sheet = load_workbook(BytesIO(desk.get(address + ".xlsx").content)).active
    assert sheet["C1"].data_type == "s"
    assert sheet.max_row == len(lines) > 40


def test_queries_do_not_grow_with_the_offers(
    desk: Client, example: Offer, other: Offer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/assessments/{example.assessment_id}/comparison/"
    desk.get(address)
    with django_assert_num_queries(11):
        desk.get(address)
    for number in range(6):
        copy_answers(example, add_offer(example.assessment, name=f"Offer {number}"), None)
    with django_assert_num_queries(11):
        desk.get(address)


def test_strangers_find_nothing(client: Client, stranger: User, example: Offer) -> None:
    client.force_login(stranger)
    for address in ("comparison/", "comparison.csv", "comparison.xlsx", "needs/"):
        assert client.get(f"/assessments/{example.assessment_id}/{address}").status_code == 404
    assert client.get(f"/offers/{example.pk}/capacity/").status_code == 404
    assert client.post(f"/offers/{example.pk}/copy/").status_code == 404
    assert not Provision.objects.exists()


def test_axe_finds_nothing_in_the_chapter_on_many_offers(
    transactional_db: None, page: Page, example: Offer, other: Offer
) -> None:
    for number in range(3):
        copy_answers(other, add_offer(example.assessment, name=f"Offer {number}"), None)
    opened = page.context.new_page()
    opened.set_content(page.request.get(f"/offers/{example.pk}/report/?form=full&format=html").text())
    assert opened.locator(".turned .side-by-side").count() > 1
    assert faults(opened, even_minor=True) == []


def test_in_a_browser(transactional_db: None, page: Page, example: Offer, other: Offer) -> None:
    page.goto(f"/assessments/{example.assessment_id}/comparison/")
    page.check("#rows")
    page.click("form.comparison-controls button")
    page.wait_for_url("**rows=**")
    assert faults(page) == []
