"""All the assessments that a token opens, where each stands, and what falls due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from checklists.api.assessments import REFUSALS, Cursor, Limit
from checklists.api.callers import caller_of
from checklists.api.pages import MOST, page_of
from checklists.api.schemas import Page
from checklists.core.editions.vocabulary import Verdict
from checklists.core.people.permissions import Action
from checklists.models import Assessment, PortfolioLine
from checklists.models.portfolio import PortfolioLineQuerySet
from checklists.services.actions.read_actions import open_actions
from checklists.services.evidence.remind_of_evidence import ending, evidence_in_use
from checklists.services.portfolio.deadlines import deadlines, plans_in_use, reassessment, to_reassess
from checklists.services.portfolio.read_portfolio import NOTHING, Wanted, chosen
from checklists.services.portfolio.refresh_standings import refresh_some

router = Router(tags=["Portfolio and deadlines"])
VerdictChoice = Literal[("", NOTHING, *(verdict.key for verdict in Verdict))]  # type: ignore[valid-type]
Opened = QuerySet[Assessment, Any]
"""The numbers of the assessments that the caller may read."""
KINDS = ("step", "reassessment", "evidence", "action")
Organisation = Annotated[int | None, Field(ge=0, lt=2**31)]


class LineOut(Schema):
    """Where an assessment stands: the figures of its current host, else of its best offer."""

    assessment: UUID
    organisation: int
    name: str
    reference_date: date
    verdict: str | None = Field(description="What is established; `null`: nothing yet.")
    host_verdict: str | None
    best_verdict: str | None
    required: str | None
    is_reached: bool | None
    confidence: int | None = Field(description="Out of 100.")
    asked: int
    answered: int
    deadline: date | None
    changed_at: datetime
    is_stale: bool = Field(description="It changed since it was judged: its figures are about to be read again.")


class DeadlineOut(Schema):
    kind: str = Field(description="`step`, `reassessment`, `evidence` or `action`.")
    due: date
    is_late: bool
    assessment: UUID
    offer: UUID | None
    what: str = Field(description="The step, the evidence, the key of the action, or why to look again.")


@router.get("/portfolio", response={200: Page[LineOut]} | REFUSALS, summary="Where every assessment stands")
def portfolio(
    request: HttpRequest,
    organisation: Organisation = Query(None, description="Only those of this organisation."),
    search: str = Query("", max_length=200),
    verdict: VerdictChoice = Query("", description="`none`: nothing established."),  # type: ignore[valid-type]
    reached: Literal["", "yes", "no"] = Query("", description="Whether the least verdict required is reached."),
    due: Annotated[int | None, Field(ge=0, le=3650)] = Query(None, description="Due within so many days, or overdue."),
    cursor: str = Cursor,
    limit: int = Limit,
) -> Page[LineOut]:
    """Last changed first. What was just changed is judged again first, as far as one request may."""
    opened = caller_of(request).assessments(Action.READ)
    lines = PortfolioLine.objects.in_use().filter(pk__in=opened.values("pk"))
    if organisation is not None:
        lines = lines.filter(organisation=organisation)
    refresh_some(lines)
    wanted = Wanted(search=search, verdict=verdict, reached=reached, due="" if due is None else str(due))
    found = chosen(lines, wanted, timezone.localdate()).select_related("assessment")
    rows, following = page_of(found, cursor, limit, "changed_at")
    return Page[LineOut](items=[line_out(row) for row in rows], next=following)


@router.get("/deadlines", response={200: list[DeadlineOut]} | REFUSALS, summary="What falls due, soonest first")
def due(
    request: HttpRequest,
    until: date | None = Query(None, description="This day included."),
    kind: Literal[("", *KINDS)] = Query("", description="Only those of one kind."),  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=MOST)] = Query(50, description="How many at most."),
) -> list[DeadlineOut]:
    """Steps of plans, assessments to look at again, evidence that ends, actions in hand."""
    opened = caller_of(request).assessments(Action.READ)
    today = timezone.localdate()
    readers = {"step": _steps, "reassessment": _reassessments, "evidence": _evidence, "action": _actions}
    found = [one for name in KINDS if not kind or name == kind for one in readers[name](opened.values("pk"), today)]
    kept = sorted((one for one in found if until is None or one.due <= until), key=lambda one: (one.due, one.kind))
    return kept[:limit]


def _steps(opened: Opened, today: date) -> list[DeadlineOut]:
    return [
        DeadlineOut(
            kind="step",
            due=one.due,
            is_late=one.is_late,
            assessment=one.plan.offer.assessment_id,
            offer=one.plan.offer_id,
            what=one.step.title,
        )
        for one in deadlines(plans_in_use().filter(offer__assessment__in=opened), today)
    ]


def _reassessments(opened: Opened, today: date) -> list[DeadlineOut]:
    refresh_some(PortfolioLine.objects.filter(assessment__in=opened))
    lines: PortfolioLineQuerySet = to_reassess().filter(assessment__in=opened)
    again = (reassessment(line, today) for line in lines[:MOST])
    return [
        DeadlineOut(
            kind="reassessment",
            due=one.due,
            is_late=one.is_late,
            assessment=one.assessment.pk,
            offer=None,
            what=one.reason,
        )
        for one in again
        if one
    ]


def _evidence(opened: Opened, today: date) -> list[DeadlineOut]:
    rows = ending(evidence_in_use().filter(answer__assessment__in=opened), today)[:MOST]
    return [
        DeadlineOut(
            kind="evidence",
            due=row.valid_until,
            is_late=row.valid_until < today,
            assessment=row.answer.assessment_id,
            offer=row.answer.offer_id,
            what=row.title,
        )
        for row in rows
        if row.valid_until
    ]


def _actions(opened: Opened, today: date) -> list[DeadlineOut]:
    rows = open_actions().filter(due__isnull=False, offer__assessment__in=opened)[:MOST]
    return [
        DeadlineOut(
            kind="action",
            due=row.due,
            is_late=row.due < today,
            assessment=row.offer.assessment_id,
            offer=row.offer_id,
            what=row.key,
        )
        for row in rows
        if row.due
    ]


def line_out(row: PortfolioLine) -> LineOut:
    return LineOut(
        assessment=row.pk,
        organisation=row.organisation_id,
        name=row.assessment.name,
        reference_date=row.reference_date,
        verdict=_key(row.verdict),
        host_verdict=_key(row.host_verdict),
        best_verdict=_key(row.best_verdict),
        required=_key(row.required),
        is_reached=None if row.distance is None else row.distance <= 0,
        confidence=row.confidence,
        asked=row.asked,
        answered=row.answered,
        deadline=row.deadline,
        changed_at=row.changed_at,
        is_stale=row.is_stale,
    )


def _key(verdict: int | None) -> str | None:
    return None if verdict is None else Verdict(verdict).key
