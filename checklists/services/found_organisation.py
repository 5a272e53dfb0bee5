"""Give a person who belongs nowhere an organisation of their own, at the first sign-in."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Membership, Organisation, User


@transaction.atomic
def found_organisation(user: User) -> Organisation:
    """The first organisation ``user`` belongs to, made now if there is none."""
    membership = user.memberships.select_related("organisation").order_by("pk").first()
    if membership:
        return membership.organisation
    name = _("Organisation of %(person)s") % {"person": str(user)}
    organisation = Organisation.objects.create(name=name[:200])
    Membership.objects.create(user=user, organisation=organisation, role=Membership.Role.OWNER)
    return organisation
