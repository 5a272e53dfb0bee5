"""The offers of an assessment side by side: a page, and the same table as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from checklists.core.people.permissions import Action
from checklists.files.spreadsheet import csv_file, xlsx_file
from checklists.models import Need, Offer
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.comparison import compare_offers
from checklists.services.judging.judge_offer import edition_of
from checklists.services.trail.record import record
from checklists.web.assessments.offers import CopyForm
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required, offer_or_404
from checklists.words.comparison import SORTS, Group, conclusions, sorted_candidates, table
from checklists.words.gather import compared

MOST = 8
"""Offers a page compares."""


@member_required
def comparison(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id)
    edition = edition_of(assessment)
    candidates, outcome = compare_offers(assessment)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "added"
    all_rows = request.GET.get("rows") == "all"
    shown = sorted_candidates(candidates, sort)[:MOST]
    context = {
        "assessment": assessment,
        "candidates": shown,
        "is_cut": len(candidates) > MOST,
        "most": MOST,
        "groups": table(edition, [compared(c) for c in shown], all_rows=all_rows) if len(shown) > 1 else [],
        "conclusions": conclusions(edition, candidates, outcome),
        "sort": sort,
        "sorts": SORTS.items(),
        "all_rows": all_rows,
        "has_needs": Need.objects.filter(assessment=assessment).exists(),
    }
    return render(request, "web/comparison/comparison.html", context)


@member_required
def comparison_file(request: HttpRequest, assessment_id: UUID, kind: str) -> HttpResponse:
    """Every row, those that do not differ included, as CSV or XLSX."""
    assessment = assessment_or_404(request, assessment_id)
    candidates, _outcome = compare_offers(assessment)
    if not candidates:
        raise Http404("no offer to compare")
    groups = table(edition_of(assessment), [compared(c) for c in candidates], all_rows=True)
    lines = _lines(groups, [c.offer for c in candidates])
    record("comparison.exported", organisation=assessment.organisation_id, subject=assessment,
           details={"label": assessment.name, "form": kind})  # fmt: skip
    name = slugify(f"{assessment.name}-{_('comparison')}")[:100]
    if kind == "csv":
        response = HttpResponse(csv_file(lines), content_type="text/csv; charset=utf-8")
    else:
        kind_of_file = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(xlsx_file(_("Comparison"), lines), content_type=kind_of_file)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _lines(groups: list[Group], offers: list[Offer]) -> list[list[str]]:
    lines = [["", *(offer.name for offer in offers)]]
    for group in groups:
        lines.append([group.title, *("" for _offer in offers)])
        lines += [[row.title, *("\n".join(cell.lines) for cell in row.cells)] for row in group.rows]
    return lines


@require_POST
@member_required
def copy(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Fill in what this offer leaves unanswered from another offer of the assessment."""
    target = offer_or_404(request, offer_id, may=Action.ANSWER)
    form = CopyForm(target, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the offer to copy from."))
        return redirect("change-offer", target.pk)
    copied = copy_answers(form.cleaned_data["source"], target, request.user)
    sentence = ngettext(
        "%(n)d answer copied: go through it, it may not hold here.",
        "%(n)d answers copied: go through them, they may not hold here.",
        copied,
    )
    messages.success(request, sentence % {"n": copied})
    return redirect("check-answers", target.pk)
