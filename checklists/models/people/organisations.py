"""Organisations own everything; a membership is what opens it to a user."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    bin_after = models.PositiveSmallIntegerField(_("months without change before the bin"), null=True, blank=True)
    delete_after = models.PositiveSmallIntegerField(_("months in the bin before deletion"), null=True, blank=True)
    reassess_after = models.PositiveSmallIntegerField(_("months before assessing again"), null=True, blank=True)
    review_takes_two = models.BooleanField(_("authors do not review their own work"), default=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="organisations")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person is to an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        CONTRIBUTOR = "contributor", _("Contributor")
        REVIEWER = "reviewer", _("Reviewer")
        READER = "reader", _("Reader")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.CONTRIBUTOR)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
