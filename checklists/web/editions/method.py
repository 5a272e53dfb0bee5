"""How a verdict comes about: what is the same for every checklist, with the figures and the rules of one edition."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from checklists.models import Edition
from checklists.services.editions.own_checklists import may_read
from checklists.services.editions.publish_edition import current_edition, load_edition
from checklists.words.editions.conditions import catalogue
from checklists.words.editions.method import method_of
from checklists.words.vocabulary import only_in, pick


def method(request: HttpRequest, checklist: str = "", number: int | None = None) -> HttpResponse:
    """Public. The edition in force of ``checklist``, or of the default one; with ``number``, that edition."""
    try:
        number = number or current_edition(checklist).number
        checklist = checklist or current_edition().checklist
        row = Edition.objects.get(checklist=checklist, number=number)
    except Edition.DoesNotExist:
        raise Http404(f"no edition {number} of {checklist}") from None
    if not may_read(request.user, checklist):
        raise Http404(f"no edition of {checklist}")
    edition = load_edition(row.sha256)
    context = {
        "edition": edition,
        "title": pick(edition.title),
        "only_in": only_in(edition),
        "method": method_of(edition, row.document, catalogue(row.document), timezone.localdate()),
    }
    return render(request, "web/editions/method.html", context)
