"""Issuing, listing, comparing, downloading and bringing back in, as people of an organisation do."""

from __future__ import annotations

import io
import json
import uuid
from pathlib import Path

import jsonschema
import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.documents.press import work_off
from checklists.models import Assessment, Offer, PrintJob, Report, User
from checklists.services.answers.save_answer import Said
from checklists.services.assessments.keep_assessment import create_assessment
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.people.erase_person import erase_person
from checklists.services.reports.issue_report import issue_report
from tests.documents.conftest import made
from tests.documents.test_issue_a_report import answer


def test_issue_wait_download_again_and_again(desk: Client, example: Offer) -> None:
    response = desk.post(f"/offers/{example.pk}/reports/issue/", {"language": "en", "form": "full"})
    page = response["Location"]
    assert "Waiting for its turn" in desk.get(page).content.decode()
    assert desk.get(page, headers={"HX-Request": "true"}).status_code == 200
    work_off()
    assert desk.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "The file is ready" in desk.get(page).content.decode()
    first, second = (desk.get(f"{page}report.pdf") for _ in range(2))
    assert first.content == second.content
    assert first["Content-Disposition"].endswith('.pdf"')
    assert (
        "Nothing changed"
        in desk.post(
            f"/offers/{example.pk}/reports/issue/", {"language": "en", "form": "full"}, follow=True
        ).content.decode()
    )


def test_the_list_and_the_comparison_say_what_changed(
    desk: Client, example: Offer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    older, _ = made(example, "en")
    answer(example, "key_holder", Said("answered", "customer_only"))
    newer, _ = made(example, "en")
    with django_assert_max_num_queries(8):
        page = desk.get(f"/offers/{example.pk}/reports/").content.decode()
    assert "Replaced by a newer report" in page
    compared = desk.get(f"/reports/{newer.pk}/since/{older.pk}/").content.decode()
    assert "The customer alone" in compared
    assert compared.count("<tr") >= 2


def test_strangers_find_nothing(client: Client, example: Offer, stranger: User) -> None:
    report, _ = made(example)
    client.force_login(stranger)
    for path in ("", "report.pdf", "assessment.json", f"since/{report.pk}/"):
        assert client.get(f"/reports/{report.pk}/{path}").status_code == 404
    assert client.post(f"/reports/{report.pk}/again/").status_code == 404
    assert client.get(f"/offers/{example.pk}/reports/").status_code == 404
    assert client.post(f"/offers/{example.pk}/reports/issue/").status_code == 404
    assert client.get(f"/reports/{uuid.uuid4()}/").status_code == 404
    assert Report.objects.count() == 1


@pytest.mark.parametrize("kind", ["pdf", "json"])
def test_an_assessment_brought_back_in_is_judged_the_same(desk: Client, example: Offer, kind: str) -> None:
    report, pdf = made(example)
    file = io.BytesIO(pdf if kind == "pdf" else desk.get(f"/reports/{report.pk}/assessment.json").content)
    file.name = f"report.{kind}"
    response = desk.post("/assessments/import/", {"file": file})
    assert response.status_code == 302
    brought = Offer.objects.exclude(pk=example.pk).get()
    assert judge_offer(brought).to_bytes() == judge_offer(example).to_bytes()
    assert Assessment.objects.count() == 2


def _changed(contents: bytes, change: str) -> bytes:
    document = json.loads(contents)
    record = document["record"]
    if change == "hash":
        record["subject"]["offer"] = "Another"
    elif change == "twice":
        record["answers"].append(record["answers"][0])
    elif change == "unknown field":
        record["surprise"] = 1
    elif change == "no such day":
        record["reference_date"] = "2020-02-31"
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [("hash", "was changed"), ("twice", "schema"), ("unknown field", "schema"), ("no such day", "schema")],
)
def test_a_file_that_was_changed_is_refused_in_words(desk: Client, example: Offer, change: str, words: str) -> None:
    report, _ = made(example)
    file = io.BytesIO(_changed(desk.get(f"/reports/{report.pk}/assessment.json").content, change))
    file.name = "a.json"
    response = desk.post("/assessments/import/", {"file": file})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("contents", [b"", b"{", b"%PDF-1.7", b"[" * 100_000, b"\x00\xff" * 50, b"null", b"{}"])
def test_what_is_no_report_is_refused_in_words(desk: Client, contents: bytes) -> None:
    file = io.BytesIO(contents)
    file.name = "a.pdf"
    assert desk.post("/assessments/import/", {"file": file}).status_code == 422


def test_an_upload_too_large_is_refused_before_it_is_read(desk: Client) -> None:
    file = io.BytesIO(b"x" * 10_100_000)
    file.name = "a.pdf"
    response = desk.post("/assessments/import/", {"file": file})
    assert response.status_code == 422
    assert "larger than 10 MB" in response.content.decode()


def test_the_file_follows_the_published_schema(desk: Client, client: Client, example: Offer) -> None:
    report, _ = made(example)
    schema = client.get("/schemas/record-1.json").json()
    jsonschema.validate(desk.get(f"/reports/{report.pk}/assessment.json").json(), schema)
    published = Path(__file__).parents[3] / "docs" / "schemas" / "record-1.json"
    assert json.loads(published.read_text()) == schema


def test_a_maker_that_vanished_is_followed_by_another_once(example: Offer) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from checklists.services.reports.print_queue import take_job

    issue_report(example, language="fr", form="full", by=None)
    for expected in (1, 2):
        job = take_job()
        assert job is not None
        assert job.attempts == expected
        assert take_job() is None
        PrintJob.objects.update(alive_at=timezone.now() - timedelta(minutes=2))
    assert take_job() is None
    assert PrintJob.objects.get().failure == "stopped"


def test_deleting_ones_account_keeps_what_an_issued_report_rests_on(
    client: Client, example: Offer, officer: User
) -> None:
    report, _ = issue_report(example, language="fr", form="full", by=officer)
    other = create_assessment(
        organisation=example.assessment.organisation,
        edition=example.assessment.edition,
        name="Without a report",
        reference_date=example.assessment.reference_date,
        by=officer,
    )
    erase_person(officer)
    assert not User.objects.filter(pk=officer.pk).exists()
    assert not Assessment.objects.filter(pk=other.pk).exists()
    assert Report.objects.get().issued_by is None
    assert client.get(f"/verify/{report.code}/").status_code == 200
