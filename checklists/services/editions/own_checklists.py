"""Whose a checklist is: the instance's, or an organisation's, which then sees and writes it alone.

What an owner row does not say is said by Django's permissions: they are those of the instance. What it does say is said
by the table of ``core.people.permissions``, for members who may open the administration.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from checklists.core.people.permissions import Action, allows, roles_that_may
from checklists.models import ChecklistOwner, Guest, Membership, Organisation, User

Person = User | AnonymousUser
INSTANCE = {"view": "view_draft", "write": "change_draft", "publish": "publish_draft"}
"""What may be done to a checklist, by the permission of the instance that allows it."""
ORGANISATION = {
    "view": Action.WRITE_CRITERIA,
    "write": Action.WRITE_CRITERIA,
    "publish": Action.PUBLISH_CRITERIA,
}
"""The same, by the action of the table that allows it in the organisation that owns the checklist."""


def powers_on(user: Person, checklist: str) -> frozenset[str]:
    """What ``user`` may do to ``checklist``: some of 'view', 'write', 'publish'. One query, two where it is owned."""
    owner = ChecklistOwner.objects.filter(checklist=checklist).first()
    if owner is None:
        return frozenset(act for act, codename in INSTANCE.items() if user.has_perm(f"checklists.{codename}"))
    if not user.is_active or not user.is_staff:
        return frozenset()
    if user.is_superuser:
        return frozenset(INSTANCE)
    mine = Membership.objects.filter(user=user, organisation=owner.organisation_id)
    role = mine.values_list("role", flat=True).first()
    found = {act for act, action in ORGANISATION.items() if allows(role, action)}
    if owner.is_for_all and user.has_perm("checklists.view_draft"):
        found.add("view")
    return frozenset(found)


def writing_in(user: Person) -> QuerySet[Organisation]:
    """The organisations whose checklists ``user`` writes: their roles allow it, and the instance opened the
    administration to them."""
    if not user.is_active or not user.is_staff:
        return Organisation.objects.none()
    roles = roles_that_may(Action.WRITE_CRITERIA)
    return Organisation.objects.filter(memberships__user=user, memberships__role__in=roles).order_by("name")


def writable(user: Person) -> Q:
    """The rows with a field ``checklist`` that ``user`` may look at in the administration. One query."""
    owned = ChecklistOwner.objects.all()
    if user.is_superuser and user.is_active:
        return Q()
    mine = Q(checklist__in=owned.filter(organisation__in=writing_in(user)).values("checklist"))
    if user.has_perm("checklists.view_draft"):
        return mine | ~Q(checklist__in=owned.filter(is_for_all=False).values("checklist"))
    return mine


def visible(user: Person) -> Q:
    """The rows with a field ``checklist`` that ``user`` may read: not those that another organisation keeps."""
    kept = ChecklistOwner.objects.filter(is_for_all=False)
    if user.is_authenticated:
        if user.is_superuser:
            return Q()
        joined = Membership.objects.filter(user=user).values("organisation")
        invited = Guest.objects.filter(user=user, until__gte=timezone.localdate())
        guest = invited.values("assessment__edition__checklist")
        kept = kept.exclude(organisation__in=joined).exclude(checklist__in=guest)
    return ~Q(checklist__in=kept.values("checklist"))


def visible_to_organisation(organisation: Organisation) -> Q:
    """The rows with a field ``checklist`` that everybody in ``organisation`` may read."""
    kept = ChecklistOwner.objects.filter(is_for_all=False).exclude(organisation=organisation)
    return ~Q(checklist__in=kept.values("checklist"))


def may_read(user: Person, checklist: str) -> bool:
    """Whether ``user`` may read the editions of ``checklist``. One query where nobody keeps it to themselves."""
    kept = ChecklistOwner.objects.filter(checklist=checklist, is_for_all=False)
    return not kept.exists() or kept.filter(visible(user)).exists()


@transaction.atomic
def own_checklist(checklist: str, organisation: Organisation) -> None:
    """Make ``checklist``, which is new, that of ``organisation``."""
    ChecklistOwner.objects.create(checklist=checklist, organisation=organisation)


@transaction.atomic
def offer_to_all(checklist: str, *, is_for_all: bool) -> None:
    """Let every organisation take an organisation's checklist, or keep it to its own again.

    Assessments that took it meanwhile keep it. Raises ``ChecklistOwner.DoesNotExist`` for one of the instance.
    """
    owner = ChecklistOwner.objects.select_for_update().get(checklist=checklist)
    owner.is_for_all = is_for_all
    owner.save(update_fields=["is_for_all"])
