"""The record of an assessment as a file: its published schema, and bringing one back in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from checklists.core.people.permissions import Action
from checklists.documents.frozen.attachment import MAX_FILE, foreign_record_in
from checklists.models import Edition, Organisation
from checklists.packs.reports.record import Alternative, AttachedRecord, Record, RecordError, json_schema, read_attached
from checklists.services.foreign_files.try_record import faults_in
from checklists.services.records.freeze_draft import NothingToWrite, freeze_draft
from checklists.services.reports.import_record import ImportRefused, import_record, try_import
from checklists.services.trail.record import record
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required, organisation_or_404
from checklists.web.site.limits import is_too_often
from checklists.words.judging.presentation import step
from checklists.words.reports import RECORD_REFUSED

MOST_AN_HOUR = 60
KEPT_FOR = 12 * 3600
"""Seconds for which a file that was looked at can be brought in (decision 0047)."""
MOST_KEPT = 3_000_000
"""Characters of a file, packed, that travel with the page that shows it."""


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the file attached to reports. Public."""
    text = json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False)
    return HttpResponse(text + "\n", content_type="application/schema+json")


# The length is looked at before the token: checking the token reads the whole body.
@csrf_exempt
def bring_in(request: HttpRequest) -> HttpResponseBase:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE + 10_000:
        return _page(request, _("The file is larger than 10 MB."), 422)
    return _bring_in(request)


@csrf_protect
@member_required
def _bring_in(request: SignedRequest) -> HttpResponse:
    """A new assessment from a report's PDF or JSON file."""
    organisation = organisation_or_404(request, may=Action.MANAGE_ASSESSMENT)
    if request.method != "POST":
        return _page(request)
    if is_too_often(request, "import", MOST_AN_HOUR, 3600):
        return _page(request, _("Too many files in an hour. Wait a little, then send it again."), 429)
    try:
        attached = _sent(request, organisation)
        if "look" in request.POST:
            return _preview(request, organisation, attached)
        offer = import_record(attached.record, organisation=organisation, by=request.user)
    except NotSent as error:
        return _page(request, str(error), 422)
    except RecordError as error:
        faults = faults_in(str(error)) if error.reason == "shape" else []
        return _page(request, str(RECORD_REFUSED.get(error.reason, error)), 422, faults)
    except ImportRefused as error:
        return _page(request, str(error), 422)
    return redirect("result", offer.pk)


class NotSent(ValueError):
    """No file came, or not the one that was shown; the message says what to do."""


def _sent(request: SignedRequest, organisation: Organisation) -> AttachedRecord:
    """The file sent, or the one that was looked at. Raises ``NotSent`` and ``RecordError``."""
    if kept := request.POST.get("kept"):
        try:
            return read_attached(signing.loads(kept, salt=_salt(request, organisation), max_age=KEPT_FOR).encode())
        except signing.BadSignature as error:
            raise NotSent(_("What was shown is no longer known here. Send the file again.")) from error
    file = request.FILES.get("file")
    if file is None:
        raise NotSent(_("Choose the PDF of a report, or the JSON file of an assessment."))
    return foreign_record_in(file.read())


def _preview(request: SignedRequest, organisation: Organisation, attached: AttachedRecord) -> HttpResponse:
    """What the file would make, before anything is made. Raises ``ImportRefused``."""
    made = attached.record
    offers = try_import(made, organisation=organisation, by=request.user)
    kept = signing.dumps(attached.to_bytes().decode(), salt=_salt(request, organisation), compress=True)
    parts: list[Record | Alternative] = [made, *(made.comparison.alternatives if made.comparison else [])]
    context = {
        "attached": attached,
        "made": made,
        "organisation": organisation,
        "edition": Edition.objects.only("number").get(sha256=made.edition.sha256),
        "offers": [
            {"name": name, "best": step(found.verdict.best), "worst": step(found.verdict.worst)}
            for name, found in offers
        ],
        "answers": sum(len(part.answers) for part in parts),
        "evidence": sum(len(part.evidence) for part in parts),
        "plans": sum(part.transition_plan is not None for part in parts),
        "actions": sum(len(part.actions) for part in parts),
        "kept": kept if len(kept) <= MOST_KEPT else "",
    }
    return render(request, "web/reports/import_preview.html", context)


def _salt(request: SignedRequest, organisation: Organisation) -> str:
    return f"assessment for {request.user.pk} in {organisation.pk}"


@member_required
@require_safe
def draft_json(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """The assessment as it stands, as an open file that can be brought back in here or elsewhere."""
    assessment = assessment_or_404(request, assessment_id)
    try:
        contents = freeze_draft(assessment).to_bytes()
    except NothingToWrite as nothing:
        messages.error(request, nothing_to_write(nothing))
        return redirect("assessment", assessment.pk)
    details = {"label": assessment.name}
    record("assessment.downloaded", organisation=assessment.organisation_id, subject=assessment, details=details)
    name = f"porte-cles-{slugify(assessment.name)[:100] or 'assessment'}-draft.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(contents, content_type="application/json", headers=headers)


def nothing_to_write(nothing: NothingToWrite) -> str:
    """Why there is no file, in words."""
    if nothing.offers == 0:
        return _("The file holds an assessment with its offers. Add an offer first.")
    return _("There are %(offers)d offers: more than one file holds.") % {"offers": nothing.offers}


def _page(
    request: HttpRequest, error: str = "", status: int = 200, faults: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    return render(request, "web/reports/import.html", {"error": error, "faults": faults}, status=status)
