"""Offers side by side, and services that could host a workload."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from checklists.api.assessments import REFUSALS, IdempotencyKey, made_once, offer_out, with_words
from checklists.api.callers import caller_of
from checklists.api.capacity import GapOut, gap_out
from checklists.api.problems import Problem
from checklists.api.schemas import BandOut, OfferOut, ProblemOut
from checklists.core.judging.judgement import VerdictBand
from checklists.core.people.permissions import Action
from checklists.services.api.idempotency import Answered
from checklists.services.comparison import compare_offers
from checklists.services.profiles.fill_from_profile import Choice, usable_profiles, variants_of
from checklists.services.profiles.shortlist import QUALIFICATIONS, Filters, make_offer, shortlist
from checklists.words.profiles.hosts import host_name

router = Router(tags=["Comparison and hosts"])
Qualification = Literal[("", *QUALIFICATIONS)]  # type: ignore[valid-type]


class ComparedOut(Schema):
    offer: UUID
    name: str
    verdict: BandOut
    score: Any = Field(description="The range of the score, out of 100.")
    unmet: list[GapOut]
    transition_days: int | None = Field(description="What the shortest plan towards it takes, at the likely pace.")
    is_undominated: bool


class TradeOut(Schema):
    one: UUID
    other: UUID
    one_is_better: list[str]
    other_is_better: list[str]


class ComparisonOut(Schema):
    """No weights: an offer dominates another one when it is at least as good in every aspect, and better in one."""

    offers: list[ComparedOut]
    dominates: list[tuple[UUID, UUID]] = Field(description="A better offer, and one that it dominates.")
    equals: list[tuple[UUID, UUID]]
    trades: list[TradeOut]


class HostOut(Schema):
    """A way to use a service, and what it could reach."""

    profile: int
    variant: str
    name: str
    provider: str
    verdict: BandOut
    required: BandOut
    reach: str = Field(description="`met`, `if_confirmed`, `possible` or `impossible`.")
    to_ask: list[str]
    to_confirm: list[str]
    unmet: list[GapOut]
    qualifications: list[str]
    country: str
    has_keys_outside: bool


class HostIn(Schema):
    profile: Annotated[int, Field(ge=0, lt=2**31)]
    variant: str = Field("", max_length=200)


@router.get(
    "/assessments/{uuid:assessment_id}/comparison",
    response={200: ComparisonOut} | REFUSALS,
    summary="The offers side by side",
)
def comparison(request: HttpRequest, assessment_id: UUID) -> ComparisonOut:
    found = caller_of(request).assessment(assessment_id, Action.READ)
    candidates, outcome = compare_offers(found)
    best = outcome.undominated([candidate.side for candidate in candidates])
    return ComparisonOut(
        offers=[
            ComparedOut(
                offer=each.offer.pk,
                name=each.offer.name,
                verdict=_band(each.judgement.verdict),
                score=each.judgement.to_document()["score"],
                unmet=[gap_out(gap) for gap in each.gaps],
                transition_days=each.transition_days,
                is_undominated=str(each.offer.pk) in best,
            )
            for each in candidates
        ],
        dominates=[(UUID(one), UUID(other)) for one, other in outcome.dominates],
        equals=[(UUID(one), UUID(other)) for one, other in outcome.equals],
        trades=[
            TradeOut(
                one=UUID(trade.one),
                other=UUID(trade.other),
                one_is_better=list(trade.one_is_better),
                other_is_better=list(trade.other_is_better),
            )
            for trade in outcome.trades
        ],
    )


@router.get(
    "/assessments/{uuid:assessment_id}/hosts",
    response={200: list[HostOut]} | REFUSALS,
    summary="Who could host this",
)
def hosts(
    request: HttpRequest,
    assessment_id: UUID,
    qualification: Qualification = Query("", description="Only those that hold it."),
    country: str = Query("", pattern=r"^([A-Z]{2})?$", description="Only contracting companies of this country."),
    keys_outside: bool = Query(False, description="Only with the keys out of the provider's reach."),
    within_reach: bool = Query(False, description="Only what may reach the least verdict required."),
) -> list[HostOut]:
    """Every service of the library against the workload, by name and never by merit."""
    found = caller_of(request).assessment(assessment_id, Action.READ)
    filters = Filters(qualification, country, keys_outside, within_reach)
    return [
        HostOut(
            profile=host.profile.pk,
            variant=host.variant,
            name=host_name(host.profile, host.variant),
            provider=host.profile.provider,
            verdict=_band(host.prospect.verdict),
            required=_band(host.prospect.required),
            reach=host.prospect.reach.value,
            to_ask=list(host.prospect.to_ask),
            to_confirm=list(host.prospect.to_confirm),
            unmet=[gap_out(gap) for gap in host.gaps],
            qualifications=sorted(host.qualifications),
            country=host.country,
            has_keys_outside=host.has_keys_outside,
        )
        for host in shortlist(found)
        if filters.keeps(host)
    ]


@router.post(
    "/assessments/{uuid:assessment_id}/hosts",
    response={201: OfferOut} | REFUSALS | {409: ProblemOut, 423: ProblemOut},
    summary="Make an offer of a service",
)
def choose_host(request: HttpRequest, assessment_id: UUID, sent: HostIn, key: str = IdempotencyKey) -> HttpResponse:
    """Filled in from its profile: each answer is presumed until a person confirms it."""
    caller = caller_of(request)
    found = caller.assessment(assessment_id, Action.MANAGE_ASSESSMENT)
    profile = usable_profiles().filter(pk=sent.profile).first()
    if profile is None or sent.variant not in variants_of(profile):
        wrong = _("Choose one of the services listed.")
        raise Problem(422, "unknown-service", wrong, errors=[("/profile" if profile is None else "/variant", wrong)])

    def act() -> Answered:
        name = host_name(profile, sent.variant)
        made, _filled = with_words(lambda: make_offer(found, profile, Choice(sent.variant), name, caller.user))
        return Answered(201, offer_out(made).model_dump(mode="json"), reverse("api-1:offer", args=[made.pk]))

    return made_once(request, caller, key, sent.model_dump(mode="json"), act)


def _band(band: VerdictBand) -> BandOut:
    return BandOut(worst=band.worst.key, best=band.best.key)
