"""Whatever people write, the report is archival, accessible, bounded, and asks nobody for anything."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from django.test import Client
from django.utils.log import configure_logging
from pytest_django.fixtures import Settings

from checklists.documents.frozen.frozen import frozen_html
from checklists.documents.pages.document import ClosedFetcher
from checklists.documents.pages.glyphs import printable
from checklists.documents.pages.long_words import breakable
from checklists.documents.pdf import bounds
from checklists.documents.pdf.archive import Attached, archive
from checklists.documents.press import frozen_report, work_off
from checklists.models import Answer, Offer, PrintJob
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.judging.judge_offer import rows_of
from checklists.services.reports.issue_report import issue_report
from tests.documents.conftest import faults, made

WRITINGS = {
    "right to left": "شركة الاستضافة المحدودة חברת אירוח",
    "emoji": "😀 👨‍👩‍👧 🇫🇷 ✅ 🔑 1️⃣",
    "east asian": "株式会社 云计算 클라우드",
    "indic and thai": "होस्टिंग ไทย தமிழ்",
    "mathematics": "∑∫𝔸 ⟹ ♞",
    "stacked accents": "Z̸̡a̴l" + "\u0301" * 60,
    "controls and overrides": "a\x07b\x0b\u202eabc\u2066x\u200bz\ufeff",
    "private and unassigned": "\ue000 \U000f0000 \U0010ffff \u0378",
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_any_script_is_shown_or_named_by_its_number(example: Offer, writing: str) -> None:
    example.name = WRITINGS[writing]
    example.save()
    Answer.objects.filter(offer=example, question="key_holder").update(comment=WRITINGS[writing])
    _, pdf = made(example, "fr")
    assert faults(pdf) == []


def test_what_no_font_can_show_is_named() -> None:
    assert printable("é\x07\ue000\u202e😀") == "é[U+0007][U+E000][U+202E]😀"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_answer_at_all(example: Offer, language: str) -> None:
    empty = add_offer(example.assessment, name="Empty")
    Answer.objects.filter(assessment=example.assessment, offer=None).delete()
    _, pdf = made(empty, language)
    assert faults(pdf) == []


def test_comments_at_their_longest(example: Offer) -> None:
    """5,000 characters, half of them without a space to break at."""
    rows = list(rows_of(example.assessment, example).values())[:8]
    Answer.objects.filter(pk__in=[row.pk for row in rows]).update(comment="<b>" + "W" * 2_400 + " mot" * 649)
    _, pdf = made(example, "en")
    assert faults(pdf) == []
    assert len(pdf) < 1_000_000


def test_endless_words_and_empty_lines_are_tamed_and_nothing_else() -> None:
    plain = '<style>@page { background: url("data:image/svg+xml;base64,' + "A" * 500 + '") }</style>'
    plain += f'<img alt="" src="data:image/png;base64,{"B" * 500}"><p>{"c" * 119} {"&lt;" * 110} {"云" * 500}</p>'
    assert breakable(plain) == plain
    pieces = "\u200b".join(["&lt;" * 40] * 3)
    assert breakable(f"<p>{'&lt;' * 120}</p>") == f"<p>{pieces}</p>"
    assert breakable("a<br><br>b" + "<br>" * 4_000 + "c") == "a<br><br>b<br><br>c"


def test_a_word_without_end_costs_about_what_words_do() -> None:
    def taken(comment: str) -> float:
        page = f'<html lang="en"><title>t</title><p style="overflow-wrap: break-word">{comment}</p></html>'
        start = time.thread_time()
        archive(page, [], datetime(2026, 1, 1, tzinfo=UTC))
        return time.thread_time() - start

    taken("mot")
    assert taken("W" * 40_000) < 6 * taken("mot " * 10_000)


@pytest.mark.parametrize(("limit", "value"), [("MAX_PAGES", 3), ("REPORT_SECONDS", 0)])
def test_a_report_that_takes_too_much_is_given_up_in_words(
    desk: Client, example: Offer, settings: Settings, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    if limit == "MAX_PAGES":
        monkeypatch.setattr(bounds, "MAX_PAGES", value)
    else:
        settings.REPORT_SECONDS = value
    report, _ = issue_report(example, language="en", form="full", by=None)
    work_off()
    job = PrintJob.objects.get()
    assert (job.state, job.attempts, job.failure) == ("failed", 2, "length")
    assert "The pages are too many" in desk.get(f"/reports/{report.pk}/").content.decode()
    told = desk.get(f"/offers/{example.pk}/report/", follow=True)
    assert "The pages are too many" in told.content.decode()


def test_the_bound_holds_after_logging_was_set_up_again(settings: Settings) -> None:
    """As a server does that reads ``compliance.wsgi`` once the pages were loaded."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    settings.REPORT_SECONDS = 0
    with pytest.raises(bounds.TooLong):
        archive("<html lang='en'><title>t</title><h1>t</h1></html>", [], datetime(2026, 1, 1, tzinfo=UTC))


HOSTILE = {
    "markup": "<script>alert(1)</script><img src='file:///etc/passwd'><link rel=attachment href='file:///etc/passwd'>",
    "stylesheet": "</style><style>@import url(http://198.51.100.1/x.css); * {background: url(file:///etc/passwd)}</style>",
    "drawing": "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://198.51.100.1/x.png'/></svg>",
    "data address": "<iframe src='data:text/html,<script>1</script>'></iframe><object data='data:,<svg/>'>",
    "entities": "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>&b;&#0;&#xD800;&lt;script&gt;",
    "template": "{{ settings.SECRET_KEY }}{% include '/etc/passwd' %}{% debug %}",
    "address": "report-asset:../../settings.py report-asset:%2e%2e/ url('report-asset:document.css')",
    "words of PDF": ") /JS (app.alert(1)) /OpenAction << >> endstream endobj",
}


@pytest.mark.parametrize("way", HOSTILE)
def test_no_text_makes_the_report_fetch_or_run_anything(example: Offer, way: str) -> None:
    example.name = HOSTILE[way][:200]
    example.provider = HOSTILE[way][:200]
    example.save()
    example.assessment.description = HOSTILE[way]
    example.assessment.save()
    Answer.objects.filter(offer=example, question="key_holder").update(comment=HOSTILE[way])
    report, _ = issue_report(example, language="fr", form="full", by=None)
    frozen = frozen_report(report)
    asked: list[str] = []
    fetch = ClosedFetcher.fetch

    def watched(self: ClosedFetcher, url: str, headers: object = None) -> object:
        asked.append(url)
        return fetch(self, url, headers)

    with (
        mock.patch.object(ClosedFetcher, "fetch", watched),
        mock.patch.object(socket, "socket", side_effect=AssertionError("a report opened a socket")),
    ):
        pdf = archive(frozen_html(frozen), [Attached("assessment.json", b"{}", "")], frozen.produced_at)
    assert all(url.startswith(("report-asset:", "data:image/svg+xml;base64,")) for url in asked)
    assert b"root:" not in pdf
    for forbidden in (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/GoToR"):
        assert forbidden not in pdf
    assert faults(pdf) == []


ADDRESSES = (
    "file:///etc/passwd", "FILE:///etc/passwd", "//example.org/x", "http://127.0.0.1/", "ftp://example.org/x",
    "data:text/css,a", "data:image/svg+xml,<svg/>", "report-asset:../x", "report-asset:",
    "report-asset:document.css/..",
    "\x00file:///etc/passwd", str(Path("/etc/passwd")),
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_other_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="refused"):
        ClosedFetcher().fetch(address)


def test_a_drawing_of_ours_cannot_reach_out_either() -> None:
    """Charts come as data: addresses: what such a drawing refers to is refused as well, entities included."""
    import base64

    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    svg = (
        f'<!DOCTYPE svg [<!ENTITY e0 "aaaaaaaaaa">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
        '<image xlink:href="file:///etc/passwd" width="9" height="9"/><text>&e11;&f;</text></svg>'
    )
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    page = f'<html lang="en"><title>t</title><h1>t</h1><img alt="a" src="{address}"></html>'
    start = time.process_time()
    pdf = archive(page, [], datetime(2026, 1, 1, tzinfo=UTC))
    assert b"root:" not in pdf
    assert time.process_time() - start < 10
