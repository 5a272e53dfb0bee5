"""Delete an account (GDPR, Article 17). What the person answered stays with the organisation, without their name."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError

from checklists.models import Invitation, Organisation, User
from checklists.services.people.keep_members import LastOwnerError, lock_organisation, sole_owner_with_others
from checklists.services.team.assign import release_assignments
from checklists.services.trail.record import acting, record_of_person


def alone_in(user: User) -> list[Organisation]:
    """The organisations that nobody else belongs to: they would be deleted with the account."""
    mine = Organisation.objects.filter(memberships__user=user).order_by("name", "pk")
    return [each for each in mine if not each.memberships.exclude(user=user).exists()]


@transaction.atomic
def erase_person(user: User) -> None:
    """Delete the account, its memberships, and the organisations where ``user`` is alone, with all they hold.

    The trail keeps a number in place of the person. Raises ``LastOwnerError`` where others would be left without an
    owner: they must be given one first.
    """
    for organisation in sorted(user.memberships.values_list("organisation", flat=True)):
        lock_organisation(organisation)
    orphaned = sole_owner_with_others(user)
    if orphaned:
        raise LastOwnerError(orphaned[0])
    record_of_person("person.erased", user, actor=user)
    with acting(lambda: user):
        for alone in alone_in(user):
            _erase_organisation(alone)
        for invitation in Invitation.objects.filter(email__iexact=user.email):
            invitation.delete()
        for membership in user.memberships.all():
            membership.delete()
            release_assignments(membership.organisation_id, user)
        user.delete()


def _erase_organisation(organisation: Organisation) -> None:
    """All of it, but what an issued report rests on: whoever was handed the report may still verify it."""
    for assessment in organisation.assessments.all():
        with suppress(ProtectedError):
            assessment.delete()
    with suppress(ProtectedError):
        organisation.delete()
