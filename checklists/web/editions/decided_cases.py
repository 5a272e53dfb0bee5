"""How a checklist would have judged decided cases: agreements, misses and abstentions, for anybody to read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from checklists.core.judging.decided_cases import agreement
from checklists.models import Edition
from checklists.services.editions.offer_checklists import readable_by
from checklists.services.editions.own_checklists import may_read
from checklists.services.editions.publish_edition import current_edition, load_edition
from checklists.services.judging.judge_cases import compared_cases
from checklists.words.judging.cases import case_lines
from checklists.words.vocabulary import pick


def decided_cases(request: HttpRequest, checklist: str = "") -> HttpResponse:
    """Public, like the edition they are judged under: the newest one of ``checklist``, or of the default one."""
    try:
        edition = load_edition(current_edition(checklist).sha256)
    except Edition.DoesNotExist:
        raise Http404(f"no edition of {checklist}") from None
    if not may_read(request.user, edition.key):
        raise Http404(f"no edition of {checklist}")
    compared = compared_cases(edition)
    exact, total, far = agreement(compared)
    others = [(each.key, pick(each.title)) for each in readable_by(request.user)]
    context = {
        "edition": edition,
        "title": pick(edition.title),
        "lines": case_lines(edition, compared),
        "exact": exact,
        "total": total,
        "far": far,
        "others": others if len(others) > 1 else [],
    }
    return render(request, "web/editions/decided_cases.html", context)
