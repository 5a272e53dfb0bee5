"""The report, as a download."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language

from checklists.reports.document import render_report
from checklists.reports.gather import gather
from checklists.web.access import member_required, offer_or_404
from checklists.web.questionnaire import Desk

LANGUAGES = ("fr", "en")


@member_required
def download(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The PDF of the answers as they stand now, in the language asked for or that of the page."""
    offer = offer_or_404(request, offer_id)
    asked = request.GET.get("language", get_language() or "")
    language = asked if asked in LANGUAGES else "fr"
    desk = Desk(offer.assessment, offer)
    report = gather(offer, desk.rows, desk.edition, desk.judgement, timezone.localtime(), lenses=desk.lenses)
    name = slugify(f"porte-cles-{offer.assessment.name}-{offer.name}-{language}")[:120]
    response = HttpResponse(render_report(report, language), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
