"""Published frameworks, and those chosen for an assessment with what the buyer requires."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment
from checklists.models.editions import ImmutableError


class Framework(models.Model):
    """One publication of a framework: its canonical document and the SHA-256 of it. Immutable."""

    key = models.CharField(_("external framework"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    checklist = models.CharField(_("checklist"), max_length=64)
    asks = models.BooleanField(_("asks questions of its own"))
    published = models.DateField(_("published"))
    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("fingerprint"), max_length=64, unique=True)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("external framework")
        verbose_name_plural = _("external frameworks")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="one_framework_a_number")]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ImmutableError("A published framework never changes: publish another one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError("A published framework is never deleted: assessments rest on it.")


class FrameworkChoice(models.Model):
    """A framework chosen for an assessment, frozen in the publication of that day.

    ``minimums`` is the level (0-4) the buyer requires of each objective, by the objective's key.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="framework_choices")
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="choices")
    minimums = models.JSONField(_("minimums"), default=dict, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(_("chosen"), auto_now_add=True)

    class Meta:
        verbose_name = _("chosen external framework")
        verbose_name_plural = _("chosen external frameworks")
        ordering = ["framework_id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "framework"], name="one_choice_a_framework")]

    def __str__(self) -> str:
        return f"{self.assessment_id} · {self.framework_id}"
