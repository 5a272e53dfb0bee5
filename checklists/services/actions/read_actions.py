"""The actions of an offer: what its answers ask for, and what people took in hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from checklists.core.actions import Fewest, ToDo, fewest, to_do
from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer
from checklists.core.judging.judgement import Judgement
from checklists.core.people.permissions import Action
from checklists.models import Assessment, Offer, OfferAction, User
from checklists.services.changing import find_changes


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the answers ask for, and the smallest sets that reach each better verdict."""

    actions: tuple[ToDo, ...]
    fewest: tuple[Fewest, ...]


def propose(edition: Edition, judgement: Judgement, answers: Mapping[str, Answer]) -> Proposed:
    """The actions that ``answers``, judged as ``judgement``, ask for."""
    day = judgement.reference_date
    prospects = find_changes(edition, answers, day)
    actions = to_do(edition, judgement, WhatIf(edition, answers, day), prospects)
    return Proposed(actions, fewest(actions, prospects))


def taken_on(offer: Offer) -> dict[str, OfferAction]:
    """What people took in hand about ``offer``, by the key of the action. One query."""
    return {row.key: row for row in OfferAction.objects.filter(offer=offer).select_related("owner")}


def open_actions() -> QuerySet[OfferAction]:
    """Those that are neither done nor given up, of assessments in use, with what a list shows of each."""
    return (
        OfferAction.objects.filter(offer__assessment__binned_at=None)
        .exclude(state__in=OfferAction.CLOSED)
        .select_related("offer__assessment__edition", "offer__assessment__organisation", "owner")
        .defer("offer__assessment__edition__document")
        .order_by("due", "pk")
    )


def actions_for(user: User) -> QuerySet[OfferAction]:
    """What ``user`` is to do, where they still may."""
    mine = Assessment.objects.allowing(user, Action.ANSWER).values("pk")
    return open_actions().filter(owner=user, offer__assessment__in=mine)


def is_late(row: OfferAction, today: date) -> bool:
    """Whether the day has passed and the action is neither done nor given up."""
    return row.due is not None and row.due < today and not row.is_closed
