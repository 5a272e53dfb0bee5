"""Facts about providers' services, each with its source and the day it was checked. No claim without one."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.editions import Edition


class ProviderProfile(models.Model):
    """One service of one provider. A withdrawn profile is kept, and fills nothing any more."""

    provider = models.CharField(_("provider"), max_length=200)
    service = models.CharField(_("service"), max_length=200)
    note = models.TextField(_("what the profile covers"), max_length=2000, blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("provider profile")
        verbose_name_plural = _("provider profiles")
        ordering = ["provider", "service", "pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "service"], name="one_profile_a_service")]

    def __str__(self) -> str:
        return f"{self.provider} – {self.service}"


class ProfileFactQuerySet(models.QuerySet["ProfileFact"]):
    def with_newest_edition(self) -> Self:
        """Each with ``newest_edition``, the fingerprint of the newest edition of its checklist, or ``None``."""
        editions = Edition.objects.filter(checklist=models.OuterRef("checklist")).order_by("-number")
        return self.annotate(newest_edition=models.Subquery(editions.values("sha256")[:1]))


class ProfileFact(models.Model):
    """What is known of a service on one question of a checklist, by its keys, and where it can be read."""

    profile = models.ForeignKey(ProviderProfile, models.CASCADE, related_name="facts", verbose_name=_("profile"))
    checklist = models.CharField(_("checklist"), max_length=64)
    question = models.CharField(_("question"), max_length=64)
    value = models.CharField(_("value"), max_length=200)
    source_title = models.CharField(_("source"), max_length=200)
    source_url = models.CharField(
        _("address of the source"), max_length=500, validators=[URLValidator(schemes=["https", "http"])]
    )
    source_date = models.DateField(_("date of the source"))
    checked_on = models.DateField(_("checked on"))
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ProfileFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact of a profile")
        verbose_name_plural = _("facts of profiles")
        ordering = ["profile", "checklist", "question", "pk"]
        constraints = [models.UniqueConstraint(fields=["profile", "checklist", "question"], name="one_fact_a_question")]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class ProfileChange(models.Model):
    """One change of a profile or of a fact of it: who, when, before, after. Only ever added."""

    profile = models.ForeignKey(ProviderProfile, models.CASCADE, related_name="changes")
    question = models.CharField(_("question"), max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("change of a profile")
        verbose_name_plural = _("changes of profiles")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.question}"
