"""Reports: drafts as the answers stand, and reports of record: issued once, listed, compared, downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.editions.edition import canonical_bytes
from checklists.core.editions.vocabulary import Verdict
from checklists.core.people.permissions import Action
from checklists.documents.docx.word import render_docx
from checklists.documents.frozen.frozen import Frozen, plain_pdf, report_input
from checklists.documents.pages.document import standalone_html
from checklists.documents.pdf.bounds import TooLong
from checklists.documents.press import framework_documents, frameworks_of, frozen_report
from checklists.documents.tasks import set_going
from checklists.models import Edition, Offer, PrintedReport, PrintJob, Report
from checklists.packs.reports.record import Record, attach, read_record
from checklists.services.editions.publish_edition import load_edition
from checklists.services.reports.freeze_report import freeze_report
from checklists.services.reports.freeze_review import freeze_review
from checklists.services.reports.issue_report import IssueRefused, issue_report
from checklists.services.reports.print_queue import ask_again
from checklists.services.reports.stored_file import stored_file
from checklists.services.trail.record import record
from checklists.web.answers.views import Desk
from checklists.web.site.access import member_required, offer_or_404, require
from checklists.words.judging.presentation import step
from checklists.words.reports import Change, changes

LANGUAGES = ("fr", "en")
FORMATS: Mapping[str, tuple[str, Callable[[Frozen], bytes]]] = {
    "pdf": ("application/pdf", lambda frozen: plain_pdf(frozen)),
    "html": (
        "text/html; charset=utf-8",
        lambda frozen: standalone_html(report_input(frozen), frozen.record.language).encode(),
    ),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda frozen: render_docx(report_input(frozen), frozen.record.language),
    ),
}


def _language(asked: str | None) -> str:
    asked = asked or get_language() or ""
    return asked if asked in LANGUAGES else "fr"


def _form(asked: str | None) -> str:
    return asked if asked in Report.Form.values else Report.Form.FULL


def report_or_404(request: HttpRequest, report_id: UUID, *, may: Action = Action.READ) -> Report:
    """The report, if the reader may do that on its assessment."""
    related = Report.objects.select_related("job", "issued_by", "edition").defer("edition__document")
    report = get_object_or_404(related, pk=report_id)
    report.offer = offer_or_404(request, report.offer_id, may=may)
    return report


def _as_file(contents: bytes, kind: str, name: str, extension: str) -> HttpResponse:
    response = HttpResponse(contents, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:120]}.{extension}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _tell_download(organisation: int, subject: Offer | Report, label: str, language: str) -> None:
    details = {"label": label, "language": language}
    record("report.downloaded", organisation=organisation, subject=subject, details=details)


@member_required
@require_safe
def draft(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The answers as they stand now, as PDF, HTML or DOCX: a draft, marked as such and never signed.

    Always a file to keep, never a page of this site: what users wrote is not shown under its address.
    """
    offer = offer_or_404(request, offer_id)
    language, form = _language(request.GET.get("language")), _form(request.GET.get("form"))
    extension = request.GET.get("format", "")
    extension = extension if extension in FORMATS else "pdf"
    kind, render_as = FORMATS[extension]
    desk = Desk(offer.assessment, offer)
    review = freeze_review(offer)
    contents = freeze_report(offer, desk.rows, desk.judgement, language=language, form=form, review=review)
    document = Edition.objects.values_list("document", flat=True).get(sha256=desk.edition.sha256)
    frozen = Frozen(contents, desk.edition, canonical_bytes(document), None, timezone.now())
    frozen = replace(frozen, frameworks=frameworks_of(contents), framework_bytes=framework_documents(contents))
    try:
        contents_of_file = render_as(frozen)
    except TooLong:
        messages.error(request, PrintJob.Failure.LENGTH.label)
        return redirect("result", offer.pk)
    _tell_download(offer.assessment.organisation_id, offer, offer.name, language)
    name = f"porte-cles-{form}-{offer.assessment.name}-{offer.name}-{language}"
    return _as_file(contents_of_file, kind, name, extension)


@member_required
@require_safe
def listing(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The reports issued for an offer, newest first, each with what changed since the one before."""
    offer = offer_or_404(request, offer_id)
    reports = list(
        Report.objects.filter(offer=offer).select_related("job", "edition", "issued_by").defer("edition__document")
    )
    set_going()
    return render(
        request,
        "web/reports/listing.html",
        {
            "assessment": offer.assessment,
            "offer": offer,
            "lines": [_line(report, reports) for report in reports],
            "forms": Report.Form.choices,
            "language": _language(None),
            "compares": offer.assessment.offers.count() > 1,
        },
    )


def _line(report: Report, reports: list[Report]) -> dict[str, Any]:
    frozen = read_record(bytes(report.content)).judgement.verdict
    others = [other for other in reports if other.facts_sha256 != report.facts_sha256]
    return {
        "report": report,
        "best": step(Verdict.from_key(frozen.best)),
        "worst": step(Verdict.from_key(frozen.worst)),
        "is_settled": frozen.best == frozen.worst,
        "is_replaced": any(other.issued_at > report.issued_at for other in others),
        "previous": report.previous_id,
    }


@member_required
@require_POST
def issue(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ISSUE_REPORT)
    try:
        report, is_new = issue_report(
            offer,
            language=_language(request.POST.get("language")),
            form=_form(request.POST.get("form")),
            by=request.user,  # type: ignore[arg-type]
        )
    except IssueRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports", offer.pk)
    set_going()
    if not is_new:
        messages.info(request, _("Nothing changed since this report was issued: it is still the one that stands."))
    return redirect("issued-report", report.pk)


@member_required
@require_safe
def issued(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report: how far its making is, then the file, its code and its hashes."""
    report = report_or_404(request, report_id)
    set_going()
    is_poll = bool(getattr(request, "htmx", False))
    if is_poll and report.job.state in (PrintJob.State.WAITING, PrintJob.State.RUNNING):
        return render(request, "web/reports/progress.html", {"report": report})
    if is_poll:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    printed = PrintedReport.objects.filter(pk=report.pk).defer("pdf").first()
    context = {"report": report, "offer": report.offer, "assessment": report.offer.assessment, "printed": printed}
    return render(request, "web/reports/issued.html", context)


@member_required
@require_POST
def again(request: HttpRequest, report_id: UUID) -> HttpResponse:
    report = report_or_404(request, report_id, may=Action.ISSUE_REPORT)
    ask_again(report)
    set_going()
    return redirect("issued-report", report.pk)


@member_required
@require_safe
def download(request: HttpRequest, report_id: UUID) -> HttpResponseBase:
    """The stored bytes, the same for ever."""
    found = stored_file(request.user, report_id)  # type: ignore[arg-type]
    if found is None:
        raise Http404("no such file")
    require(request, found.role, found.assessment, Action.READ)
    _tell_download(found.organisation, Report(pk=report_id), found.offer, found.language)
    response = _as_file(found.pdf, "application/pdf", f"porte-cles-{found.code}-{found.language}", "pdf")
    response["ETag"] = quote_etag(found.sha256)
    return response


@member_required
@require_safe
def as_json(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The record as the file attached to the PDF."""
    report = report_or_404(request, report_id)
    frozen = frozen_report(report)
    contents = attach(frozen.record, frozen.issue).to_bytes()
    return _as_file(contents, "application/json", f"porte-cles-{report.code}", "json")


@member_required
@require_safe
def compare(request: HttpRequest, report_id: UUID, other_id: UUID) -> HttpResponse:
    """What changed between two reports of one offer, the older first whichever way they are named."""
    pair = sorted((report_or_404(request, report_id), report_or_404(request, other_id)), key=lambda r: r.issued_at)
    older, newer = pair
    if older.offer_id != newer.offer_id:
        raise Http404("reports of two offers")
    context = {
        "older": older,
        "newer": newer,
        "offer": newer.offer,
        "assessment": newer.offer.assessment,
        "changes": _changes(older, newer),
    }
    return render(request, "web/reports/compare.html", context)


def _changes(older: Report, newer: Report) -> list[Change]:
    before, after = (read_record(bytes(report.content)) for report in (older, newer))
    return changes(before, _edition(before), after, _edition(after))


def _edition(contents: Record) -> CoreEdition:
    return load_edition(contents.edition.sha256)
