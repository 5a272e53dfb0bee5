"""Change what people are to an organisation, or end it. An organisation with members always has an owner.

Each change first locks the organisation's row, so that two owners who leave at the same instant leave one after the
other, and the second is refused.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from checklists.core.people.permissions import Action, allows
from checklists.models import Guest, Membership, Organisation, User
from checklists.services.team.assign import release_assignments

OWNER = Membership.Role.OWNER


class LastOwnerError(Exception):
    """The change would leave ``organisation`` without an owner."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        super().__init__(f"{organisation.pk} would have no owner")


def lock_organisation(pk: int) -> Organisation:
    """The organisation, nobody else's to change before the transaction ends."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=pk)


def _locked(membership: Membership) -> tuple[Organisation, Membership]:
    organisation = lock_organisation(membership.organisation_id)
    return organisation, organisation.memberships.select_related("user").get(pk=membership.pk)


def _keep_an_owner(organisation: Organisation, without: Membership) -> None:
    if without.role != OWNER:
        return
    if not organisation.memberships.filter(role=OWNER).exclude(pk=without.pk).exists():
        raise LastOwnerError(organisation)


@transaction.atomic
def change_role(membership: Membership, role: str) -> None:
    """Give ``membership`` another role; with one that may not answer, what was assigned to them has nobody any more.

    Raises ``LastOwnerError``, ``Membership.DoesNotExist`` when it just ended.
    """
    organisation, current = _locked(membership)
    if role != OWNER:
        _keep_an_owner(organisation, current)
    current.role = role
    current.save(update_fields=["role"])
    if not allows(role, Action.ANSWER):
        release_assignments(organisation, current.user)


@transaction.atomic
def end_membership(membership: Membership) -> None:
    """Remove a member, or leave; what was assigned to them has nobody any more. Raises ``LastOwnerError``,
    ``Membership.DoesNotExist`` when it just ended."""
    organisation, current = _locked(membership)
    _keep_an_owner(organisation, current)
    current.delete()
    release_assignments(organisation, current.user)


@transaction.atomic
def transfer_ownership(giver: Membership, receiver: Membership) -> None:
    """``receiver`` becomes an owner and ``giver`` a contributor, both or neither.

    Raises ``Membership.DoesNotExist`` when one of them just ended, or the giver is no owner any more.
    """
    organisation, receiver = _locked(receiver)
    giver = organisation.memberships.get(pk=giver.pk, role=OWNER)
    receiver.role, giver.role = OWNER, Membership.Role.CONTRIBUTOR
    receiver.save(update_fields=["role"])
    if receiver.pk != giver.pk:
        giver.save(update_fields=["role"])


@transaction.atomic
def change_guest(guest: Guest, until: date) -> None:
    """Move the last day of a guest."""
    guest.until = until
    guest.save(update_fields=["until"])


@transaction.atomic
def end_guest(guest: Guest) -> None:
    guest.delete()


@transaction.atomic
def rename_organisation(organisation: Organisation, name: str) -> None:
    organisation.name = name
    organisation.save(update_fields=["name"])


@transaction.atomic
def set_retention(organisation: Organisation, bin_after: int | None, delete_after: int | None) -> None:
    """Months without change before an assessment is binned, months in the bin before it is deleted; ``None``: never."""
    organisation.bin_after, organisation.delete_after = bin_after, delete_after
    organisation.save(update_fields=["bin_after", "delete_after"])


@transaction.atomic
def set_reassessment(organisation: Organisation, after: int | None) -> None:
    """Months after its reference date by which an assessment is to be looked at again; ``None``: no such term."""
    if organisation.reassess_after != after:  # each line of the portfolio follows, so never for nothing
        organisation.reassess_after = after
        organisation.save(update_fields=["reassess_after"])


def set_review(organisation: Organisation, *, takes_two: bool) -> None:
    """Whether authors leave review and approval of their own work to another member (decision 0061)."""
    organisation.review_takes_two = takes_two
    organisation.save(update_fields=["review_takes_two"])


def sole_owner_with_others(user: User) -> list[Organisation]:
    """The organisations where others depend on ``user`` as their only owner."""
    owned = Organisation.objects.filter(memberships__user=user, memberships__role=OWNER).order_by("name", "pk")
    return [
        organisation
        for organisation in owned
        if organisation.memberships.exclude(user=user).exists()
        and not organisation.memberships.filter(role=OWNER).exclude(user=user).exists()
    ]
