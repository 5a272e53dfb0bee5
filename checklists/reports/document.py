"""The report as a PDF. ``document_html`` makes the page, ``html_to_pdf`` hands it to WeasyPrint.

While rendering, no address is fetched but our own bundled files, by name.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import fontpkg_ibm_plex_serif
from django.template.loader import render_to_string
from django.utils.translation import override
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from checklists.reports.bars import concern_chart
from checklists.reports.contents import ReportInput
from checklists.reports.lens_presentation import LensView, present_lens
from checklists.reports.presentation import AnswerLine, answer_lines, present
from checklists.reports.words import pick

SCHEME = "report-asset:"
CHART_PREFIX = "data:image/svg+xml;base64,"

_SANS = Path(fontpkg_atkinson_hyperlegible.ROOT) / "files"
_SERIF = Path(fontpkg_ibm_plex_serif.ROOT) / "files"
ASSETS: Mapping[str, tuple[Path, str]] = {
    "document.css": (Path(str(resources.files("checklists.reports") / "assets" / "document.css")), "text/css"),
    "sans.ttf": (_SANS / "AtkinsonHyperlegible-Regular.ttf", "font/ttf"),
    "sans-bold.ttf": (_SANS / "AtkinsonHyperlegible-Bold.ttf", "font/ttf"),
    "sans-italic.ttf": (_SANS / "AtkinsonHyperlegible-Italic.ttf", "font/ttf"),
    "serif.ttf": (_SERIF / "IBMPlexSerif-SemiBold.ttf", "font/ttf"),
}
"""Everything a report may load."""


class ClosedFetcher(URLFetcher):
    """Serves the bundled assets and our own charts; refuses every other address."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(SCHEME) and (asset := ASSETS.get(url.removeprefix(SCHEME))):
            path, kind = asset
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        if url.startswith(CHART_PREFIX):
            svg = base64.b64decode(url.removeprefix(CHART_PREFIX), validate=True)
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
        raise ValueError(f"a report loads nothing from outside: {url[:60]!r} refused")


def document_html(report: ReportInput, language: str) -> str:
    """The report's HTML in ``language``; everything users wrote is escaped text."""
    edition = report.edition
    with override(language):
        verdict = present(edition, report.judgement)
        asked = answer_lines(edition, report.judgement, report.answers, asked=True)
        silent = answer_lines(edition, report.judgement, report.answers, asked=False)
        chart = concern_chart(verdict.concerns)
        context = {
            "report": report,
            "language": language,
            "subject": report.subject,
            "edition": edition,
            "edition_title": pick(edition.title),
            "verdict": verdict,
            "chart": CHART_PREFIX + base64.b64encode(chart.encode()).decode(),
            "annex": [(concern.title, asked.get(concern.key, [])) for concern in verdict.concerns],
            "not_asked": [line for lines in silent.values() for line in lines],
            "lenses": _lens_views(report),
            "supplement": _supplement(report),
            "glossary": [(pick(term), pick(text)) for term, text in edition.glossary.values()],
        }
        return render_to_string("reports/document.html", context)


def _lens_views(report: ReportInput) -> list[LensView]:
    if report.lenses is None:
        return []
    asked, established, day = report.lenses.asked, report.lenses.established, report.subject.reference_date
    return [present_lens(result, asked, established, report.answers, day) for result in report.lenses.results]


def _supplement(report: ReportInput) -> list[AnswerLine]:
    """What was answered to the questions that only the chosen frameworks ask."""
    if report.lenses is None:
        return []
    lines = answer_lines(report.lenses.asked, report.lenses.established, report.answers, asked=True)
    own = [
        line for concern, of_concern in lines.items() if concern not in report.edition.concerns for line in of_concern
    ]
    return [line for line in own if line.state in ("answered", "not_applicable") or line.comment]


def html_to_pdf(html: str) -> bytes:
    """The tagged PDF (PDF/UA-1 variant) of a report's HTML."""
    pdf: bytes = HTML(string=html, base_url=SCHEME, url_fetcher=ClosedFetcher()).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def render_report(report: ReportInput, language: str) -> bytes:
    """The report as a PDF in ``language``."""
    return html_to_pdf(document_html(report, language))
