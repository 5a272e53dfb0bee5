"""Assessments and their offers."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.catalogue import Edition
from checklists.models.organisations import Organisation
from checklists.models.users import User


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        """Those of the organisations ``user`` belongs to. Every view starts here."""
        return self.filter(organisation__memberships__user=user)

    def in_use(self) -> Self:
        return self.filter(binned_at__isnull=True)


class Assessment(models.Model):
    """One workload to be hosted, judged on its reference date under one edition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="assessments")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="assessments")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    reference_date = models.DateField(_("reference date"))
    is_example = models.BooleanField(_("worked example"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    binned_at = models.DateTimeField(_("put in the bin"), null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-updated_at", "pk"]
        indexes = [models.Index(fields=["organisation", "binned_at", "-updated_at"], name="assessment_listing")]

    def __str__(self) -> str:
        return self.name


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(assessment__organisation__memberships__user=user, assessment__binned_at__isnull=True)


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
