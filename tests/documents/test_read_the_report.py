"""Each form in each language and format: what it must hold, how long it is, and that users' text stays text."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.test import Client
from docx import Document
from docx.document import Document as Writing
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import html
from PIL import Image

from checklists.core.editions.vocabulary import LegalStatus
from checklists.documents.docx.word import render_docx
from checklists.documents.frozen.frozen import Frozen, report_input
from checklists.documents.pages.document import document_html, standalone_html
from checklists.documents.pdf.archive import archive
from checklists.models import Offer, User
from checklists.services.actions.keep_action import Undertaking, keep_action
from checklists.services.judging.judge_offer import edition_of, judge_offer, rows_of
from checklists.services.records.freeze_report import freeze_report
from checklists.words.contents import Form, Given, IssueMark, Letterhead, ReportInput

MUST_HOLD = {
    ("full", "fr"): ("PROJET", "Transitoire", "Sommaire", "Pour quand", "Glossaire", "Comment vérifier ce document"),
    ("full", "en"): ("DRAFT", "Transition only", "Contents", "By when", "Glossary", "How to check this document"),
    ("summary", "fr"): ("Transitoire", "Pourquoi", "Que faire d’abord", "Données lues par un tiers", "Service coupé"),
    ("summary", "en"): (
        "Transition only",
        "Reasons for this verdict",
        "What to do first",
        "Data read by others",
        "Service cut off",
    ),
    ("letter", "fr"): ("CNIL", "clés de chiffrement", "mise à profit", "capacité de stockage", "à compléter"),
    ("letter", "en"): ("CNIL", "encryption keys", "actively used", "storage capacity", "to be completed"),
}
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PAGES = {"full": range(8, 13), "summary": range(1, 2), "letter": range(2, 4)}
"""Without frameworks; with the five that ship the full report takes up to 19 (see tests/web)."""
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
HOSTILE = "<script>alert(1)</script> **bold** {{ x }} url(file:///etc/passwd) \x08"


@pytest.fixture
def report(example: Offer) -> ReportInput:
    rows, judgement = rows_of(example.assessment, example), judge_offer(example)
    record = freeze_report(example, rows, judgement, language="fr", form="full")
    return report_input(Frozen(record, edition_of(example.assessment), b"", None, MOMENT))


@pytest.mark.parametrize("form", [Form.FULL, Form.LETTER])
def test_who_does_what_by_when_is_frozen_and_told(example: Offer, officer: User, form: Form) -> None:
    said = Undertaking(owner=officer.pk, due=date(2027, 1, 31), state="under_way", note="not for readers")
    keep_action(example, "do-key_holder", said, revision=0, by=officer)
    rows, judgement = rows_of(example.assessment, example), judge_offer(example)
    record = freeze_report(example, rows, judgement, language="fr", form=form.value)
    bare = record.model_copy(update={"actions": []})
    assert (record.facts_sha256, record.covered_sha256) == (bare.facts_sha256, bare.covered_sha256)
    assert "actions" not in bare.to_document()
    text = document_html(report_input(Frozen(record, edition_of(example.assessment), b"", None, MOMENT)), "fr")
    told = " ".join(html.fromstring(text).text_content().split())
    assert f"{officer}, avant le 31 janvier 2027, En cours" in told
    assert "not for readers" not in text


def paper(report: ReportInput, language: str) -> bytes:
    return archive(document_html(report, language), [], MOMENT)


@pytest.fixture(scope="session")
def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 100), "navy").save(out, "PNG")
    return out.getvalue()


def words(pdf: bytes, folder: Path) -> str:
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    return " ".join(subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(("form", "language"), MUST_HOLD)
def test_each_form_holds_what_it_must(report: ReportInput, tmp_path: Path, form: str, language: str) -> None:
    pdf = paper(replace(report, form=Form(form)), language)
    text = words(pdf, tmp_path)
    # The watermark is a drawing under the text: only its HTML tells it.
    missing = [part for part in MUST_HOLD[form, language] if part not in text and part not in ("PROJET", "DRAFT")]
    assert missing == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) in PAGES[form]
    assert len(pdf) < 500_000


def test_the_summary_is_one_page_whatever_the_names(report: ReportInput, logo: bytes) -> None:
    organisation = Letterhead("Groupement hospitalier " * 8, "1 rue longue\n" * 5 + "75000 Paris", logo)
    subject = replace(
        report.subject, assessment="Entrepôt national " * 11, offer="Offre " * 33, provider="W" * 200,
        organisation=organisation,
    )  # fmt: skip
    mark = IssueMark("AB12-CD34-EF56", "0" * 64, True, "https://portecles.example/verify/AB12-CD34-EF56/", qr=SQUARE)
    long = replace(report, subject=subject, form=Form.SUMMARY, mark=mark)
    with pikepdf.open(io.BytesIO(paper(long, "fr"))) as pdf:
        assert len(pdf.pages) == 1


def test_headings_go_down_a_step_at_a_time_and_tables_have_scopes(report: ReportInput) -> None:
    page = document_html(report, "en")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert re.findall(r"<th(?! scope)[ >]", page) == []
    assert re.findall(r"<img(?![^>]* alt=\"[^\"]{5,})", page) == []


def test_the_alt_text_of_the_chart_says_its_figures(report: ReportInput) -> None:
    said = r"Keys and access to unencrypted data: \d+ out of 100, up to \d+\."
    assert re.search(said, document_html(report, "en"))


def test_what_users_wrote_is_text_in_html_and_docx(report: ReportInput) -> None:
    answers = {**report.answers, "key_holder": Given("answered", "provider", comment=HOSTILE)}
    hostile = replace(report, answers=answers, subject=replace(report.subject, offer=HOSTILE))
    assert "<script" not in standalone_html(hostile, "fr")
    cells = [cell.text for table in Document(io.BytesIO(render_docx(hostile, "fr"))).tables for cell in table._cells]
    assert any("<script>alert(1)</script> **bold** {{ x }}" in text for text in cells)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("form", list(Form))
def test_the_docx_has_headings_language_header_rows_and_alt_texts(
    report: ReportInput, logo: bytes, form: Form, language: str
) -> None:
    subject = replace(report.subject, organisation=Letterhead("Hôpital", "1 rue X", logo))
    whole = replace(report, subject=subject, form=form, produced_at=MOMENT.astimezone(ZoneInfo("Europe/Paris")))
    opened = Document(io.BytesIO(render_docx(whole, language)))
    page = document_html(whole, language)
    styles = {paragraph.style.name for paragraph in opened.paragraphs}
    assert {"Title", "Heading 1"} <= styles
    assert opened.core_properties.language.startswith(language)
    assert opened.core_properties.created == MOMENT
    assert opened.core_properties.title.startswith(report.subject.assessment)
    headed = [table for table in opened.tables if "w:tblHeader" in table.rows[0]._tr.xml]
    assert len(headed) == page.count("<thead")
    told = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    assert told[0] == ("Logo\u00a0: Hôpital" if language == "fr" else "Logo of Hôpital")
    assert len(told) == page.count("<img")
    assert all(len(text) > 5 for text in told)


def test_the_docx_says_all_that_the_page_says(report: ReportInput) -> None:
    opened = Document(io.BytesIO(render_docx(report, "en")))
    headings = [paragraph.text for paragraph in opened.paragraphs if paragraph.style.name.startswith("Heading")]
    page = html.document_fromstring(document_html(report, "en"))
    expected = [" ".join(heading.text_content().split()) for heading in page.iter("h2", "h3", "h4")]
    captions = [" ".join(caption.text_content().split()) for caption in page.iter("caption")]
    assert sorted(headings) == sorted(expected + captions)
    for chapter in ("The smallest change", "What the result hangs on", "Control chain", "Glossary", "Sources"):
        assert chapter in headings
    said = _squeezed("".join(paragraph.text for paragraph in _paragraphs(opened)))
    cells = [_squeezed(cell.text_content()) for cell in page.iter("td")]
    assert [text for text in cells if text not in said] == []


def _squeezed(text: str) -> str:
    return re.sub(r"[\s()]", "", text)


def _paragraphs(opened: Writing) -> Iterator[Paragraph]:
    yield from opened.paragraphs
    for table in opened.tables:
        for cell in table._cells:
            yield from cell.paragraphs


@pytest.mark.parametrize(("extension", "opening"), [("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>"), ("docx", b"PK")])
def test_the_download_is_a_file_in_the_format_chosen(
    desk: Client, example: Offer, extension: str, opening: bytes
) -> None:
    response = desk.get(f"/offers/{example.pk}/report/?form=summary&language=en&format={extension}")
    assert response.content.startswith(opening)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Disposition"].endswith(f'.{extension}"')


def test_a_proposal_is_not_among_the_laws_of_the_date(report: ReportInput) -> None:
    proposals = [law for law in report.edition.laws.values() if law.status is LegalStatus.PROPOSED]
    assert proposals
    page = document_html(report, "en")
    assert [law.key for law in proposals if law.title["en"] in page] == []


def test_what_is_written_from_right_to_left_is_read_so(report: ReportInput) -> None:
    arabic = "المعالجة مطابقة للائحة 2026 (GDPR)"
    answers = {**report.answers, "key_holder": Given("answered", "provider", comment=arabic)}
    written = replace(report, form=Form.FULL, answers=answers)
    assert f'<span dir="auto">{arabic}</span>' in document_html(written, "fr")
    opened = Document(io.BytesIO(render_docx(written, "fr")))
    paragraphs = [*opened.paragraphs, *(p for t in opened.tables for c in t._cells for p in c.paragraphs)]
    found = next(p for p in paragraphs if arabic in p.text)
    assert found._p.pPr.find(qn("w:bidi")) is not None
    assert [run.font.rtl for run in found.runs if arabic in run.text] == [True]
    assert "w:bidi" not in next(p for p in paragraphs if p.text.strip())._p.xml
