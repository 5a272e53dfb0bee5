"""A provider's CAIQ becomes claims on the few questions it can answer, each citing its question and the file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from checklists.core.editions.edition import Edition
from checklists.core.profiles.caiq import RULES, claims
from checklists.models import Answer, Offer
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.judging.judge_offer import judge_offer

HEADERS = ("Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CCM Control ID")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def fresh(example: Offer) -> Offer:
    return add_offer(example.assessment, name="Fresh")


def caiq(*answers: tuple[str, Any], headers: tuple[str, ...] = HEADERS, above: int = 1) -> bytes:
    """A workbook as providers send it: a cover, a title above the headers, one row a question."""
    book = Workbook()
    book.active.title = "Introduction"
    sheet = book.create_sheet("CAIQv4.0.3")
    for _line in range(above):
        sheet.append(["CONSENSUS ASSESSMENTS INITIATIVE QUESTIONNAIRE v4.0.3"])
    sheet.append(list(headers))
    for number, said in answers:
        cells = {"Question ID": number, "Question": "…", "CSP CAIQ Answer": said}
        sheet.append([cells.get(" ".join(header.split()), "") for header in headers])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send(desk: Client, offer: Offer, raw: bytes, name: str = "CAIQ Nuage.xlsx") -> HttpResponse:
    return desk.post(reverse("caiq", args=[offer.pk]), {"file": SimpleUploadedFile(name, raw)})  # type: ignore[return-value]


def take(desk: Client, offer: Offer, page: Any, *keys: str) -> HttpResponse:
    sent = {"carried": page.context["carried"], "take": keys}
    return desk.post(reverse("caiq", args=[offer.pk]), sent)  # type: ignore[return-value]


def shown(page: Any) -> dict[str, str]:
    return {line["key"]: line["number"] for line in page.context["lines"]}


def test_rules_answer_questions_of_the_flagship(flagship: Edition) -> None:
    for rule in RULES:
        assert rule.value in flagship.questions[rule.question].options


def test_one_answer_a_question_and_nothing_of_what_a_no_leaves_open() -> None:
    said = {"DSP-18.1": "yes", "DSP-18.2": "no", "CEK-03.1": "no", "CEK-08.1": "na"}
    assert [(rule.number, rule.value) for rule in claims(said)] == [("DSP-18.2", "none")]


def test_what_is_claimed_is_shown_then_presumed_and_cites_its_question(desk: Client, fresh: Offer) -> None:
    raw = caiq(("A&A-01.1", "Yes"), ("CEK-03.1", "NA"), ("CEK-08.1", "Yes"), ("DSP-18.1", " YES "), ("DSP-18.2", None))
    before = judge_offer(fresh)
    page = send(desk, fresh, raw)
    assert page.status_code == 200
    assert shown(page) == {"key_holder": "CEK-08.1", "disclosure_commitment": "DSP-18.1"}
    assert not fresh.answers.exists()
    assert take(desk, fresh, page, "key_holder", "disclosure_commitment").status_code == 302
    rows = {row.question: row for row in Answer.objects.filter(offer=fresh)}
    assert {key: (row.value, row.is_presumed) for key, row in rows.items()} == {
        "key_holder": ("customer_in_provider_kms", True),
        "disclosure_commitment": ("notify_only", True),
    }
    assert rows["key_holder"].from_profile["source_title"] == "CEK-08.1, CAIQ Nuage.xlsx"
    assert judge_offer(fresh).verdict.worst == before.verdict.worst
    assert "CEK-08.1, CAIQ Nuage.xlsx" in desk.get(f"/offers/{fresh.pk}/questions/keys/").content.decode()


def test_columns_are_found_by_headers_wherever_they_stand(desk: Client, fresh: Offer) -> None:
    moved = tuple(reversed([*HEADERS[:2], "csp  CAIQ answer", *HEADERS[3:]]))
    raw = caiq(
        ("CEK-08.1", "No"),
        headers=tuple(" ".join(h.split()) if h != "csp  CAIQ answer" else "CSP CAIQ Answer" for h in moved),
        above=4,
    )
    assert shown(send(desk, fresh, raw)) == {"key_holder": "CEK-08.1"}


def test_another_answer_that_stands_is_kept_unless_ticked(desk: Client, fresh: Offer) -> None:
    take(desk, fresh, send(desk, fresh, caiq(("CEK-08.1", "Yes"))), "key_holder")
    page = send(desk, fresh, caiq(("CEK-08.1", "No")))
    assert [line["is_ticked"] for line in page.context["lines"]] == [False]
    assert take(desk, fresh, page).status_code == 422
    # Answered by somebody after the page was shown.
    take(desk, fresh, send(desk, fresh, caiq(("CEK-08.1", "No"))), "key_holder")
    late = send(desk, fresh, caiq(("CEK-08.1", "Yes")))
    Answer.objects.filter(offer=fresh).update(revision=9)
    assert take(desk, fresh, late, "key_holder").status_code == 409
    assert Answer.objects.get(offer=fresh).value == "provider"


REFUSED = [
    (
        caiq(("CEK-08.1", "Yes"), headers=("Question ID", "Question", "Answer given")),
        "“Question ID” and “CSP CAIQ Answer”",
    ),
    (caiq(), "no question of the CAIQ"),
    (caiq(("CEK-08.1", "Partly")), "Row 3: “partly” is no answer to CEK-08.1"),
    (caiq(("CEK-08.1", "Yes"), ("CEK-08.1", "No")), "Row 4 answers CEK-08.1 otherwise"),
    (caiq(("CEK-08.1", "=1+1")), "Row 3: the answer to CEK-08.1 is a formula"),
    (b"%PDF-1.7", "no XLSX file"),
    (b"", "no XLSX file"),
    (b"x" * 2_000_001, "larger than 2 MB"),
]


@pytest.mark.parametrize(("raw", "told"), REFUSED)
def test_what_is_no_caiq_is_refused_in_words(desk: Client, fresh: Offer, raw: bytes, told: str) -> None:
    page = send(desk, fresh, raw)
    assert page.status_code == 422
    assert told in (page.context["refused"] if page.context["refused"] else "")
    assert not fresh.answers.exists()


def test_a_forged_page_fills_nothing(desk: Client, fresh: Offer) -> None:
    assert desk.post(reverse("caiq", args=[fresh.pk]), {"carried": "x", "take": "key_holder"}).status_code == 422
    assert desk.post(reverse("caiq", args=[fresh.pk])).status_code == 422
    assert not fresh.answers.exists()
