"""The report of one offer: context in, HTML, then a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML

from checklists.reports.assets import ClosedFetcher
from checklists.reports.report import ReportContext
from checklists.reports.typography import hold_together


def render_report(context: ReportContext, language: str = "") -> bytes:
    """The PDF of ``context``. ``language`` is the one the context was made in, and may be left out."""
    return html_to_pdf(report_html(context, language))


def report_html(context: ReportContext, language: str = "") -> str:
    """The whole report as one HTML page that asks for ``report-asset:`` resources only.

    The same context always gives the same page: no clock, no database. Raises ``ValueError`` when ``language`` is
    not the one the context was made in, since half of its words are already chosen.
    """
    if language and language != context.language:
        raise ValueError(f"this context was made in '{context.language}', not in '{language}'")
    with translation.override(context.language):
        html = render_to_string("reports/report.html", {"report": context, "verdict": context.presentation})
    return hold_together(html, context.language)


def html_to_pdf(html: str, fetcher: ClosedFetcher | None = None) -> bytes:
    """Lay ``html`` out as a PDF/UA-1 file. Only the report's own resources are read (see ``reports.assets``)."""
    document = HTML(string=html, url_fetcher=fetcher or ClosedFetcher())
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
