"""Published editions. Immutable: a row is inserted once and never changed or deleted."""

from __future__ import annotations

from typing import Any

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
