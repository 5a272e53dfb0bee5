"""An assessment as one open file: out as it stands, and in again as a new assessment."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router

from checklists.api.assessments import REFUSALS, IdempotencyKey, assessment_out, made_once
from checklists.api.callers import caller_of
from checklists.api.problems import Problem
from checklists.api.schemas import AssessmentOut, ProblemOut
from checklists.core.people.permissions import Action
from checklists.documents.frozen.attachment import foreign_record_in
from checklists.packs.reports.record import RecordError
from checklists.services.api.idempotency import Answered
from checklists.services.foreign_files.try_record import faults_in
from checklists.services.records.freeze_draft import NothingToWrite, freeze_draft
from checklists.services.reports.import_record import ImportRefused, import_record
from checklists.services.trail.record import record
from checklists.words.reports import RECORD_REFUSED

router = Router(tags=["Open files"])
SENT = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "description": "Schema: `/schemas/record-1.json`."}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
REFUSED = {"hash": "file-changed", "edition": "edition-unknown", "size": "too-large"}


@router.get(
    "/assessments/{uuid:assessment_id}/assessment.json",
    response={200: dict} | REFUSALS | {409: ProblemOut},
    summary="An assessment as an open file",
)
def draft(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """As it stands now, with all its offers, marked `is_draft`; of evidence, what is said of it and not its files.

    The schema is published at `/schemas/record-1.json`. 409 before there is an offer.
    """
    found = caller_of(request).assessment(assessment_id, Action.READ)
    try:
        contents = freeze_draft(found).to_bytes()
    except NothingToWrite as nothing:
        detail = _("The file holds an assessment with its offers: at least one, and no more than a file holds.")
        raise Problem(409, "nothing-to-write", detail, extra={"offers": nothing.offers}) from nothing
    record("assessment.downloaded", organisation=found.organisation_id, subject=found, details={"label": found.name})
    return HttpResponse(contents, content_type="application/json")


@router.post(
    "/assessments/import",
    response={201: AssessmentOut} | REFUSALS | {409: ProblemOut, 413: ProblemOut},
    summary="Make an assessment from an open file",
    openapi_extra=SENT,
    url_name="import-file",
)
def bring_in(
    request: HttpRequest,
    organisation: int = Query(..., ge=0, lt=2**31, description="The organisation that will own the assessment."),
    key: str = IdempotencyKey,
) -> HttpResponse:
    """The body is the JSON of an assessment, or the PDF of a report. What it states to be worth is judged again.

    422 names every fault by its place in the file; 409 when what it rests on is not published here.
    """
    caller = caller_of(request)
    owner = caller.organisation(organisation, Action.MANAGE_ASSESSMENT)
    try:
        attached = foreign_record_in(request.body)
    except RecordError as error:
        raise _refused(error) from error

    def act() -> Answered:
        try:
            offer = import_record(attached.record, organisation=owner, by=caller.user)
        except ImportRefused as error:
            raise Problem(409, "import-refused", str(error)) from error
        made = offer.assessment
        location = reverse("api-1:assessment", args=[made.pk])
        return Answered(201, assessment_out(made).model_dump(mode="json"), location)

    return made_once(request, caller, key, {"organisation": organisation, "sha256": attached.sha256}, act)


def _refused(error: RecordError) -> Problem:
    faults = faults_in(str(error)) if error.reason == "shape" else []
    detail = str(RECORD_REFUSED.get(error.reason, error))
    return Problem(422, REFUSED.get(error.reason, "file-refused"), detail, errors=faults)
