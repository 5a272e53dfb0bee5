"""Reports of record: issue, follow, download; and verify one without a token."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from checklists.api.assessments import REFUSALS, IdempotencyKey, made_once
from checklists.api.callers import Caller, caller_of, not_found
from checklists.api.problems import Problem
from checklists.api.schemas import ProblemOut, ReportIn, ReportOut, VerifiedOut
from checklists.core.people.permissions import Action
from checklists.documents.tasks import set_going
from checklists.models import PrintedReport, PrintJob, Report
from checklists.services.api.idempotency import Answered
from checklists.services.languages import site_languages
from checklists.services.reports.issue_report import IssueRefused, issue_report, read_code
from checklists.services.reports.verify_report import verify_code
from checklists.services.trail.record import record

router = Router(tags=["Reports"])


@router.get("/offers/{uuid:offer_id}/reports", response={200: list[ReportOut]} | REFUSALS, summary="Reports issued")
def reports(request: HttpRequest, offer_id: UUID) -> list[ReportOut]:
    """Newest first."""
    found = caller_of(request).offer(offer_id, Action.READ)
    return [report_out(row) for row in _with_files(Report.objects.filter(offer=found))]


@router.post(
    "/offers/{uuid:offer_id}/reports",
    response={202: ReportOut} | REFUSALS | {409: ProblemOut},
    summary="Issue a report of record",
)
def issue(request: HttpRequest, offer_id: UUID, sent: ReportIn, key: str = IdempotencyKey) -> HttpResponse:
    """What stands now is frozen at once; the file follows. `Location` tells where to look for it.

    The same contents give the same report, not another one.
    """
    caller = caller_of(request)
    found = caller.offer(offer_id, Action.ISSUE_REPORT)
    wrong = {
        name: message
        for name, value, allowed, message in (
            ("language", sent.language, tuple(site_languages()), _language_refused()),
            ("form", sent.form, tuple(Report.Form.values), _("The form is “full”, “summary” or “letter”.")),
        )
        if value not in allowed
    }
    if wrong:
        errors = [(f"/{name}", message) for name, message in wrong.items()]
        raise Problem(422, "invalid-request", errors[0][1], errors=errors)

    def act() -> Answered:
        try:
            made, _is_new = issue_report(found, language=sent.language, form=sent.form, by=caller.user)
        except IssueRefused as refused:
            raise Problem(409, "issue-refused", str(refused)) from refused
        row = _with_files(Report.objects.filter(pk=made.pk))[0]
        return Answered(202, report_out(row).model_dump(mode="json"), reverse("api-1:report", args=[made.pk]))

    answer = made_once(request, caller, key, sent.model_dump(mode="json"), act)
    set_going()
    return answer


@router.get("/reports/{uuid:report_id}", response={200: ReportOut} | REFUSALS, summary="One report", url_name="report")
def report(request: HttpRequest, report_id: UUID) -> ReportOut:
    return report_out(_report(caller_of(request), report_id))


@router.get(
    "/reports/{uuid:report_id}/report.pdf",
    response={200: bytes} | REFUSALS | {409: ProblemOut},
    summary="The file of a report",
)
def pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """PDF/A-3 and PDF/UA, with the assessment's JSON attached. 409 while it is being made."""
    found = _report(caller_of(request), report_id)
    printed = PrintedReport.objects.filter(report=found).first()
    if printed is None:
        wait = _("The file is being made. Ask again in a moment.")
        raise Problem(409, "report-not-ready", wait, headers={"Retry-After": "5"})
    _tell_download(found)
    response = HttpResponse(bytes(printed.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="porte-cles-{found.code}.pdf"'
    return response


@router.get(
    "/reports/{uuid:report_id}/assessment.json",
    response={200: dict} | REFUSALS,
    summary="The frozen contents of a report",
)
def contents(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The canonical JSON of the record, whose schema is published at `/schemas/record-1.json`."""
    found = _report(caller_of(request), report_id)
    _tell_download(found)
    return HttpResponse(bytes(found.content), content_type="application/json")


@router.get(
    "/verify/{code}",
    response={200: VerifiedOut, 404: ProblemOut, 422: ProblemOut, 429: ProblemOut},
    summary="Whether this site issued a report",
    auth=None,
)
def verify(request: HttpRequest, code: str) -> VerifiedOut:
    """Public: it says nothing of what the report holds, and keeps nothing of what is asked."""
    found = verify_code(read_code(code))
    if found is None:
        raise Problem(404, "not-found", _("This site issued no report with that code."))
    return VerifiedOut(**{name: getattr(found, name) for name in VerifiedOut.model_fields})


def _with_files(rows: QuerySet[Report]) -> list[Report]:
    """``rows`` with what tells how far each is: one query, without the bytes of any file."""
    return list(rows.select_related("job", "printed").defer("content", "edition__document", "printed__pdf"))


def _report(caller: Caller, key: UUID) -> Report:
    """A report of an offer that ``caller`` may read, with its job, its file and its assessment."""
    rows = Report.objects.filter(pk=key, offer__in=caller.offers(Action.READ))
    found = rows.select_related("job", "printed", "offer__assessment").defer("printed__pdf").first()
    if found is None:
        raise not_found()
    return found


def _tell_download(found: Report) -> None:
    details = {"label": found.code, "language": found.language}
    record("report.downloaded", organisation=found.offer.assessment.organisation_id, subject=found, details=details)


def report_out(row: Report) -> ReportOut:
    printed: PrintedReport | None = getattr(row, "printed", None)
    job: PrintJob | None = getattr(row, "job", None)
    has_failed = printed is None and job is not None and job.state == PrintJob.State.FAILED
    return ReportOut(
        id=row.pk,
        offer=row.offer_id,
        code=row.code,
        language=row.language,
        form=row.form,
        issued_at=row.issued_at,
        state="ready" if printed else "failed" if has_failed else "waiting",
        sha256=printed.pdf_sha256 if printed else None,
    )


def _language_refused() -> str:
    return _("The language is one of these: %(languages)s.") % {"languages": ", ".join(site_languages())}
