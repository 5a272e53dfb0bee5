"""Who did what, when, for those who manage an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from checklists.api.assessments import REFUSALS, Limit
from checklists.api.callers import caller_of
from checklists.api.problems import Problem
from checklists.api.schemas import Page
from checklists.core.people.permissions import Action
from checklists.models import TrailEntry

router = Router(tags=["Trail"])


class EntryOut(Schema):
    """One act. With its links, whoever holds a copy can verify the chain."""

    chain: int
    position: int
    at: datetime
    actor: int | None = Field(description="The number of a person; `null`: nobody, or a program of an organisation.")
    kind: str = Field(description="Thing and act, such as `answer.changed`.")
    subject_type: str
    subject_id: str
    details: dict[str, Any]
    previous: str
    sha256: str


@router.get(
    "/organisations/{int:organisation_id}/trail",
    response={200: Page[EntryOut]} | REFUSALS,
    summary="The trail of an organisation, newest first",
)
def trail(
    request: HttpRequest,
    organisation_id: int,
    kind: str = Query("", max_length=64, description="Only acts of this kind."),
    actor: Annotated[int | None, Field(ge=0, lt=2**31)] = Query(None, description="Only those of this person."),
    since: datetime | None = Query(None, description="Not before."),
    cursor: str = Query("", description="The `next` of the page before."),
    limit: int = Limit,
) -> Page[EntryOut]:
    """Nothing in it can be changed."""
    organisation = caller_of(request).organisation(organisation_id, Action.MANAGE_ORGANISATION)
    rows = TrailEntry.objects.filter(chain=organisation.pk).order_by("-position")
    if kind:
        rows = rows.filter(kind=kind)
    if actor is not None:
        rows = rows.filter(actor=actor)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if cursor:
        rows = rows.filter(position__lt=_position(cursor))
    found = list(rows[: limit + 1])
    following = str(found[limit - 1].position) if len(found) > limit else None
    shown = [EntryOut(**{name: getattr(row, name) for name in EntryOut.model_fields}) for row in found[:limit]]
    return Page[EntryOut](items=shown, next=following)


def _position(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 19):
        wrong = _("This is not a cursor that a page of this list gave.")
        raise Problem(422, "invalid-cursor", wrong, errors=[("/query/cursor", wrong)])
    return int(cursor)
