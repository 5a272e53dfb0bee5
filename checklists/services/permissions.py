"""The people behind a permission: who may do something on an assessment."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from checklists.core.people.permissions import Action, Role, roles_that_may
from checklists.models import Assessment, Guest, Membership, User


def who_may(action: Action | str, assessment: Assessment) -> QuerySet[User]:
    """The people with an active account who may do ``action`` on ``assessment``, by name. One query."""
    roles = roles_that_may(action)
    members = Membership.objects.filter(organisation=assessment.organisation_id, role__in=roles)
    condition = Q(pk__in=members.values("user"))
    if Role.GUEST in roles:
        condition |= Q(pk__in=Guest.objects.lasting().filter(assessment=assessment).values("user"))
    return User.objects.filter(condition, is_active=True).order_by("last_name", "first_name", "email")


def owners_of(assessment: Assessment) -> QuerySet[User]:
    """The owners of the organisation that ``assessment`` belongs to."""
    return User.objects.filter(
        is_active=True,
        memberships__organisation=assessment.organisation_id,
        memberships__role=Membership.Role.OWNER,
    )
