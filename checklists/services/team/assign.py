"""Say who answers what: one concern of an offer, or the workload, to one person, by a day if one likes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checklists.core.people.permissions import Action
from checklists.models import Assessment, Assignment, Notice, Offer, OfferAction, Organisation, User
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.notices.notify import notify
from checklists.services.permissions import owners_of, who_may

WORKLOAD = "workload"
"""The part that is no concern: what is asked of the workload itself."""


class AssignmentRefused(ValueError):
    """The part cannot be assigned so; ``errors`` maps 'person' or 'due' to a sentence."""

    def __init__(self, errors: dict[str, Any]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))


class AssignmentIsStale(Exception):
    """Somebody assigned the part since it was read; ``current`` is what stands now, ``None`` for nothing."""

    def __init__(self, current: Assignment | None) -> None:
        self.current = current
        super().__init__("assigned meanwhile")


@dataclass(frozen=True, slots=True)
class Charge:
    """Who answers a part, by number, and the day it is due; ``None`` for nobody and for no day."""

    person: int | None = None
    due: date | None = None

    @classmethod
    def of(cls, assignment: Assignment | None) -> Charge:
        return cls(assignment.assignee_id, assignment.due) if assignment else cls()


@transaction.atomic
def assign(
    assessment: Assessment, offer: Offer | None, concern: str, charge: Charge, *, seen: Charge, by: User
) -> Assignment | None:
    """Give ``concern`` of ``offer`` (``None``: the workload) in ``charge``; nobody by no day takes it away.

    ``seen`` is what stood when it was read. The person is told, unless it is ``by``. Raises ``AssignmentRefused`` for
    somebody who may not answer here, ``AssignmentIsStale``, ``KeyError`` for a part that is not asked there.
    """
    if (concern == WORKLOAD) != (offer is None):
        raise KeyError(concern)
    if offer and concern not in questionnaire_of(assessment, choices_of(assessment)).concerns:
        raise KeyError(concern)
    row = (
        Assignment.objects.select_for_update(of=("self",))
        .filter(assessment=assessment, offer=offer, concern=concern)
        .first()
    )
    standing = Charge.of(row)
    if standing == charge:
        return row
    if standing != seen:
        raise AssignmentIsStale(row)
    person = who_may(Action.ANSWER, assessment).filter(pk=charge.person).first() if charge.person else None
    if charge.person and charge.person != standing.person and person is None:
        raise AssignmentRefused({"person": _("This person may not answer here any more. Choose another.")})
    if charge == Charge():
        if row:
            row.delete()
        return None
    if row is None:
        row = Assignment(assessment=assessment, offer=offer, concern=concern)
    row.assignee_id, row.due, row.assigned_by = charge.person, charge.due, by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Two first assignments at the same instant: the other one stands.
        found = Assignment.objects.filter(assessment=assessment, offer=offer, concern=concern)
        raise AssignmentIsStale(found.first()) from None
    if person and charge.person != standing.person:
        notify(Notice.Kind.ASSIGNED, [person], offer or assessment, link=part_address(row), by=by, part=concern)
    return row


def part_address(assignment: Assignment) -> str:
    """Where the part is answered."""
    if assignment.offer_id is None:
        return reverse("workload", args=[assignment.assessment_id])
    return reverse("concern", args=[assignment.offer_id, assignment.concern])


@transaction.atomic
def release_assignments(organisation: Organisation | int, user: User) -> int:
    """What ``user`` was to answer or to do in ``organisation`` has nobody now, and its owners are told of the parts;
    how many parts.

    For whoever left, or may not answer any more.
    """
    mine = Assignment.objects.filter(assessment__organisation=organisation, assignee=user)
    for action in OfferAction.objects.filter(offer__assessment__organisation=organisation, owner=user):
        action.owner = None
        action.save(update_fields=["owner", "updated_at"])
    released: dict[Assessment, list[Assignment]] = {}
    for assignment in mine.select_related("assessment"):
        assignment.assignee = None
        assignment.save(update_fields=["assignee", "updated_at"])
        released.setdefault(assignment.assessment, []).append(assignment)
    for assessment, assignments in released.items():
        owners = owners_of(assessment).exclude(pk=user.pk)
        part = assignments[0].concern if len(assignments) == 1 else ""
        notify(Notice.Kind.UNASSIGNED, owners, assessment, link=reverse("assignments", args=[assessment.pk]), by=None,
               part=part)  # fmt: skip
    return sum(len(assignments) for assignments in released.values())


def assignments_of(assessment: Assessment) -> dict[tuple[Any, str], Assignment]:
    """By offer (``None``: the workload) and concern, each with its person. One query."""
    rows = Assignment.objects.filter(assessment=assessment).select_related("assignee")
    return {(row.offer_id, row.concern): row for row in rows}
