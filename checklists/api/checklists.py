"""The criteria to read: published checklists, their editions, and the library of provider profiles."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from checklists.api.assessments import REFUSALS
from checklists.api.callers import caller_of, not_found
from checklists.api.schemas import EditionOut, ProfileOut
from checklists.models import Edition, ProviderProfile

router = Router(tags=["Checklists and profiles"])


@router.get("/checklists", response={200: list[EditionOut]} | REFUSALS, summary="The editions published here")
def editions(request: HttpRequest) -> list[EditionOut]:
    """By checklist, newest first."""
    return [
        EditionOut(checklist=row.checklist, number=row.number, sha256=row.sha256, published=row.published)
        for row in Edition.objects.defer("document").filter(caller_of(request).readable())
    ]


@router.get(
    "/checklists/{slug:key}/{int:number}",
    response={200: dict} | REFUSALS,
    summary="One edition: its questions, rules and sources",
)
def edition(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The document itself, whose fingerprint is the edition's."""
    rows = Edition.objects.filter(caller_of(request).readable(), checklist=key, number=number)
    document = rows.values_list("document", flat=True).first()
    if document is None:
        raise not_found()
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/json")


@router.get("/profiles", response={200: list[ProfileOut]} | REFUSALS, summary="The library of provider profiles")
def profiles(request: HttpRequest) -> list[ProfileOut]:
    """By provider and service. A profile states facts with their sources, never a verdict on a provider."""
    rows = ProviderProfile.objects.filter(is_withdrawn=False)
    return [ProfileOut(id=row.pk, provider=row.provider, name=row.service) for row in rows]
