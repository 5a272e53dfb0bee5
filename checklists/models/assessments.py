"""Assessments and their offers."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.core.people.permissions import Action, Role, roles_that_may
from checklists.core.review import is_open
from checklists.models.editions import Edition
from checklists.models.people.organisations import Membership, Organisation
from checklists.models.people.users import User


def _open_to(user: User, action: Action | str, *, assessment: str, organisation: str) -> Q:
    """The condition that ``user`` may do ``action``; the two names are the lookups that lead there."""
    roles = roles_that_may(action)
    memberships = Membership.objects.filter(user=user, role__in=roles)
    condition = Q(**{f"{organisation}__in": memberships.values("organisation")})
    if Role.GUEST in roles:
        condition |= Q(**{f"{assessment}__in": Guest.objects.lasting().filter(user=user).values("assessment")})
    return condition


def role_of(user: User, organisation: str) -> dict[str, FilteredRelation | F]:
    """What annotates with the role of ``user`` in the organisation, nothing for a guest: one join, no subquery."""
    memberships = f"{organisation}__memberships"
    own = FilteredRelation(memberships, condition=Q(**{f"{memberships}__user": user}))
    return {"own_membership": own, "member_role": F("own_membership__role")}


def in_use(assessment: str = "") -> Q:
    """The condition that the assessment is not in the bin; ``assessment`` is the lookup that leads there, if any."""
    return Q(**{f"{assessment}__binned_at__isnull" if assessment else "binned_at__isnull": True})


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def allowing(self, user: User, action: Action | str) -> Self:
        """Those on which ``user`` may do ``action``, as a member or as a guest. Every view starts here."""
        return self.filter(_open_to(user, action, assessment="pk", organisation="organisation"))

    def visible_to(self, user: User) -> Self:
        """Those ``user`` may read."""
        return self.allowing(user, Action.READ)

    def lent_to(self, user: User) -> Self:
        """Those ``user`` reads as a guest of an organisation not theirs."""
        lent = Guest.objects.lasting().filter(user=user).values("assessment")
        return self.filter(pk__in=lent).exclude(organisation__memberships__user=user)

    def with_role_of(self, user: User) -> Self:
        """Each with ``member_role``, the word for what ``user`` is in its organisation; ``None`` for a guest."""
        return self.annotate(**role_of(user, "organisation"))

    def in_use(self) -> Self:
        return self.filter(in_use())

    def in_the_bin(self) -> Self:
        return self.exclude(in_use())


class Assessment(models.Model):
    """One workload to be hosted, judged on its reference date under one edition."""

    class ReviewState(models.TextChoices):
        DRAFT = "draft", _("Working version")
        SUBMITTED = "submitted", _("Under review")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Review accepted")
        APPROVED = "approved", _("Approved")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="assessments")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="assessments")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    reference_date = models.DateField(_("reference date"))
    held_to_evidence = models.BooleanField(_("answers are held to evidence"), default=False)
    is_example = models.BooleanField(_("worked example"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    binned_at = models.DateTimeField(_("put in the bin"), null=True, blank=True)
    reassess_by = models.DateField(_("to be assessed again by"), null=True, blank=True)
    review_state = models.CharField(
        _("state of the review"), max_length=10, choices=ReviewState, default=ReviewState.DRAFT
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-updated_at", "pk"]
        indexes = [models.Index(fields=["organisation", "binned_at", "-updated_at"], name="assessment_listing")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        """Whether its content is submitted, accepted or approved, and so cannot be changed."""
        return not is_open(self.review_state)


class OfferQuerySet(models.QuerySet["Offer"]):
    def allowing(self, user: User, action: Action | str) -> Self:
        """Those of assessments in use on which ``user`` may do ``action``."""
        condition = _open_to(user, action, assessment="assessment", organisation="assessment__organisation")
        return self.filter(condition).in_use()

    def visible_to(self, user: User) -> Self:
        return self.allowing(user, Action.READ)

    def with_role_of(self, user: User) -> Self:
        """Each with ``member_role``, as for assessments."""
        return self.annotate(**role_of(user, "assessment__organisation"))

    def in_use(self) -> Self:
        """Those of assessments in use."""
        return self.filter(in_use("assessment"))


class Offer(models.Model):
    """A candidate or current host for the workload of an assessment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="offers")
    name = models.CharField(_("name of the offer"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    is_current = models.BooleanField(_("current host"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name


class GuestQuerySet(models.QuerySet["Guest"]):
    def lasting(self) -> Self:
        """Those whose last day is today or later."""
        return self.filter(until__gte=timezone.localdate())

    def role_of(self, user: User, assessment: uuid.UUID) -> Role | None:
        """``Role.GUEST`` while ``user`` is one on ``assessment``."""
        return Role.GUEST if self.lasting().filter(user=user, assessment=assessment).exists() else None


class Guest(models.Model):
    """A person from outside the organisation who may read one assessment up to and including a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="guest_accesses")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="guests")
    until = models.DateField(_("last day"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        constraints = [models.UniqueConstraint(fields=["user", "assessment"], name="one_guest_access_each")]

    def __str__(self) -> str:
        return f"{self.user} · {self.assessment} · {self.until:%Y-%m-%d}"
