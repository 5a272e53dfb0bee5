"""Moving an assessment to a newer edition: what it would do, what is left to confirm, confirming and undoing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from checklists.core.people.permissions import Action
from checklists.models import Assessment, Edition, EditionMove
from checklists.services.moves.move_edition import (
    MoveRefused,
    confirm_answers,
    confirm_move,
    move_assessment,
    undo_move,
)
from checklists.services.moves.preview_move import newer_editions
from checklists.services.moves.read_move import moves_of, open_move
from checklists.web.moves.lines import opened, past, previewed
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required, organisation_or_404

State = EditionMove.State


@require_safe
@member_required
def show(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """What a move would do; once it is made, what is left to read again before it is confirmed."""
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    return _page(request, assessment, request.GET.get("to", ""))


@require_POST
@member_required
def move(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    try:
        made, is_new = move_assessment(assessment, request.POST.get("edition", ""), request.user)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, assessment, "", 422)
    number = made.to_edition.number
    if is_new:
        messages.success(request, _("Moved to edition %(number)d. Read on: what is left to do.") % {"number": number})
    else:
        messages.info(request, _("It had been moved to edition %(number)d already.") % {"number": number})
    return redirect("edition-move", assessment.pk)


@require_POST
@member_required
def confirm(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Confirm the answers ticked; with the other button, the whole move as well."""
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    standing = open_move(assessment)
    if standing is None:
        messages.info(request, _("No move waits to be confirmed."))
        return redirect("edition-move", assessment.pk)
    ticked = [int(sent) for sent in request.POST.getlist("answer") if sent.isdecimal() and len(sent) < 19]
    by: Any = request.user
    try:
        told = confirm_answers(standing, ticked, by)
        if request.POST.get("act") == "close":
            confirm_move(standing, by)
            messages.success(request, _("The move is confirmed."))
            return redirect("assessment", assessment.pk)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, assessment, "", 422)
    if told:
        messages.success(request, ngettext("%d answer is confirmed.", "%d answers are confirmed.", told) % told)
    else:
        messages.info(request, _("Tick the answers that still hold, then confirm them."))
    return redirect("edition-move", assessment.pk)


@require_POST
@member_required
def undo(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    last = moves_of(assessment).first()
    if last is None:
        messages.info(request, _("There is no move to undo."))
        return redirect("edition-move", assessment.pk)
    try:
        is_undone = undo_move(last, request.user)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, assessment, "", 422)
    number = last.from_edition.number
    if is_undone:
        messages.success(request, _("The move is undone: back on edition %(number)d.") % {"number": number})
    else:
        messages.info(request, _("The move had been undone already."))
    return redirect("edition-move", assessment.pk)


@require_safe
@member_required
def older_editions(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The organisation's assessments that rest on an older edition than the last, and those whose move is open."""
    organisation = organisation_or_404(request, organisation_id)
    last = dict(Edition.objects.order_by().values_list("checklist").annotate(last=Max("number")))
    in_use = Assessment.objects.in_use().filter(organisation=organisation).order_by("edition__number", "name", "pk")
    rows = in_use.select_related("edition").defer("edition__document", "description")
    opened = EditionMove.objects.filter(assessment__in=in_use.order_by(), state=State.OPEN)
    moving = set(opened.values_list("assessment", flat=True))
    lines = [
        {"assessment": row, "last": last[row.edition.checklist], "is_moving": row.pk in moving}
        for row in rows
        if row.pk in moving or row.edition.number < last[row.edition.checklist]
    ]
    return render(request, "web/moves/older.html", {"organisation": organisation, "lines": lines})


def edition_note(assessment: Assessment) -> dict[str, Any]:
    """For the page of an assessment: the newest edition after its own, and the move that is open. Two queries."""
    return {"newer": newer_editions(assessment).first(), "open_move": open_move(assessment)}


def _page(request: HttpRequest, assessment: Assessment, to: str, status: int = 200) -> HttpResponse:
    standing = open_move(assessment)
    context: dict[str, Any] = {"assessment": assessment, "past": past(assessment)}
    if standing:
        standing.assessment = assessment
        return render(request, "web/moves/open.html", {**context, **opened(standing)}, status=status)
    editions = list(newer_editions(assessment))
    target = next((row for row in editions if str(row.number) == to), editions[0] if editions else None)
    context["editions"] = editions
    if target:
        context |= previewed(assessment, target)
        if to and str(target.number) != to:
            messages.error(request, _("There is no later edition of that number: below is the newest one."))
    return render(request, "web/moves/preview.html", context, status=status)
