"""The transition plan of an offer to be left: the page, its calendar file, and what it says of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from checklists.core.people.permissions import Action
from checklists.core.transition import Schedule, schedule
from checklists.files.calendar import plan_calendar
from checklists.models import PlanStep, TransitionPlan
from checklists.services.judging.judge_offer import edition_of
from checklists.services.transition import (
    PlanIsStale,
    begin_plan,
    carried_answers,
    carry_over,
    core_plan,
    delete_plan,
    save_plan,
)
from checklists.web.site.access import SignedRequest, member_required, offer_or_404
from checklists.web.transition.forms import PlanForm, ProgressFormSet, StepFormSet
from checklists.words.gather import plan_contents
from checklists.words.judging.presentation import value_text
from checklists.words.transition.plan import present_plan
from checklists.words.vocabulary import pick


@dataclass
class OpenPlan:
    """A plan with its steps and what follows from them today."""

    plan: TransitionPlan
    steps: list[PlanStep]
    placed: Schedule

    @classmethod
    def of(cls, plan: TransitionPlan) -> OpenPlan:
        steps = list(plan.steps.all())
        return cls(plan, steps, schedule(core_plan(plan, steps), timezone.localdate()))


def _plan_or_404(request: HttpRequest, offer_id: UUID, may: Action) -> TransitionPlan:
    offer = offer_or_404(request, offer_id, may=may)
    plan = get_object_or_404(TransitionPlan.objects.select_related("target"), offer=offer)
    plan.offer = offer
    return plan


@member_required
def transition(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ANSWER if request.method == "POST" else Action.READ)
    plan = TransitionPlan.objects.select_related("target").filter(offer=offer).first()
    if plan is None:
        if request.method == "POST":
            begin_plan(offer, timezone.localdate(), request.user)
            return redirect("transition", offer.pk)
        return render(request, "web/transition/begin.html", {"offer": offer, "assessment": offer.assessment})
    plan.offer = offer
    if request.method == "POST":
        return _save(request, plan)
    opened = OpenPlan.of(plan)
    frame = PlanForm(instance=plan, initial={"revision": plan.revision})
    return _page(request, opened, frame, _step_forms(plan, opened.steps))


def _step_forms(plan: TransitionPlan, steps: list[PlanStep], data: QueryDict | None = None) -> Any:
    is_closed = plan.offer.assessment.is_closed
    fields = ("number", "title", "owner", "low", "likely", "high", "after", "state", "started_on", "finished_on")
    initial = [{field: getattr(step, field) for field in fields} for step in steps]
    if is_closed:
        return ProgressFormSet(data, initial=initial, prefix="steps", form_kwargs={"is_closed": True})
    return StepFormSet(data, initial=initial, prefix="steps")


def _save(request: SignedRequest, plan: TransitionPlan) -> HttpResponse:
    """Save every row and field that is right; show the others again, as they were typed, with what is wrong."""
    standing = TransitionPlan.objects.get(pk=plan.pk)
    standing.offer = plan.offer
    frame = PlanForm(request.POST, instance=standing)
    steps = list(plan.steps.all())
    numbers = {step.number for step in steps}
    rows = _step_forms(plan, steps, request.POST)
    rows_are_right = rows.is_valid()
    frame_is_right = frame.is_valid()
    if not rows.management_form.is_valid():
        messages.error(request, _("The form did not arrive whole: nothing was saved. Send it again."))
        return redirect("transition", plan.offer.pk)
    header = {name: value for name, value in frame.cleaned_data.items() if name != "revision"}
    changed, removed = [], []
    for row in rows:
        number = row.cleaned_data.get("number") if hasattr(row, "cleaned_data") else None
        number = number if number in numbers else None
        if row.cleaned_data.get("DELETE"):
            removed += [number] if number else []
        elif row.is_valid() and row.cleaned_data.get("title"):
            changed.append((number, row.row()))
    try:
        save_plan(
            plan,
            header=header,
            changed=changed,
            removed=removed,
            revision=frame.cleaned_data.get("revision", 0),
            by=request.user,
        )
    except PlanIsStale:
        frame.data = {**request.POST.dict(), "revision": str(plan.revision)}
        message = _(
            "Someone changed this plan meanwhile. Yours is shown below, not saved: save again to keep it instead."
        )
        return _page(request, OpenPlan.of(plan), frame, rows, status=409, warning=message)
    if rows_are_right and frame_is_right:
        messages.success(request, _("Saved."))
        return redirect("transition", plan.offer.pk)
    plan.refresh_from_db()
    frame.data = {**request.POST.dict(), "revision": str(plan.revision)}
    warning = _("What is marked below was not saved; the rest was.")
    return _page(request, OpenPlan.of(plan), frame, rows, status=422, warning=warning)


def _page(
    request: HttpRequest, opened: OpenPlan, frame: PlanForm, rows: Any, *, status: int = 200, warning: str = ""
) -> HttpResponse:
    plan, offer = opened.plan, opened.plan.offer
    questions = edition_of(offer.assessment).questions
    carried = carried_answers(plan, opened.steps, opened.placed)
    told = [
        {
            "question": pick(questions[item.question].text),
            "value": value_text(questions[item.question], item.value),
            "standing": value_text(questions[item.question], item.standing.value) if item.standing else "",
            "is_standing": item.is_standing,
        }
        for item in carried
    ]
    context = {
        "offer": offer,
        "assessment": offer.assessment,
        "plan": plan,
        "view": present_plan(plan_contents(plan, opened.steps), timezone.localdate()),
        "frame": frame,
        "rows": rows,
        "warning": warning,
        "told": told,
        "differs": any(not item.is_standing for item in carried),
    }
    return render(request, "web/transition/plan.html", context, status=status)


@require_POST
@member_required
def carry(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Write what the plan says into the transition answers."""
    opened = OpenPlan.of(_plan_or_404(request, offer_id, Action.ANSWER))
    carried = carried_answers(opened.plan, opened.steps, opened.placed)
    written = carry_over(carried, opened.plan, request.user)
    messages.success(request, ngettext("%(n)d answer written.", "%(n)d answers written.", written) % {"n": written})
    return redirect("transition", offer_id)


@require_POST
@member_required
def remove(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    delete_plan(_plan_or_404(request, offer_id, Action.ANSWER))
    messages.success(request, _("The plan is deleted. The answers are as they were."))
    return redirect("assessment", offer_or_404(request, offer_id).assessment_id)


@member_required
def calendar(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The plan as an iCalendar file (RFC 5545)."""
    opened = OpenPlan.of(_plan_or_404(request, offer_id, Action.READ))
    file = plan_calendar([(opened.plan, opened.steps, opened.placed)])
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    name = slugify(f"transition-{opened.plan.offer.name}")[:80]
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
