"""Reports: drafts as the answers stand, and reports of record: issued once, listed, compared, downloaded."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.people.permissions import Action
from checklists.documents.tasks import make_drafts_now, set_drafts_going, set_going
from checklists.models import DraftFile, Offer, PrintedReport, PrintJob, Report
from checklists.packs.reports.record import Record, attach, read_record
from checklists.services.editions.publish_edition import load_edition
from checklists.services.languages import language_here
from checklists.services.records.freeze_report import freeze_report
from checklists.services.reports.draft_files import MEDIA_TYPES, TooManyDrafts, ask_for_draft
from checklists.services.reports.freeze_review import freeze_review
from checklists.services.reports.issue_report import ContentsChanged, IssueRefused, contents_shown, issue_report
from checklists.services.reports.print_queue import ask_again
from checklists.services.reports.stored_file import stored_file
from checklists.services.trail.record import record
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, member_required, offer_or_404, require
from checklists.words.judging.presentation import step
from checklists.words.reports import Change, changes

BROWSERS_WAIT, OTHERS_WAIT = 1.0, 20.0
"""Seconds that a request waits for the file of a draft: a browser is shown how far it is, a program waits for it."""
WAITING_AT_ONCE = 4
"""Requests of this process that wait at one time; the others are shown at once how far it is."""
_waiting = threading.BoundedSemaphore(WAITING_AT_ONCE)


def _language(asked: str | None) -> str:
    return language_here(asked or get_language())


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
def draft(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The answers as they stand now, as PDF, HTML or DOCX: a draft, marked as such and never signed.

    Always a file to keep, never a page of this site: what users wrote is not shown under its address.
    """
    offer = offer_or_404(request, offer_id)
    language, form = _language(request.GET.get("language")), _form(request.GET.get("form"))
    extension = request.GET.get("format", "")
    extension = extension if extension in MEDIA_TYPES else "pdf"
    desk = Desk(offer.assessment, offer)
    review = freeze_review(offer)
    contents = freeze_report(offer, desk.rows, desk.judgement, language=language, form=form, review=review)
    try:
        draft = ask_for_draft(offer, contents, extension, request.user)
    except TooManyDrafts as refusal:
        messages.error(request, str(refusal))
        return redirect("result", offer.pk)
    draft = _made(request, draft)
    if draft.state == DraftFile.State.DONE:
        return _draft_as_file(offer, draft)
    if draft.state == DraftFile.State.FAILED:
        messages.error(request, draft.get_failure_display())
        return redirect("result", offer.pk)
    return redirect("draft-file", draft.pk)


def _is_browser(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _made(request: HttpRequest, draft: DraftFile) -> DraftFile:
    """The draft once it is made, or as far as it is when the request has waited long enough."""
    if connection.in_atomic_block:  # Nobody else would see it: it is made here.
        make_drafts_now()
    else:
        set_drafts_going()
    draft.refresh_from_db()
    if draft.is_going and _waiting.acquire(blocking=False):
        try:
            end = time.monotonic() + (BROWSERS_WAIT if _is_browser(request) else OTHERS_WAIT)
            while draft.is_going and time.monotonic() < end:
                time.sleep(0.2)
                draft.refresh_from_db(fields=["state", "failure"])
        finally:
            _waiting.release()
    return draft


def _draft_as_file(offer: Offer, draft: DraftFile) -> HttpResponse:
    _tell_download(offer.assessment.organisation_id, offer, offer.name, draft.language)
    name = f"porte-cles-{draft.form}-{offer.assessment.name}-{offer.name}-{draft.language}"
    kept = DraftFile.objects.values_list("file", flat=True).get(pk=draft.pk)
    return _as_file(bytes(kept or b""), MEDIA_TYPES[draft.extension], name, draft.extension)


def draft_or_404(request: HttpRequest, file_id: UUID) -> tuple[Offer, DraftFile]:
    """The file of a draft, if the reader may read its assessment."""
    draft = get_object_or_404(DraftFile.objects.defer("file", "contents"), pk=file_id)
    return offer_or_404(request, draft.offer_id), draft


@member_required
@require_safe
def draft_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """How far the file of a draft is, then where to download it."""
    offer, draft = draft_or_404(request, file_id)
    set_drafts_going()
    context = {"draft": draft, "offer": offer, "assessment": offer.assessment}
    if getattr(request, "htmx", False):
        # 286 ends htmx's asking again and again.
        return render(request, "web/reports/draft_state.html", context, status=200 if draft.is_going else 286)
    return render(request, "web/reports/draft_file.html", context)


@member_required
@require_safe
def download_draft(request: HttpRequest, file_id: UUID) -> HttpResponse:
    offer, draft = draft_or_404(request, file_id)
    if draft.state != DraftFile.State.DONE:
        raise Http404("not made yet")
    return _draft_as_file(offer, draft)


@member_required
@require_safe
def listing(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The reports issued for an offer, newest first, each with what changed since the one before."""
    return _listing(request, offer_or_404(request, offer_id))


def _listing(request: HttpRequest, offer: Offer, status: int = 200) -> HttpResponse:
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
            "shown": contents_shown(offer),
        },
        status=status,
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
def issue(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ISSUE_REPORT)
    try:
        report, is_new = issue_report(
            offer,
            language=_language(request.POST.get("language")),
            form=_form(request.POST.get("form")),
            by=request.user,
            shown=request.POST.get("shown"),
        )
    except ContentsChanged as changed:
        messages.error(request, str(changed))
        return _listing(request, offer, 409)
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
def download(request: SignedRequest, report_id: UUID) -> HttpResponseBase:
    """The stored bytes, the same for ever."""
    found = stored_file(request.user, report_id)
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
    from checklists.documents.press import frozen_report

    frozen = frozen_report(report)
    contents = attach(frozen.record, frozen.issue).to_bytes()
    _tell_download(report.offer.assessment.organisation_id, report, report.offer.name, report.language)
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
