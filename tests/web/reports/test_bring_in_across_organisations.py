"""A report of one organisation brought into another: the words it prints come along, and nothing else does."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from checklists.models import Answer, Assessment, Evidence, Membership, Offer, Organisation, ReviewAct, User
from checklists.services.review.review_assessment import submit_for_review
from tests.documents.conftest import made
from tests.figures import count

BRING_IN = "/assessments/import/"


def browser(person: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def send(client: Client, contents: bytes, **more: Any) -> Any:
    file = io.BytesIO(contents)
    file.name = "assessment.json"
    return client.post(BRING_IN, {"file": file, **more})


@pytest.fixture
def record(desk: Client, example: Offer) -> bytes:
    """What the officer's organisation issued, with a file of evidence that only its members may read."""
    kept = {"kind": "contract", "strength": "document", "title": "Clause 12", "note": "Page 3"}
    file = io.BytesIO(b"Clause 12: the keys stay with the customer.")
    file.name = "clause.txt"
    assert desk.post(f"/offers/{example.pk}/evidence/key_holder/", {**kept, "file": file}).status_code == 302
    report, _pdf = made(example)
    return bytes(desk.get(f"/reports/{report.pk}/assessment.json").content)


def test_what_comes_along_is_what_the_report_prints_and_nobodys_rights(
    record: bytes, example: Offer, officer: User, stranger: User
) -> None:
    before = Assessment.objects.filter(pk=example.assessment_id).values().get()
    theirs = browser(stranger)
    assert send(theirs, record).status_code == 302
    brought = Offer.objects.select_related("assessment").exclude(pk=example.pk).get()
    assert brought.assessment.organisation == stranger.organisations.get()
    assert Assessment.objects.filter(pk=example.assessment_id).values().get() == before
    original = Evidence.objects.get(answer__offer=example)
    copy = Evidence.objects.get(answer__offer=brought)
    assert (copy.sha256, copy.stored_as, copy.added_by) == (original.sha256, "", stranger)
    rows = Answer.objects.filter(assessment=brought.assessment)
    assert set(rows.values_list("updated_by", flat=True)) == {stranger.pk}
    opened = [
        theirs.get(f"/evidence/{original.pk}/file/"),
        theirs.get(f"/evidence/{copy.pk}/file/"),
        theirs.get(f"/offers/{example.pk}/result/"),
        browser(officer).get(f"/offers/{brought.pk}/result/"),
        browser(officer).get(f"/evidence/{copy.pk}/file/"),
    ]
    count("pages of another organisation after a report is brought in", "opened", tried=len(opened),
          faults=sum(each.status_code != 404 for each in opened))  # fmt: skip
    assert {each.status_code for each in opened} == {404}
    assert send(theirs, record).status_code == 302
    assert stranger.organisations.get().assessments.count() == 2


def test_neither_approval_nor_review_comes_along(record: bytes, example: Offer, officer: User, stranger: User) -> None:
    submit_for_review(example.assessment, "", officer)
    report, _pdf = made(Offer.objects.get(pk=example.pk), "en")
    closed = browser(officer).get(f"/reports/{report.pk}/assessment.json").content
    assert send(browser(stranger), closed).status_code == 302
    brought = Offer.objects.select_related("assessment").exclude(pk=example.pk).get().assessment
    assert brought.review_state == Assessment.ReviewState.DRAFT
    assert not ReviewAct.objects.filter(assessment=brought).exists()


def test_it_comes_into_no_organisation_that_one_may_not_write_in(record: bytes, officer: User, stranger: User) -> None:
    closed: Organisation = officer.organisations.get()
    reader = User.objects.create_user("lecture@ailleurs.example", "x")
    Membership.objects.create(user=reader, organisation=closed, role="reader")
    theirs = browser(stranger)
    tried = [
        theirs.post(f"{BRING_IN}?organisation={closed.pk}", {"kept": "x"}),
        send(browser(reader), record),
        Client().post(BRING_IN, {"kept": json.dumps({})}),
    ]
    assert all(each.status_code < 500 for each in tried)
    assert closed.assessments.count() == 1
    # What somebody looked at is brought in by nobody else.
    kept = send(browser(officer), record, look="").context["kept"]
    assert theirs.post(BRING_IN, {"kept": kept}).status_code == 422
    assert not stranger.organisations.get().assessments.exists()


def test_a_record_that_claims_more_than_its_schema_gives_nothing(record: bytes, stranger: User) -> None:
    document = json.loads(record)
    theirs = browser(stranger)
    for name in ("organisation", "review_state", "updated_by", "stored_as", "id"):
        forged = {**document, "record": {**document["record"], name: "1"}}
        assert send(theirs, json.dumps(forged).encode()).status_code == 422
    assert not stranger.organisations.get().assessments.exists()
