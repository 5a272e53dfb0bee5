"""Evidence beside the answers: what it does to the result, who sees it, what becomes of its file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from checklists.models import Answer, Evidence, Guest, Offer, Report, TrailEntry, User
from checklists.packs.reports.record import read_record
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.keep_evidence import contents_of, hold_to_evidence
from checklists.services.judging.judge_offer import edition_of, judge_offer
from checklists.services.reports.import_record import import_record
from checklists.services.reports.issue_report import issue_report
from tests.figures import count

QUESTION = "key_holder"
Adding = Callable[..., Evidence]
OnCommit = Callable[..., object]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.EVIDENCE_ROOT = tmp_path_factory.mktemp("kept") / "evidence"


@pytest.fixture
def answered(example: Offer, officer: User) -> Offer:
    """The example, with its keys said to be with the customer alone."""
    row = Answer.objects.get(offer=example, question=QUESTION)
    row.value, row.status = "customer_only", "answered"
    row.save()
    return example


def sent(**details: object) -> dict[str, object]:
    return {"title": "Contract, clause 12", "kind": "contract", "strength": "document", "note": "Page 3"} | details


@pytest.fixture
def add(desk: Client, answered: Offer) -> Adding:
    """Send evidence of the answer, as the page does, and give back what was kept."""

    def add(**details: object) -> Evidence:
        response = desk.post(f"/offers/{answered.pk}/evidence/{QUESTION}/", sent(**details))
        assert response.status_code == 302, response.content.decode()
        return Evidence.objects.latest("added_at")

    return add


def text_file(name: str = "clause.txt", contents: bytes = b"Clause 12: the keys stay with the customer.") -> object:
    return SimpleUploadedFile(name, contents, "text/html")


def low(offer: Offer) -> int:
    return int(judge_offer(Offer.objects.get(pk=offer.pk)).score.low * 100)


def high(offer: Offer) -> int:
    return int(judge_offer(Offer.objects.get(pk=offer.pk)).score.high * 100)


def test_a_vendors_claim_lowers_the_low_end_and_a_document_lifts_it(answered: Offer, add: Adding) -> None:
    stated = low(answered), high(answered)
    add(strength="claim")
    assert low(answered) < stated[0]
    assert high(answered) == stated[1]
    add(strength="document", file=text_file())
    assert (low(answered), high(answered)) == stated


def test_a_certificate_that_ended_before_the_reference_date_lowers_the_low_end(
    desk: Client, answered: Offer, add: Adding
) -> None:
    stated = low(answered)
    day = answered.assessment.reference_date
    kept = add(kind="certificate", valid_until=day.strftime("%d/%m/%Y"))
    assert low(answered) == stated
    change = sent(kind="certificate", valid_until=(day - timedelta(days=1)).strftime("%d/%m/%Y"))
    assert desk.post(f"/evidence/{kept.pk}/change/", change).status_code == 302
    assert low(answered) < stated
    page = desk.get(f"/offers/{answered.pk}/result/understand/claims/").content.decode()
    assert "expired on 7 October 2020." in strip_tags(page)
    assert "expired on 7 October 2020" in desk.get(f"/assessments/{answered.assessment_id}/evidence/").content.decode()
    review = desk.get(f"/offers/{answered.pk}/review/").content.decode()
    assert "Its evidence expired on 7 October 2020" in review


def test_an_assessment_held_to_evidence_believes_nothing_unshown_of_the_offer(
    desk: Client, answered: Offer, add: Adding
) -> None:
    stated = low(answered)
    desk.post(f"/assessments/{answered.assessment_id}/evidence/hold/", {"held": "yes"})
    held = low(answered)
    assert held < stated
    states = judge_offer(Offer.objects.get(pk=answered.pk)).states
    assert states[QUESTION].claimed
    assert not states["data_category"].claimed
    add(file=text_file())
    # Without encryption there are no keys: whose they are counts once encryption is shown too.
    shown = desk.post(f"/offers/{answered.pk}/evidence/encryption_at_rest/", sent(file=text_file()))
    assert shown.status_code == 302
    assert low(answered) > held
    desk.post(f"/assessments/{answered.assessment_id}/evidence/hold/", {"held": "no"})
    assert low(answered) == stated


def test_what_is_removed_carries_nothing_and_can_be_restored(desk: Client, answered: Offer, add: Adding) -> None:
    add(strength="claim")
    document = add()
    shown = low(answered)
    desk.post(f"/evidence/{document.pk}/remove/")
    assert low(answered) < shown
    page = f"/offers/{answered.pk}/evidence/{QUESTION}/"
    assert f"/evidence/{document.pk}/restore/" in desk.get(page).content.decode()
    assert desk.get(f"/evidence/{document.pk}/file/").status_code == 404
    desk.post(f"/evidence/{document.pk}/restore/")
    assert low(answered) == shown


def test_another_file_takes_the_place_of_the_first_which_can_be_restored(
    desk: Client, answered: Offer, add: Adding
) -> None:
    first = add(file=text_file())
    desk.post(f"/evidence/{first.pk}/change/", sent(file=text_file("new.txt", b"Clause 13")))
    first.refresh_from_db()
    second = Evidence.objects.in_use().get()
    assert first.removed_at
    assert (second.original_name, contents_of(second)) == ("new.txt", b"Clause 13")
    assert contents_of(first).startswith(b"Clause 12")


def test_a_file_is_served_as_a_file_and_as_nothing_else(desk: Client, answered: Offer, add: Adding) -> None:
    kept = add(file=text_file('clau"se é.txt'))
    response = desk.get(f"/evidence/{kept.pk}/file/")
    assert response.content == b"Clause 12: the keys stay with the customer."
    assert hashlib.sha256(response.content).hexdigest() == kept.sha256
    assert response["Content-Type"] == "text/plain"
    faults = [
        not response["Content-Disposition"].startswith("attachment;"),
        response["X-Content-Type-Options"] != "nosniff",
        "sandbox" not in response["Content-Security-Policy"],
        "script-src" in response["Content-Security-Policy"],
        "no-store" not in response["Cache-Control"],
        "\n" in response["Content-Disposition"],
    ]
    count("uploads", "accepted or served active", tried=len(faults), faults=sum(faults))
    assert not any(faults)
    assert TrailEntry.objects.filter(kind="evidence.downloaded", subject_id=kept.pk).exists()


def test_a_file_that_was_changed_on_the_disk_is_not_served(desk: Client, answered: Offer, add: Adding) -> None:
    kept = add(file=text_file())
    evidence_files.path_of(kept.stored_as).write_bytes(b"<script>")
    response = desk.get(f"/evidence/{kept.pk}/file/", follow=True)
    assert "no longer the one that was sent" in response.content.decode()
    with pytest.raises(CommandError, match="lost or changed"):
        call_command("checkevidence", stdout=StringIO())


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"title": ""}, "title", "This field is required"),
        ({"kind": "rumour"}, "kind", "not one of the available choices"),
        ({"note": "", "strength": "document"}, "note", "Send a file, give a link"),
        ({"link": "javascript:alert(1)"}, "link", "Enter a valid URL"),
        ({"valid_from": "2/1/2021", "valid_until": "1/1/2021"}, "valid_until", "ends before it begins"),
        ({"valid_until": "31/02/2021"}, "valid_until", "not a date of the calendar"),
        ({"file": SimpleUploadedFile("a.svg", b"<svg/>")}, "file", "Files of this type are not kept"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "file", "empty"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_the_field_and_nothing_is_lost(
    desk: Client, answered: Offer, wrong: dict[str, object], field: str, told: str
) -> None:
    response = desk.post(f"/offers/{answered.pk}/evidence/{QUESTION}/", sent(issuer="Notary") | wrong)
    assert response.status_code == 422
    assert told in " ".join(response.context["form"].errors[field])
    assert 'value="Notary"' in response.content.decode()
    assert not Evidence.objects.exists()
    assert list(evidence_files.stored_names()) == []


def test_the_files_of_an_assessment_have_a_quota(
    desk: Client, answered: Offer, add: Adding, settings: Settings
) -> None:
    settings.EVIDENCE_QUOTA_BYTES = 50
    add(file=text_file())
    response = desk.post(f"/offers/{answered.pk}/evidence/{QUESTION}/", sent(file=text_file()))
    assert response.status_code == 422
    assert "are left" in " ".join(response.context["form"].errors["file"])
    assert len(list(evidence_files.stored_names())) == 1


@pytest.mark.parametrize("required", [True, False])
def test_while_the_scanner_is_down_the_setting_decides(
    desk: Client, answered: Offer, settings: Settings, required: bool
) -> None:
    settings.CLAMD_ADDRESS, settings.CLAMD_REQUIRED = "unix:/nowhere/clamd.ctl", required
    response = desk.post(f"/offers/{answered.pk}/evidence/{QUESTION}/", sent(file=text_file()))
    if required:
        assert "does not answer" in " ".join(response.context["form"].errors["file"])
        assert not Evidence.objects.exists()
    else:
        assert not Evidence.objects.get().is_scanned
        assert "not scanned for viruses" in desk.get(response["Location"]).content.decode()


def test_evidence_may_come_before_the_answer(desk: Client, example: Offer) -> None:
    Answer.objects.filter(offer=example, question=QUESTION).delete()
    desk.post(f"/offers/{example.pk}/evidence/{QUESTION}/", sent())
    page = desk.get(f"/offers/{example.pk}/evidence/{QUESTION}/").content.decode()
    assert "not answered yet" in page
    data = {f"q-{QUESTION}-answer": "option:customer_only", f"q-{QUESTION}-revision": "0"}
    desk.post(f"/offers/{example.pk}/answers/{QUESTION}/", data)
    row = Answer.objects.get(offer=example, question=QUESTION)
    assert (row.value, row.revision, row.evidence.count()) == ("customer_only", 1, 1)


def test_the_questionnaire_saves_before_it_leads_to_the_evidence(desk: Client, example: Offer, add: Adding) -> None:
    add()
    page = desk.get(f"/offers/{example.pk}/questions/keys/").content.decode()
    assert "Contract, clause 12" in page
    row = Answer.objects.get(offer=example, question=QUESTION)
    data = {
        f"q-{QUESTION}-answer": "option:provider",
        f"q-{QUESTION}-revision": row.revision,
        "evidence": QUESTION,
    }
    response = desk.post(f"/offers/{example.pk}/questions/keys/", data)
    assert response["Location"] == f"/offers/{example.pk}/evidence/{QUESTION}/"
    row.refresh_from_db()
    assert row.value == "provider"


def test_files_go_with_their_rows_and_orphans_are_found(
    answered: Offer, add: Adding, django_capture_on_commit_callbacks: OnCommit
) -> None:
    add(file=text_file())
    lost = add(file=text_file())
    evidence_files.store(b"nobody's")
    told = StringIO()
    call_command("checkevidence", "--delete-orphans", stdout=told)
    assert "1 without a row, 0 missing, 0 changed" in told.getvalue()
    assert len(list(evidence_files.stored_names())) == 2
    evidence_files.discard(lost.stored_as)
    with pytest.raises(CommandError):
        call_command("checkevidence", stdout=told)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answered.assessment.delete()
    assert list(evidence_files.stored_names()) == []


def test_removed_evidence_is_deleted_for_good_after_thirty_days(
    desk: Client, add: Adding, django_capture_on_commit_callbacks: OnCommit
) -> None:
    old, new = add(file=text_file()), add(file=text_file())
    for kept in (old, new):
        desk.post(f"/evidence/{kept.pk}/remove/")
    Evidence.objects.filter(pk=old.pk).update(removed_at=timezone.now() - timedelta(days=31))
    told = StringIO()
    call_command("retain", "--dry-run", stdout=told)
    assert "1 pieces of evidence deleted" in told.getvalue()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        call_command("retain", stdout=told)
    assert list(Evidence.objects.all()) == [new]
    assert list(evidence_files.stored_names()) == [new.stored_as]


def test_members_are_reminded_once_of_evidence_that_ends(desk: Client, add: Adding) -> None:
    soon = timezone.localdate() + timedelta(days=60)
    kept = add(title="HDS certificate", valid_until=soon.strftime("%d/%m/%Y"))
    add(title="Contract", valid_until=(soon + timedelta(days=300)).strftime("%d/%m/%Y"))
    call_command("sendreminders", stdout=StringIO())
    call_command("sendreminders", stdout=StringIO())
    (letter,) = mail.outbox
    assert "HDS certificate" in letter.body
    assert "Contract" not in letter.body
    assert "HDS certificate" in desk.get("/deadlines/").content.decode()
    later = sent(title="HDS certificate", valid_until=(soon + timedelta(days=10)).strftime("%d/%m/%Y"))
    desk.post(f"/evidence/{kept.pk}/change/", later)
    call_command("sendreminders", stdout=StringIO())
    assert len(mail.outbox) == 2


def test_the_report_keeps_what_answers_rested_on(desk: Client, answered: Offer, add: Adding, officer: User) -> None:
    kept = add(file=text_file(), valid_until="31/12/2030", issuer="Notary")
    add(strength="claim", title="Brochure")
    hold_to_evidence(answered.assessment, held=True)
    report, _is_new = issue_report(answered, language="en", form="full", by=officer)
    record = read_record(bytes(Report.objects.get(pk=report.pk).content))
    assert [(item.title, item.sha256) for item in record.evidence] == [
        ("Contract, clause 12", kept.sha256),
        ("Brochure", None),
    ]
    given = {item.question: item for item in record.answers}
    assert given[QUESTION].strength == "document"
    assert given["us_law_reach"].claimed
    paper = desk.get(f"/offers/{answered.pk}/report/?format=html&language=en").content.decode()
    assert kept.sha256 in paper
    assert "Rests on a document." in paper
    assert "valid until 31 December 2030" in paper.lower().replace("december", "December")
    assert "held to evidence" in paper
    desk.post(f"/evidence/{kept.pk}/remove/")
    assert read_record(bytes(Report.objects.get(pk=report.pk).content)) == record
    brought = import_record(record, organisation=answered.assessment.organisation, by=officer)
    assert judge_offer(brought).to_bytes() == record.judge(edition_of(answered.assessment)).to_bytes()
    assert Evidence.objects.filter(answer__offer=brought, sha256=kept.sha256, stored_as="").exists()


def test_every_act_on_evidence_is_in_the_trail(desk: Client, answered: Offer, add: Adding) -> None:
    kept = add(file=text_file())
    desk.post(f"/evidence/{kept.pk}/remove/")
    desk.post(f"/assessments/{answered.assessment_id}/evidence/hold/", {"held": "yes"})
    kinds = list(TrailEntry.objects.order_by("pk").values_list("kind", flat=True))[-3:]
    assert kinds == ["evidence.added", "evidence.changed", "assessment.changed"]
    page = desk.get(f"/organisations/{answered.assessment.organisation_id}/trail/").content.decode()
    assert "added evidence, “Contract, clause 12”" in page


def test_a_guest_reads_and_downloads_and_changes_nothing(
    desk: Client, answered: Offer, add: Adding, stranger: User
) -> None:
    kept = add(file=text_file())
    client = Client()
    client.force_login(stranger)
    assert client.get(f"/evidence/{kept.pk}/file/").status_code == 404
    Guest.objects.create(user=stranger, assessment=answered.assessment, until=timezone.localdate())
    assert client.get(f"/evidence/{kept.pk}/file/").status_code == 200
    page = client.get(f"/assessments/{answered.assessment_id}/evidence/").content.decode()
    assert "Contract, clause 12" in page
    assert "Hold answers to evidence" not in page
    assert client.post(f"/evidence/{kept.pk}/remove/").status_code == 404


def test_queries_do_not_grow_with_the_evidence(
    desk: Client, answered: Offer, add: Adding, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add()
    page = f"/assessments/{answered.assessment_id}/evidence/"
    desk.get(page)
    for _ in range(2):
        with django_assert_num_queries(10):
            desk.get(page)
        for question in ("encryption_at_rest", "storage_location", "us_law_reach"):
            desk.post(f"/offers/{answered.pk}/evidence/{question}/", sent())


def test_evidence_is_not_copied_to_another_offer(desk: Client, answered: Offer, add: Adding, officer: User) -> None:
    add(strength="claim")
    other = add_offer(answered.assessment, name="Another")
    copy_answers(answered, other, officer)
    assert not Evidence.objects.filter(answer__offer=other).exists()


def test_the_save_of_an_answer_asks_nothing_of_its_evidence(
    answered: Offer, officer: User, django_assert_num_queries: DjangoAssertNumQueries, add: Adding
) -> None:
    add()
    row = Answer.objects.get(offer=answered, question=QUESTION)
    question = edition_of(answered.assessment).questions[QUESTION]
    with CaptureQueriesContext(connection) as asked:
        save_answer(
            assessment=answered.assessment,
            offer=answered,
            question=question,
            said=Said("answered", "provider"),
            revision=row.revision,
            by=officer,
        )
    assert not [query for query in asked.captured_queries if "checklists_evidence" in query["sql"]]
