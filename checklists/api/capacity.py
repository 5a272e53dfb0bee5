"""What the workload needs and what an offer provides, in capacity and quality of service."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from checklists.api.assessments import REFUSALS, with_words
from checklists.api.callers import caller_of
from checklists.api.schemas import ProblemOut
from checklists.core.capacity import CERTIFICATIONS, SERVICES, SUPPORT, Gap
from checklists.core.people.permissions import Action
from checklists.models import Need, Provision
from checklists.models.capacity import Capacity
from checklists.services.capacity import state_need, state_provision, unmet

router = Router(tags=["Capacity"])
Terabytes = Annotated[Decimal | None, Field(ge=0, max_digits=12, decimal_places=2, description="Terabytes.")]
Number = Annotated[int | None, Field(ge=0, lt=2**31)]


class CapacityIO(Schema):
    """A figure or a list that is `null` is not stated; an empty list says: none."""

    storage_now: Terabytes = None
    storage_later: Terabytes = Field(None, description="Terabytes, in three years.")
    cpu: Number = Field(None, description="Processor cores.")
    gpu: Number = Field(None, description="Graphics processors.")
    availability: Annotated[Decimal | None, Field(ge=0, le=100, max_digits=7, decimal_places=4)] = Field(
        None, description="Per cent of the time, as the contract commits to."
    )
    support: Literal[SUPPORT] | None = None  # type: ignore[valid-type]
    services: list[Literal[SERVICES]] | None = Field(None, max_length=100)  # type: ignore[valid-type]
    certifications: list[Literal[CERTIFICATIONS]] | None = Field(None, max_length=100)  # type: ignore[valid-type]
    note: str = Field("", max_length=5000, pattern=r"^[^\x00]*$")


class GapOut(Schema):
    """A need that the offer does not show to be met."""

    need: str
    asked: str | list[str]
    provided: str | list[str] | None = Field(
        description="`null`: the offer says nothing of it. Of a list, `asked` holds what is missing."
    )


@router.get(
    "/assessments/{uuid:assessment_id}/need", response={200: CapacityIO} | REFUSALS, summary="What the workload needs"
)
def need(request: HttpRequest, assessment_id: UUID) -> CapacityIO:
    found = caller_of(request).assessment(assessment_id, Action.READ)
    return capacity_out(Need.objects.filter(assessment=found).first())


@router.put(
    "/assessments/{uuid:assessment_id}/need",
    response={200: CapacityIO} | REFUSALS | {423: ProblemOut},
    summary="Say what the workload needs",
)
def put_need(request: HttpRequest, assessment_id: UUID, sent: CapacityIO) -> CapacityIO:
    """It takes the place of what stood."""
    found = caller_of(request).assessment(assessment_id, Action.ANSWER)
    return capacity_out(with_words(lambda: state_need(found, _columns(sent))))


@router.get(
    "/offers/{uuid:offer_id}/provision", response={200: CapacityIO} | REFUSALS, summary="What an offer provides"
)
def provision(request: HttpRequest, offer_id: UUID) -> CapacityIO:
    found = caller_of(request).offer(offer_id, Action.READ)
    return capacity_out(Provision.objects.filter(offer=found).first())


@router.put(
    "/offers/{uuid:offer_id}/provision",
    response={200: CapacityIO} | REFUSALS | {423: ProblemOut},
    summary="Say what an offer provides",
)
def put_provision(request: HttpRequest, offer_id: UUID, sent: CapacityIO) -> CapacityIO:
    """It takes the place of what stood."""
    found = caller_of(request).offer(offer_id, Action.ANSWER)
    return capacity_out(with_words(lambda: state_provision(found, _columns(sent))))


@router.get(
    "/offers/{uuid:offer_id}/unmet-needs",
    response={200: list[GapOut]} | REFUSALS,
    summary="The needs that an offer does not show to be met",
)
def unmet_needs(request: HttpRequest, offer_id: UUID) -> list[GapOut]:
    """Kept apart from the verdict: a need unmet lowers no score and closes no gate."""
    found = caller_of(request).offer(offer_id, Action.READ)
    needed = Need.objects.filter(assessment=found.assessment_id).first()
    return [gap_out(gap) for gap in unmet(needed, Provision.objects.filter(offer=found).first())]


def gap_out(gap: Gap) -> GapOut:
    return GapOut(
        need=gap.need, asked=_plain(gap.asked), provided=None if gap.provided is None else _plain(gap.provided)
    )


def _plain(value: Decimal | str | frozenset[str]) -> str | list[str]:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _columns(sent: CapacityIO) -> dict[str, Any]:
    return sent.model_dump() | {"support": sent.support or ""}


def capacity_out(row: Capacity | None) -> CapacityIO:
    if row is None:
        return CapacityIO.model_validate({})
    told = {name: getattr(row, name) for name in CapacityIO.model_fields}
    return CapacityIO(**told | {"support": row.support or None})
