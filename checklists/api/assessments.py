"""Organisations, assessments and their offers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router

from checklists.api.callers import Caller, caller_of
from checklists.api.pages import MOST, page_of
from checklists.api.problems import Problem
from checklists.api.schemas import (
    AssessmentIn,
    AssessmentOut,
    AssessmentPatch,
    EditionOut,
    OfferIn,
    OfferOut,
    OrganisationOut,
    Page,
    ProblemOut,
)
from checklists.core.people.permissions import Action, roles_that_may
from checklists.models import Assessment, Membership, Offer, Organisation
from checklists.services.api.idempotency import Answered, KeyUsedOtherwise, once
from checklists.services.assessments.keep_assessment import (
    add_offer,
    bin_assessment,
    change_assessment,
    change_offer,
    create_assessment,
)
from checklists.services.editions.offer_checklists import offered_to
from checklists.services.review.content_lock import ContentIsLocked

Made = TypeVar("Made")
router = Router(tags=["Assessments and offers"])
REFUSALS = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 422: ProblemOut, 429: ProblemOut}
Limit: Any = Query(50, ge=1, le=MOST, description="How many at most.")
Cursor: Any = Query("", description="The `next` of the page before.")
IdempotencyKey: Any = Header(
    "", alias="Idempotency-Key", max_length=255, description="Sent again within a day, the request is done once."
)


@router.get(
    "/organisations", response={200: list[OrganisationOut]} | REFUSALS, summary="The organisations the token opens"
)
def organisations(request: HttpRequest) -> list[OrganisationOut]:
    """By name. A token limited to some assessments opens no organisation."""
    caller = caller_of(request)
    caller.require(Action.READ)
    found = Organisation.objects.none()
    if not caller.token.is_limited and caller.user is not None:
        members = Membership.objects.filter(user=caller.user, role__in=roles_that_may(Action.READ))
        found = Organisation.objects.filter(pk__in=members.values("organisation"))
    elif not caller.token.is_limited:
        found = Organisation.objects.filter(pk=caller.token.organisation_id or 0)
    return [OrganisationOut(id=row.pk, name=row.name) for row in found]


@router.get("/assessments", response={200: Page[AssessmentOut]} | REFUSALS, summary="Assessments, newest first")
def assessments(request: HttpRequest, cursor: str = Cursor, limit: int = Limit) -> Page[AssessmentOut]:
    """Those in use that the token opens; what is in the bin is left out."""
    found = caller_of(request).assessments(Action.READ).select_related("edition").defer("edition__document")
    rows, following = page_of(found, cursor, limit)
    return Page[AssessmentOut](items=[assessment_out(row) for row in rows], next=following)


@router.post(
    "/assessments",
    response={201: AssessmentOut} | REFUSALS | {409: ProblemOut, 503: ProblemOut},
    summary="Begin an assessment",
)
def create(request: HttpRequest, sent: AssessmentIn, key: str = IdempotencyKey) -> HttpResponse:
    """It rests on the newest edition of the checklist the organisation proposes first. Its address is in `Location`."""
    caller = caller_of(request)
    organisation = caller.organisation(sent.organisation, Action.MANAGE_ASSESSMENT)

    def act() -> Answered:
        offered = offered_to(organisation)
        if not offered:
            raise Problem(503, "no-edition", _("No checklist is published on this site yet."))
        made = create_assessment(
            organisation=organisation,
            edition=offered[0].edition,
            name=sent.name,
            description=sent.description,
            reference_date=sent.reference_date,
            by=caller.user,
        )
        location = reverse("api-1:assessment", args=[made.pk])
        return Answered(201, assessment_out(made).model_dump(mode="json"), location)

    return made_once(request, caller, key, sent.model_dump(mode="json"), act)


@router.get(
    "/assessments/{uuid:assessment_id}",
    response={200: AssessmentOut} | REFUSALS,
    summary="One assessment",
    url_name="assessment",
)
def assessment(request: HttpRequest, assessment_id: UUID) -> AssessmentOut:
    return assessment_out(caller_of(request).assessment(assessment_id, Action.READ))


@router.patch(
    "/assessments/{uuid:assessment_id}",
    response={200: AssessmentOut} | REFUSALS | {423: ProblemOut},
    summary="Change the name, the description or the reference date",
)
def change(request: HttpRequest, assessment_id: UUID, sent: AssessmentPatch) -> AssessmentOut:
    """What is left out stays as it is."""
    found = caller_of(request).assessment(assessment_id, Action.MANAGE_ASSESSMENT)
    with_words(
        lambda: change_assessment(
            found,
            name=found.name if sent.name is None else sent.name,
            description=found.description if sent.description is None else sent.description,
            reference_date=sent.reference_date or found.reference_date,
        )
    )
    return assessment_out(found)


@router.delete(
    "/assessments/{uuid:assessment_id}", response={204: None} | REFUSALS, summary="Put an assessment in the bin"
)
def put_in_bin(request: HttpRequest, assessment_id: UUID) -> tuple[int, None]:
    """It can be restored from the bin on the site, until it is deleted for good."""
    bin_assessment(caller_of(request).assessment(assessment_id, Action.MANAGE_ASSESSMENT))
    return 204, None


@router.get(
    "/assessments/{uuid:assessment_id}/offers", response={200: list[OfferOut]} | REFUSALS, summary="The offers compared"
)
def offers(request: HttpRequest, assessment_id: UUID) -> list[OfferOut]:
    """In the order in which they were added."""
    found = caller_of(request).assessment(assessment_id, Action.READ)
    return [offer_out(row) for row in found.offers.all()]


@router.post(
    "/assessments/{uuid:assessment_id}/offers",
    response={201: OfferOut} | REFUSALS | {409: ProblemOut, 423: ProblemOut},
    summary="Add an offer",
)
def create_offer(request: HttpRequest, assessment_id: UUID, sent: OfferIn, key: str = IdempotencyKey) -> HttpResponse:
    caller = caller_of(request)
    found = caller.assessment(assessment_id, Action.MANAGE_ASSESSMENT)

    def act() -> Answered:
        made = with_words(lambda: add_offer(found, name=sent.name, provider=sent.provider, is_current=sent.is_current))
        return Answered(201, offer_out(made).model_dump(mode="json"), reverse("api-1:offer", args=[made.pk]))

    return made_once(request, caller, key, sent.model_dump(mode="json"), act)


@router.get("/offers/{uuid:offer_id}", response={200: OfferOut} | REFUSALS, summary="One offer", url_name="offer")
def offer(request: HttpRequest, offer_id: UUID) -> OfferOut:
    return offer_out(caller_of(request).offer(offer_id, Action.READ))


@router.put(
    "/offers/{uuid:offer_id}", response={200: OfferOut} | REFUSALS | {423: ProblemOut}, summary="Change an offer"
)
def put_offer(request: HttpRequest, offer_id: UUID, sent: OfferIn) -> OfferOut:
    found = caller_of(request).offer(offer_id, Action.MANAGE_ASSESSMENT)
    with_words(lambda: change_offer(found, name=sent.name, provider=sent.provider, is_current=sent.is_current))
    return offer_out(found)


def made_once(
    request: HttpRequest, caller: Caller, key: str, sent: object, act: Callable[[], Answered]
) -> HttpResponse:
    """The answer of ``act``, done once for an ``Idempotency-Key``; 422 when the key was used for another request."""
    said = {"method": request.method, "path": request.path, "body": sent}
    try:
        answered = once(caller.token, key, said, act)
    except KeyUsedOtherwise as error:
        wrong = _("This key was sent before with another request. Use a new one.")
        raise Problem(422, "key-used-otherwise", wrong) from error
    text = json.dumps(answered.body, ensure_ascii=False)
    response = HttpResponse(text, status=answered.status, content_type="application/json")
    if answered.location:
        response["Location"] = request.build_absolute_uri(answered.location)
    return response


def with_words(act: Callable[[], Made]) -> Made:
    """The result of ``act``; a 423 problem when the content was submitted or approved."""
    try:
        return act()
    except ContentIsLocked as error:
        closed = _(
            "The assessment was submitted or approved: it can be changed again once it is sent back or reopened."
        )
        raise Problem(423, "content-closed", closed) from error


def assessment_out(row: Assessment) -> AssessmentOut:
    edition = row.edition
    return AssessmentOut(
        id=row.pk,
        organisation=row.organisation_id,
        name=row.name,
        description=row.description,
        reference_date=row.reference_date,
        edition=EditionOut(
            checklist=edition.checklist, number=edition.number, sha256=edition.sha256, published=edition.published
        ),
        review_state=row.review_state,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def offer_out(row: Offer) -> OfferOut:
    return OfferOut(
        id=row.pk,
        assessment=row.assessment_id,
        name=row.name,
        provider=row.provider,
        is_current=row.is_current,
        created_at=row.created_at,
    )
