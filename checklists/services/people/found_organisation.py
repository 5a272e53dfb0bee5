"""Give a person an organisation of their own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Guest, Invitation, Membership, Organisation, User


@transaction.atomic
def create_organisation(owner: User, name: str) -> Organisation:
    """A new organisation that ``owner`` owns."""
    organisation = Organisation.objects.create(name=name[:200])
    Membership.objects.create(user=owner, organisation=organisation, role=Membership.Role.OWNER)
    return organisation


@transaction.atomic
def found_organisation(user: User, name: str = "") -> Organisation:
    """The first organisation ``user`` belongs to, made now if there is none; called ``name``, or by the person's."""
    membership = user.memberships.select_related("organisation").order_by("pk").first()
    if membership:
        return membership.organisation
    return create_organisation(user, name or _("Organisation of %(person)s") % {"person": str(user)})


def found_organisation_unless_expected(user: User, name: str = "") -> None:
    """An organisation for ``user``, unless another has opened something to them or has invited them."""
    expected = Guest.objects.lasting().filter(user=user).exists()
    if not expected and not Invitation.objects.open().filter(email__iexact=user.email).exists():
        found_organisation(user, name)
