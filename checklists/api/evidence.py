"""What answers rest on: list it, add to it, fetch a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from checklists.api.answers import question_of
from checklists.api.assessments import REFUSALS, Cursor, Limit, with_words
from checklists.api.callers import Caller, caller_of, not_found
from checklists.api.pages import page_of
from checklists.api.problems import Problem
from checklists.api.schemas import Page, ProblemOut
from checklists.core.people.permissions import Action
from checklists.models import Assessment, Evidence, Offer
from checklists.services.evidence.keep_evidence import Details, EvidenceRefused, add_evidence, contents_of
from checklists.services.evidence.receive_file import FileRefused, receive_file
from checklists.services.trail.record import record

router = Router(tags=["Evidence"])
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
SERVED_AS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


class EvidenceIn(Schema):
    """What is said of it. Beyond a claim, there is a file, a link, or a note that says where it can be seen."""

    title: Text
    kind: str = Field(description="`contract`, `certificate`, `audit_report` or `other`.", max_length=20)
    strength: str = Field(description="`claim`, `document` or `demonstrated`.", max_length=20)
    issuer: Text = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = Field(None, description="The last day, included.")
    link: str = Field("", max_length=500, pattern=r"^[^\x00]*$")
    note: str = Field("", max_length=2000, pattern=r"^[^\x00]*$")


class EvidenceOut(Schema):
    id: UUID
    offer: UUID | None = Field(description="`null`: it is about the workload.")
    question: str
    title: str
    kind: str
    strength: str
    issuer: str
    issued_on: date | None
    valid_from: date | None
    valid_until: date | None
    link: str
    note: str
    file: str = Field(description="The name of the file; empty without any.")
    size: int
    sha256: str
    is_scanned: bool = Field(description="Whether a virus scanner saw the file.")
    added_at: datetime


ADDED = {201: EvidenceOut} | REFUSALS | {413: ProblemOut, 423: ProblemOut}


@router.get(
    "/assessments/{uuid:assessment_id}/evidence",
    response={200: Page[EvidenceOut]} | REFUSALS,
    summary="The evidence of an assessment, newest first",
)
def evidence(request: HttpRequest, assessment_id: UUID, cursor: str = Cursor, limit: int = Limit) -> Page[EvidenceOut]:
    """Of the workload and of all offers; what was removed is left out."""
    found = caller_of(request).assessment(assessment_id, Action.READ)
    rows = Evidence.objects.in_use().of_assessment(found).select_related("answer")
    kept, following = page_of(rows, cursor, limit, "added_at")
    return Page[EvidenceOut](items=[evidence_out(row) for row in kept], next=following)


@router.post(
    "/assessments/{uuid:assessment_id}/answers/{slug:question}/evidence",
    response=ADDED,
    summary="Add evidence to an answer about the workload",
    url_name="add-workload-evidence",
)
def add_to_workload(
    request: HttpRequest,
    assessment_id: UUID,
    question: str,
    sent: Form[EvidenceIn],
    file: UploadedFile | None = File(None),
) -> HttpResponse:
    """A form (`multipart/form-data`) with the fields, and the file if there is one."""
    caller = caller_of(request)
    return _add(request, caller, caller.assessment(assessment_id, Action.ANSWER), None, question, sent, file)


@router.post(
    "/offers/{uuid:offer_id}/answers/{slug:question}/evidence",
    response=ADDED,
    summary="Add evidence to an answer about an offer",
    url_name="add-offer-evidence",
)
def add_to_offer(
    request: HttpRequest, offer_id: UUID, question: str, sent: Form[EvidenceIn], file: UploadedFile | None = File(None)
) -> HttpResponse:
    """A form (`multipart/form-data`) with the fields, and the file if there is one."""
    caller = caller_of(request)
    offer = caller.offer(offer_id, Action.ANSWER)
    return _add(request, caller, offer.assessment, offer, question, sent, file)


@router.get(
    "/evidence/{uuid:evidence_id}",
    response={200: EvidenceOut} | REFUSALS,
    summary="One piece of evidence",
    url_name="evidence",
)
def one(request: HttpRequest, evidence_id: UUID) -> EvidenceOut:
    return evidence_out(_evidence(caller_of(request), evidence_id))


@router.get(
    "/evidence/{uuid:evidence_id}/file", response={200: bytes} | REFUSALS | {409: ProblemOut}, summary="Its file"
)
def file(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """As it was sent. 404 where there is none; 409 when the stored file is no longer the one that was sent."""
    row = _evidence(caller_of(request), evidence_id)
    try:
        contents = contents_of(row)
    except FileNotFoundError as error:
        raise not_found() from error
    except ValueError as error:
        changed = _("The stored file is no longer the one that was sent. It is not served.")
        raise Problem(409, "file-changed", changed) from error
    assessment = row.answer.assessment
    details = {"label": row.title, "question": row.answer.question, "edition": assessment.edition.sha256}
    record(
        "evidence.downloaded",
        organisation=assessment.organisation_id,
        subject=row,
        details=details | {"sha256": row.sha256},
    )
    named = {"Content-Disposition": content_disposition_header(True, row.original_name) or "attachment"}
    return HttpResponse(contents, content_type=row.media_type, headers=SERVED_AS | named)


def _add(
    request: HttpRequest,
    caller: Caller,
    assessment: Assessment,
    offer: Offer | None,
    question: str,
    sent: EvidenceIn,
    file: UploadedFile | None,
) -> HttpResponse:
    question_of(assessment, offer, question)
    try:
        received = receive_file(file.name or "", file.read()) if file is not None else None
        made = with_words(
            lambda: add_evidence(
                assessment=assessment,
                offer=offer,
                question=question,
                details=Details(**sent.model_dump()),
                received=received,
                by=caller.user,
            )
        )
    except EvidenceRefused as refused:
        errors = [(f"/{field}", message) for field, message in refused.errors.items()]
        raise Problem(422, "evidence-refused", errors[0][1], errors=errors) from refused
    except FileRefused as refused:
        raise Problem(422, "file-refused", str(refused), errors=[("/file", str(refused))]) from refused
    address = request.build_absolute_uri(reverse("api-1:evidence", args=[made.pk]))
    body = evidence_out(made).model_dump_json()
    return HttpResponse(body, status=201, content_type="application/json", headers={"Location": address})


def _evidence(caller: Caller, key: UUID) -> Evidence:
    rows = Evidence.objects.in_use().filter(pk=key, answer__assessment__in=caller.assessments(Action.READ))
    found = rows.select_related("answer__assessment__edition").defer("answer__assessment__edition__document").first()
    if found is None:
        raise not_found()
    return found


def evidence_out(row: Evidence) -> EvidenceOut:
    same: dict[str, Any] = {
        name: getattr(row, name) for name in EvidenceOut.model_fields if name not in ("offer", "question", "file")
    }
    return EvidenceOut(offer=row.answer.offer_id, question=row.answer.question, file=row.original_name, **same)
