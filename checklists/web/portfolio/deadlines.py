"""What falls due: in transition plans, assessments to be looked at again, and evidence that ends."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from checklists.core.transition import schedule
from checklists.files.calendar import plan_calendar
from checklists.models import Assessment, OfferAction, PortfolioLine, TransitionPlan
from checklists.models.portfolio import PortfolioLineQuerySet
from checklists.services.actions.read_actions import open_actions
from checklists.services.evidence.remind_of_evidence import ending, evidence_in_use
from checklists.services.judging.judge_offer import edition_of
from checklists.services.portfolio.deadlines import REASONS, deadlines, plans_in_use, reassessment, to_reassess
from checklists.services.portfolio.refresh_standings import refresh_some
from checklists.services.transition import core_plan
from checklists.web.site.access import SignedRequest, member_required
from checklists.words.actions import action_about

PER_PAGE = 50


def _visible(request: SignedRequest) -> QuerySet[Assessment]:
    return Assessment.objects.visible_to(request.user)


def _plans(request: SignedRequest) -> QuerySet[TransitionPlan]:
    return plans_in_use().filter(offer__assessment__in=_visible(request))


def _lines(request: SignedRequest) -> PortfolioLineQuerySet:
    return to_reassess().filter(assessment__in=_visible(request))


def _actions(request: SignedRequest) -> QuerySet[OfferAction]:
    return open_actions().filter(due__isnull=False, offer__assessment__in=_visible(request))


@member_required
def overview(request: SignedRequest) -> HttpResponse:
    today = timezone.localdate()
    waiting = refresh_some(PortfolioLine.objects.filter(assessment__in=_visible(request)))
    page = Paginator(_lines(request), PER_PAGE).get_page(request.GET.get("page"))
    found = [item for line in page if (item := reassessment(line, today))]
    context = {
        "deadlines": deadlines(_plans(request), today),
        "reassessments": [(item, REASONS[item.reason]) for item in found],
        "page": page,
        "waiting": waiting,
        "evidence": ending(evidence_in_use().filter(answer__assessment__in=_visible(request)), today),
        "actions": [(row, action_about(edition_of(row.offer.assessment), row.key)) for row in _actions(request)],
        "today": today,
    }
    return render(request, "web/portfolio/deadlines.html", context)


@member_required
def calendar(request: SignedRequest) -> HttpResponse:
    today = timezone.localdate()
    plans = [(plan, list(plan.steps.all())) for plan in _plans(request)]
    placed = ((plan, steps, schedule(core_plan(plan, steps), today)) for plan, steps in plans)
    refresh_some(PortfolioLine.objects.filter(assessment__in=_visible(request)))
    again = (item for line in _lines(request) if (item := reassessment(line, today)))
    undertaken = [(row, action_about(edition_of(row.offer.assessment), row.key)) for row in _actions(request)]
    response = HttpResponse(plan_calendar(placed, again, undertaken), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="porte-cles.ics"'
    return response
