"""Published editions, immutable; which checklists are withdrawn, and which an organisation uses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImmutableError(RuntimeError):
    """Something tried to change what is published for good."""


class Edition(models.Model):
    """One publication of a checklist: its canonical document and the SHA-256 of it."""

    checklist = models.CharField(_("checklist"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    published = models.DateField(_("published"))
    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("fingerprint"), max_length=64, unique=True)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["checklist", "-number"]
        constraints = [models.UniqueConstraint(fields=["checklist", "number"], name="one_edition_a_number")]

    def __str__(self) -> str:
        return f"{self.checklist} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ImmutableError("A published edition never changes: publish another one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError("A published edition is never deleted: assessments rest on it.")


class Withdrawal(models.Model):
    """A checklist that new assessments no longer take; those that use it keep it. Offered again: no row."""

    checklist = models.CharField(_("checklist"), max_length=64, unique=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("withdrawn by")
    )

    class Meta:
        verbose_name = _("withdrawal of a checklist")
        verbose_name_plural = _("withdrawals of checklists")
        ordering = ["checklist"]

    def __str__(self) -> str:
        return self.checklist


class ChecklistChoice(models.Model):
    """A checklist that an organisation uses. Without any row it uses all that are offered."""

    organisation = models.ForeignKey("checklists.Organisation", models.CASCADE, related_name="checklist_choices")
    checklist = models.CharField(_("checklist"), max_length=64)
    is_default = models.BooleanField(_("proposed first"), default=False)

    class Meta:
        verbose_name = _("checklist of an organisation")
        verbose_name_plural = _("checklists of organisations")
        ordering = ["checklist"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "checklist"], name="one_choice_a_checklist"),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(is_default=True), name="one_default_an_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.checklist


class ChecklistOwner(models.Model):
    """A checklist that an organisation wrote: seen by it alone, or offered to all. Without a row it is the instance's.

    When the organisation is gone the row stays, so that what it kept to itself does not come to light.
    """

    checklist = models.CharField(_("checklist"), max_length=64, unique=True)
    organisation = models.ForeignKey(
        "checklists.Organisation", models.SET_NULL, null=True, related_name="own_checklists"
    )
    is_for_all = models.BooleanField(_("offered to all"), default=False)

    class Meta:
        verbose_name = _("owner of a checklist")
        verbose_name_plural = _("owners of checklists")
        ordering = ["checklist"]

    def __str__(self) -> str:
        return self.checklist


class CaseOfChecklist(models.Model):
    """A decided case written here: ``body`` is what a file of cases says of it, less its key.

    One with the key of a case that ships with the checklist stands in its place; ``is_removed`` hides that one.
    """

    checklist = models.CharField(_("checklist"), max_length=64)
    key = models.CharField(_("key"), max_length=64)
    body = models.JSONField(_("contents"))
    is_removed = models.BooleanField(_("taken out"), default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("decided case")
        verbose_name_plural = _("decided cases")
        ordering = ["checklist", "pk"]
        constraints = [models.UniqueConstraint(fields=["checklist", "key"], name="one_case_a_key")]

    def __str__(self) -> str:
        return f"{self.checklist}/{self.key}"
