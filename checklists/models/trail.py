"""The trail: who did what, when. Only ever added to; the database refuses anything else."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.core.trail import START, Link

INSTANCE = 0
"""The chain of what belongs to no organisation; an organisation's chain has its number."""


class TrailChain(models.Model):
    """The head of one chain: its length and last fingerprint. Locked by whoever adds an entry."""

    chain = models.PositiveBigIntegerField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default=START)

    class Meta:
        verbose_name = _("chain of the trail")
        verbose_name_plural = _("chains of the trail")

    def __str__(self) -> str:
        return f"{self.chain}: {self.length} {self.sha256}"


class TrailEntry(models.Model):
    """One act. Bare numbers and no foreign key: an entry outlives what it tells of, and names nobody by itself."""

    chain = models.PositiveBigIntegerField()
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("when"))
    actor = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("entries of the trail")
        ordering = ["chain", "-position"]
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="one_entry_a_position")]
        indexes = [
            models.Index(fields=["chain", "at"], name="trail_by_day"),
            models.Index(fields=["chain", "actor", "-position"], name="trail_by_person"),
            models.Index(fields=["chain", "kind", "-position"], name="trail_by_kind"),
            models.Index(fields=["actor"], name="trail_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.position} {self.kind}"

    def link(self) -> Link:
        fields = ("chain", "position", "at", "actor", "kind", "subject_type", "subject_id", "details", "previous")
        return Link(**{field: getattr(self, field) for field in fields})
