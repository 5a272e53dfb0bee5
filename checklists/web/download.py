"""The report as the answers stand, as a file: three forms, two languages, three formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from checklists.reports.contents import Form, ReportInput
from checklists.reports.document import standalone_html
from checklists.reports.gather import gather
from checklists.reports.word import render_docx
from checklists.services.trail import record
from checklists.web.access import member_required, offer_or_404
from checklists.web.questionnaire import Desk
from checklists.web.report import draft

FORMS = {form.value: form for form in Form}
LANGUAGES = ("fr", "en")
FORMATS: Mapping[str, tuple[str, Callable[[ReportInput, str], bytes]]] = {
    "html": ("text/html; charset=utf-8", lambda report, language: standalone_html(report, language).encode()),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
}


@member_required
@require_safe
def download(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """A draft, in what was chosen; anything else than the choices is the full PDF in the language of the page."""
    if request.GET.get("format") not in FORMATS:
        return draft(request, offer_id)
    offer = offer_or_404(request, offer_id)
    asked = request.GET
    language = asked.get("language", get_language() or "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    extension = asked["format"]
    form = FORMS.get(asked.get("form", ""), Form.FULL)
    kind, render = FORMATS[extension]
    desk = Desk(offer.assessment, offer)
    report = gather(offer, desk.rows, desk.edition, desk.judgement, timezone.localtime(), form=form)
    details = {"label": offer.name, "language": language, "format": extension}
    record("report.downloaded", organisation=offer.assessment.organisation_id, subject=offer, details=details)
    response = HttpResponse(render(report, language), content_type=kind)
    name = slugify(f"porte-cles-{form.value}-{offer.assessment.name}-{offer.name}")[:110]
    # Always a file to keep, never a page of this site: what users wrote is not shown under its address.
    response["Content-Disposition"] = f'attachment; filename="{name}-{language}.{extension}"'
    response["Cache-Control"] = "private, no-store"
    return response
