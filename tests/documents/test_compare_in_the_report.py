"""The chapter that compares offers: from frozen contents only, archival, whole on paper, recomputable from the file."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command

from checklists.core.editions.edition import canonical_bytes
from checklists.documents.frozen.attachment import record_in
from checklists.documents.frozen.frozen import frozen_html, report_input
from checklists.documents.pages.document import standalone_html
from checklists.documents.press import frozen_report
from checklists.models import Answer, Offer, Provision, Report, User
from checklists.packs.reports.record import RecordError, read_record
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.capacity import state_need, state_provision
from checklists.services.comparison import compare_offers
from checklists.services.judging.judge_offer import edition_of, judge_offer, rows_of
from checklists.services.records.freeze_report import freeze_report
from checklists.services.reports.import_record import ImportRefused, import_record
from checklists.services.reports.issue_report import issue_report
from checklists.services.transition import begin_plan
from checklists.words.reports import changes
from tests.documents.conftest import faults, made

BETTER = {"key_holder": "customer_only", "immunity_qualification": "secnumcloud"}


def beside(example: Offer, name: str, values: dict[str, str]) -> Offer:
    offer = add_offer(example.assessment, name=name, provider="Hôte <b>SAS</b>")
    copy_answers(example, offer, None)
    for key, value in values.items():
        offer.answers.filter(question=key).update(status="answered", value=value)
    return offer


@pytest.fixture
def other(example: Offer, officer: User) -> Offer:
    offer = beside(example, "Sovereign host", BETTER)
    state_need(example.assessment, {"storage_now": "200", "support": "always", "certifications": ["hds"]})
    state_provision(offer, {"storage_now": "150.50", "support": "always", "certifications": ["hds"]})
    plan = begin_plan(example, example.assessment.reference_date, officer)
    plan.target = offer
    plan.save()
    return offer


def test_the_frozen_comparison_is_that_of_the_page(example: Offer, other: Offer) -> None:
    report, _ = issue_report(example, language="en", form="full", by=None)
    frozen = report_input(frozen_report(report)).beside
    assert frozen is not None
    candidates, _outcome = compare_offers(example.assessment)
    told = [(o.name, o.judgement, o.gaps, o.transition_days) for o in frozen.offers]
    assert told == [(c.offer.name, c.judgement, c.gaps, c.transition_days) for c in candidates]


def test_nothing_that_changes_later_enters_the_chapter(example: Offer, other: Offer) -> None:
    report, _ = issue_report(example, language="en", form="full", by=None)
    before = frozen_html(frozen_report(report))
    other.answers.all().delete()
    Provision.objects.all().delete()
    other.name = "Renamed"
    other.save()
    assert frozen_html(frozen_report(Report.objects.get(pk=report.pk))) == before
    assert "Sovereign host" in before


def test_the_hash_covers_the_other_offers_and_what_was_found_does_not(example: Offer, other: Offer) -> None:
    first, _ = issue_report(example, language="en", form="full", by=None)
    Answer.objects.filter(offer=other, question="key_holder").update(value="provider")
    second, is_new = issue_report(example, language="en", form="full", by=None)
    assert is_new
    assert second.content_sha256 != first.content_sha256
    assert second.facts_sha256 == first.facts_sha256
    edition = edition_of(example.assessment)
    records = [read_record(bytes(report.content)) for report in (first, second)]
    told = changes(records[0], edition, records[1], edition)
    assert [change.kind for change in told] == ["comparison"]


@pytest.mark.parametrize("form", ["summary", "letter"])
def test_the_short_forms_hold_nothing_of_the_other_offers(example: Offer, other: Offer, form: str) -> None:
    report, _ = issue_report(example, language="en", form=form, by=None)
    assert b"Sovereign host" not in bytes(report.content).replace(b'"target":"Sovereign host"', b"")


def test_an_offer_alone_has_no_such_chapter_and_its_record_reads_as_before(example: Offer) -> None:
    report, _ = issue_report(example, language="en", form="full", by=None)
    assert b"comparison" not in bytes(report.content)
    assert "Comparison of the offers" not in frozen_html(frozen_report(report))


@pytest.mark.parametrize(("offers", "language"), [(2, "fr"), (3, "en"), (8, "en")])
def test_any_number_of_offers_is_archival_accessible_and_not_clipped(
    example: Offer, other: Offer, tmp_path: Path, offers: int, language: str
) -> None:
    for number in range(example.assessment.offers.count(), offers):
        name = "Incompréhensibilités " * 9 if number == 5 else f"Offer {number}"
        beside(example, name, {"exit_plan": "tested"} if number % 2 else {"dpia": "approved"})
    report, pdf = made(example, language)
    assert faults(pdf) == []
    assert len(pdf) < 500_000
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        sizes = [(float(page.mediabox[2]), float(page.mediabox[3])) for page in opened.pages]
    assert any(width > height for width, height in sizes) is (offers > 3)
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
    widths = [float(width) for width in re.findall(r'<page width="([0-9.]+)"', boxes)]
    for width, page in zip(widths, boxes.split("<page ")[1:], strict=True):
        assert max((float(edge) for edge in re.findall(r'xMax="([0-9.]+)"', page)), default=0) < width - 20
    html = frozen_html(frozen_report(report))
    assert re.findall(r"<th(?! scope)[ >]", html) == []
    assert "<b>SAS</b>" not in html


def test_a_ninth_offer_is_counted_and_said(example: Offer, other: Offer) -> None:
    for number in range(7):
        beside(example, f"Offer {number}", {})
    rows = rows_of(example.assessment, example)
    record = freeze_report(example, rows, judge_offer(example), language="en", form="full")
    assert record.comparison is not None
    assert (len(record.comparison.alternatives), record.comparison.left_out) == (7, 1)
    report, _ = issue_report(example, language="en", form="full", by=None)
    page = standalone_html(report_input(frozen_report(report)), "en")
    assert "1 more offer of this assessment is not shown" in page
    assert "Side by side" in page


def test_the_file_alone_lets_anyone_judge_every_offer_again(example: Offer, other: Offer, tmp_path: Path) -> None:
    _, pdf = made(example)
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    out = io.StringIO()
    call_command("verifyreport", str(file), stdout=out)
    assert "compared   with 1 other offer" in out.getvalue()


def test_another_judgement_of_another_offer_is_found_out(example: Offer, other: Offer) -> None:
    report, _ = issue_report(example, language="en", form="full", by=None)
    document = json.loads(bytes(report.content))
    for given in document["comparison"]["alternatives"][0]["answers"]:
        if given["question"] == "key_holder":
            given["value"] = "provider"
    record = read_record(canonical_bytes(document))
    assert record.comparison is not None
    with pytest.raises(RecordError, match="Sovereign host"):
        record.judge_alternative(record.comparison.alternatives[0], edition_of(example.assessment))
    with pytest.raises(ImportRefused, match="ne donnent pas"):
        import_record(record, organisation=example.assessment.organisation, by=None)


def test_the_offers_compared_come_back_in_with_the_report(example: Offer, other: Offer, officer: User) -> None:
    _, pdf = made(example)
    record = record_in(pdf).record
    brought = import_record(record, organisation=example.assessment.organisation, by=officer)
    candidates, _ = compare_offers(brought.assessment)
    before, _ = compare_offers(example.assessment)
    assert [(c.offer.name, c.judgement, c.gaps) for c in candidates] == [
        (c.offer.name, c.judgement, c.gaps) for c in before
    ]


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("quantities", {"cpu": "12.5"}, "entier"),
        ("quantities", {"storage_now": "123456789012"}, "chiffres"),
    ],
)
def test_capacities_no_form_would_take_are_refused_in_words(
    example: Offer, other: Offer, place: str, value: object, words: str
) -> None:
    report, _ = issue_report(example, language="en", form="full", by=None)
    document = json.loads(bytes(report.content))
    document["comparison"]["need"][place] = value
    with pytest.raises(ImportRefused, match=words):
        import_record(read_record(canonical_bytes(document)), organisation=example.assessment.organisation, by=None)
