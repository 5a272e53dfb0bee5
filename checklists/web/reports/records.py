"""The record of an assessment as a file: its published schema, and bringing one back in."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from checklists.core.people.permissions import Action
from checklists.documents.frozen.attachment import MAX_FILE, foreign_record_in
from checklists.packs.reports.record import RecordError, json_schema
from checklists.services.reports.import_record import ImportRefused, import_record
from checklists.web.site.access import SignedRequest, member_required, organisation_or_404
from checklists.web.site.limits import is_too_often

MOST_AN_HOUR = 60
REASONS = {
    "size": gettext_lazy("The file is larger than 10 MB."),
    "pdf": gettext_lazy("The file is damaged, or is not a PDF."),
    "attachment": gettext_lazy("This PDF is not a report of Porte-clés: no assessment is attached to it."),
    "hash": gettext_lazy("The file was changed after it was made: its contents do not have the hash it states."),
    "edition": gettext_lazy("The file mixes two editions of the checklist."),
    "shape": gettext_lazy("The file is not an assessment as reports carry it. The published schema tells its form."),
}


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
    file = request.FILES.get("file")
    if file is None:
        return _page(request, _("Choose the PDF of a report, or its JSON file."), 422)
    try:
        attached = foreign_record_in(file.read())
        offer = import_record(attached.record, organisation=organisation, by=request.user)
    except RecordError as error:
        return _page(request, str(REASONS.get(error.reason, error)), 422)
    except ImportRefused as error:
        return _page(request, str(error), 422)
    return redirect("result", offer.pk)


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    return render(request, "web/reports/import.html", {"error": error}, status=status)
