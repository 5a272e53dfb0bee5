"""What awaits a person: what to go on with, reviews, invitations, days that come near, a newer edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from checklists.core.people.permissions import Action, allows
from checklists.models import Assessment, Edition, Invitation, Membership, Offer, PortfolioLine, User
from checklists.services.interview.read_interview import interview_of
from checklists.services.judging.judge_offer import rows_of

SHOWN = 3
"""Of each kind, how many are named."""
SOON = timedelta(days=30)
WRITABLE = (Assessment.ReviewState.DRAFT, Assessment.ReviewState.RETURNED)


@dataclass(frozen=True, slots=True)
class GoOn:
    """An offer with questions left: about how many until the verdict is settled, and about how many minutes."""

    offer: Offer
    questions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What awaits one person in one organisation. ``older`` counts assessments that rest on an older edition.

    An invitation is opened here (``may_accept``) only by who holds its address for sure; others find it in their mail.
    """

    go_on: tuple[GoOn, ...]
    to_review: Sequence[Assessment]
    returned: Sequence[Assessment]
    invitations: Sequence[Invitation]
    may_accept: bool
    deadlines: Sequence[PortfolioLine]
    older: int

    @property
    def is_nothing(self) -> bool:
        return not any((self.go_on, self.to_review, self.returned, self.invitations, self.deadlines, self.older))


def what_awaits(user: User, membership: Membership | None, today: date, *, judges: bool = True) -> Awaiting:
    """In the organisation of ``membership``; invitations whatever it is. The last assessment changed is judged, to say
    what to go on with, unless ``judges`` is false.
    """
    invitations = list(
        Invitation.objects.open().filter(email__iexact=user.email).select_related("organisation", "assessment")
    )
    may_accept = bool(invitations) and is_theirs_for_sure(user)
    if membership is None:
        return Awaiting((), (), (), invitations, may_accept, (), 0)
    ours = Assessment.objects.in_use().filter(organisation=membership.organisation)
    lines = PortfolioLine.objects.in_use().filter(organisation=membership.organisation)
    may_answer = allows(membership.role, Action.ANSWER)
    in_review, came_back = Assessment.ReviewState.SUBMITTED, Assessment.ReviewState.RETURNED
    return Awaiting(
        go_on=_to_go_on_with(ours) if may_answer and judges else (),
        to_review=list(ours.filter(review_state=in_review)[:SHOWN]) if allows(membership.role, Action.REVIEW) else (),
        returned=list(ours.filter(review_state=came_back)[:SHOWN]) if may_answer else (),
        invitations=invitations,
        may_accept=may_accept,
        deadlines=list(_near(lines, today)),
        older=_on_older_editions(ours) if allows(membership.role, Action.MANAGE_ASSESSMENT) else 0,
    )


def is_theirs_for_sure(user: User) -> bool:
    """Whether the person has shown that the address of the account is theirs."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def _to_go_on_with(ours: QuerySet[Assessment]) -> tuple[GoOn, ...]:
    """The offer of the assessment changed last, unless nothing is left to ask of it."""
    offers = Offer.objects.filter(assessment__in=ours, assessment__review_state__in=WRITABLE)
    offers = offers.filter(assessment__is_example=False).select_related("assessment__edition")
    offer = offers.defer("assessment__edition__document").order_by("-assessment__updated_at", "pk").first()
    if offer is None:
        return ()
    here = interview_of(offer.assessment, rows_of(offer.assessment, offer).values())
    return () if here.is_over else (GoOn(offer, here.questions_left, here.minutes_left),)


def _near(lines: QuerySet[PortfolioLine], today: date) -> QuerySet[PortfolioLine]:
    near = lines.filter(deadline__isnull=False, deadline__lte=today + SOON)
    return near.select_related("assessment").order_by("deadline", "pk")[:SHOWN]


def _on_older_editions(ours: QuerySet[Assessment]) -> int:
    """How many assessments, the examples left out, rest on an edition that a newer one replaced."""
    newest = Edition.objects.order_by("checklist", "-number").values_list("checklist", "pk")
    latest: dict[str, int] = {}
    for checklist, pk in newest:
        latest.setdefault(checklist, pk)
    mine = ours.filter(is_example=False)
    return mine.exclude(edition__in=latest.values()).count()
