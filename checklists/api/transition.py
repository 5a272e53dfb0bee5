"""The plan to leave an offer: its steps, what holds meanwhile, and the days that follow."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, model_validator

from checklists.api.answers import CHANGES, IfMatch, read_revision, with_etag
from checklists.api.assessments import REFUSALS, with_words
from checklists.api.callers import caller_of, not_found
from checklists.api.problems import Problem
from checklists.api.schemas import ProblemOut
from checklists.core.people.permissions import Action
from checklists.core.transition import LONGEST, schedule
from checklists.models import Offer, PlanStep, TransitionPlan
from checklists.services.transition import (
    PlanIsStale,
    after_numbers,
    begin_plan,
    core_plan,
    delete_plan,
    save_plan,
)

router = Router(tags=["Transition"])
Days = Annotated[int, Field(ge=0, le=LONGEST)]
Long = Annotated[str, Field(max_length=5000, pattern=r"^[^\x00]*$")]
Guarantee = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
MOST_STEPS = 200


class StepIn(Schema):
    number: Annotated[int, Field(ge=1, le=30_000)] | None = Field(
        None, description="Of a step that stands; left out for a new one."
    )
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    owner: Short = ""
    low: Days = Field(description="Days, at least.")
    likely: Days
    high: Days = Field(description="Days, at most.")
    after: list[Annotated[int, Field(ge=1, le=30_000)]] = Field(
        [], max_length=30, description="The steps it waits for."
    )
    state: Literal["planned", "under_way", "done"] = "planned"
    started_on: date | None = None
    finished_on: date | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely and high must not decrease")
        if self.started_on and self.finished_on and self.finished_on < self.started_on:
            raise ValueError("finished_on is before started_on")
        if self.state == "done" and self.finished_on is None:
            raise ValueError("a step that is done has its finished_on")
        return self


class PlanIn(Schema):
    """The whole plan: a step that stands and is not sent again is removed."""

    target: UUID | None = Field(None, description="Another offer of the assessment.")
    starts_on: date
    asked_end: date | None = None
    justification: Long = ""
    legal_basis: Long = ""
    guarantee_keys: Guarantee = ""
    guarantee_access: Guarantee = ""
    guarantee_logging: Guarantee = ""
    guarantee_new_data: Guarantee = ""
    steps: list[StepIn] = Field([], max_length=MOST_STEPS)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.asked_end and self.asked_end < self.starts_on:
            raise ValueError("asked_end is before starts_on")
        numbers = [step.number for step in self.steps if step.number is not None]
        if len(set(numbers)) != len(numbers):
            raise ValueError("two steps have the same number")
        return self


class PlacedStepOut(StepIn):
    begins: date | None = Field(description="`null` while a problem forbids any order.")
    ends: date | None
    is_critical: bool
    is_late: bool


class PlanOut(PlanIn):
    steps: list[PlacedStepOut] = []  # type: ignore[assignment]
    revision: int = Field(description="It is also the ETag.")
    low: int = Field(description="Days that the whole takes at least.")
    likely: int
    high: int
    problems: list[str] = Field(description="What keeps the steps from an order, or the plan from its date.")


@router.get(
    "/offers/{uuid:offer_id}/transition", response={200: PlanOut} | REFUSALS, summary="The plan to leave an offer"
)
def plan(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """404 while there is none: sending one with `If-Match: "0"` begins it."""
    return with_etag(_plan_of(caller_of(request).offer(offer_id, Action.READ)))


@router.put(
    "/offers/{uuid:offer_id}/transition", response={200: PlanOut} | CHANGES, summary="Write the plan to leave an offer"
)
def put_plan(request: HttpRequest, offer_id: UUID, sent: PlanIn, revision: str = IfMatch) -> HttpResponse:
    caller = caller_of(request)
    offer = caller.offer(offer_id, Action.ANSWER)
    seen = read_revision(revision)
    if sent.target is not None and not _others(offer).filter(pk=sent.target).exists():
        wrong = _("The target is another offer of the same assessment.")
        raise Problem(422, "unknown-offer", wrong, errors=[("/target", wrong)])

    @transaction.atomic
    def save() -> TransitionPlan:
        is_new = not TransitionPlan.objects.filter(offer=offer).exists()
        if is_new and seen:
            raise PlanIsStale
        standing = begin_plan(offer, sent.starts_on, caller.user)
        numbers = {step.number for step in standing.steps.all()} if not is_new else set()
        kept = {step.number for step in sent.steps}
        if is_new:
            standing.steps.all().delete()
        return save_plan(
            standing,
            header=_header(sent),
            changed=[(step.number if step.number in numbers else None, _fields(step)) for step in sent.steps],
            removed=numbers - kept,
            revision=standing.revision if is_new else seen,
            by=caller.user,
        )

    try:
        with_words(save)
    except PlanIsStale as stale:
        current = TransitionPlan.objects.filter(offer=offer).values_list("revision", flat=True).first() or 0
        raise Problem(
            412,
            "plan-changed",
            _("Somebody changed this plan since you read it. Read it again, then send yours."),
            extra={"sent": sent.model_dump(mode="json"), "current": {"revision": current}},
            headers={"ETag": f'"{current}"'},
        ) from stale
    return with_etag(_plan_of(offer))


@router.delete(
    "/offers/{uuid:offer_id}/transition",
    response={204: None} | REFUSALS | {423: ProblemOut},
    summary="Delete the plan to leave an offer",
)
def remove(request: HttpRequest, offer_id: UUID) -> tuple[int, None]:
    """The answers stay as they are."""
    found = TransitionPlan.objects.filter(offer=caller_of(request).offer(offer_id, Action.ANSWER)).first()
    if found is None:
        raise not_found()
    with_words(lambda: delete_plan(found))
    return 204, None


def _others(offer: Offer) -> Any:
    return Offer.objects.filter(assessment=offer.assessment_id).exclude(pk=offer.pk)


def _header(sent: PlanIn) -> dict[str, Any]:
    told = sent.model_dump(exclude={"steps", "target"})
    return told | {"target_id": sent.target}


def _fields(step: StepIn) -> dict[str, Any]:
    return step.model_dump(exclude={"number"}) | {"after": ", ".join(map(str, sorted(set(step.after))))}


def _plan_of(offer: Offer) -> PlanOut:
    """The plan as it stands, placed from today. Raises a 404 problem without one."""
    found = TransitionPlan.objects.filter(offer=offer).first()
    if found is None:
        raise not_found()
    steps = list(found.steps.all())
    placed = schedule(core_plan(found, steps), timezone.localdate())
    header = {name: getattr(found, name) for name in PlanIn.model_fields if name not in ("steps", "target")}
    return PlanOut(
        **header,
        target=found.target_id,
        revision=found.revision,
        low=placed.low,
        likely=placed.likely,
        high=placed.high,
        problems=[problem.trouble.value for problem in placed.problems],
        steps=[_step_out(step, placed.spans.get(step.number)) for step in steps],
    )


def _step_out(step: PlanStep, span: Any) -> PlacedStepOut:
    told = {name: getattr(step, name) for name in StepIn.model_fields if name != "after"}
    return PlacedStepOut.model_construct(
        **told,
        after=sorted(after_numbers(step.after)),
        begins=span.start if span else None,
        ends=span.end if span else None,
        is_critical=bool(span and span.is_critical),
        is_late=bool(span and span.is_late),
    )
