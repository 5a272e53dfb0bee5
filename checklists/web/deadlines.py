"""What falls due in an organisation's transition plans, and the evidence that ends."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from checklists.core.transition import schedule
from checklists.models import Assessment, TransitionPlan
from checklists.reports.calendar_file import plan_calendar
from checklists.services.deadlines import deadlines, ending, evidence_in_use, plans_in_use
from checklists.services.plan_transition import core_plan
from checklists.web.access import member_required


def _plans(request: HttpRequest) -> QuerySet[TransitionPlan]:
    visible = Assessment.objects.visible_to(request.user)  # type: ignore[arg-type]
    return plans_in_use().filter(offer__assessment__in=visible)


@member_required
def overview(request: HttpRequest) -> HttpResponse:
    found = deadlines(_plans(request), timezone.localdate())
    today = timezone.localdate()
    visible = Assessment.objects.visible_to(request.user)  # type: ignore[arg-type]
    evidence = ending(evidence_in_use().filter(answer__assessment__in=visible), today)
    context = {"deadlines": found, "evidence": evidence, "today": today}
    return render(request, "web/transition/deadlines.html", context)


@member_required
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    plans = [(plan, list(plan.steps.all())) for plan in _plans(request)]
    file = plan_calendar((plan, steps, schedule(core_plan(plan, steps), today)) for plan, steps in plans)
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="porte-cles.ics"'
    return response
