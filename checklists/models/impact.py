"""What a draft would change for the assessments there are: the work of finding out, and what was found.

No row leads to an assessment, an offer or an organisation (decision 0045).
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checklists.models.drafts import Draft
from checklists.models.jobs import Job


def random_place() -> int:
    """Where a row stands in its list: at random, so that two lists cannot be laid one over the other."""
    return secrets.randbits(62)


class ImpactRun(Job):
    """One reading of every assessment under a draft as it stood at ``revision``, kept whole in ``document``.

    ``cursor`` is the last assessment read, forgotten at the end. ``summary`` is what was found, in figures.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being worked out")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="impact_runs")
    revision = models.PositiveIntegerField(_("revision of the draft"))
    document = models.JSONField(_("document"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True)
    total = models.PositiveIntegerField(_("offers to read"), default=0)
    done = models.PositiveIntegerField(_("offers read"), default=0)
    cursor = models.UUIDField(_("last assessment read"), null=True)
    summary = models.JSONField(_("figures"), default=dict)

    class Meta:
        verbose_name = _("impact of a draft")
        verbose_name_plural = _("impacts of drafts")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state__in=["waiting", "running"]), name="one_impact_run_a_draft"
            )
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="impact_run_queue")]

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.revision}: {self.state}"


class ImpactRow(models.Model):
    """One offer that would move, without a name. ``before`` and ``after`` hold verdicts by key and whole points.

    ``edition`` is the number of the edition it rests on. ``causes`` are places of parts: 'alone', 'together'.
    """

    run = models.ForeignKey(ImpactRun, models.CASCADE, related_name="rows")
    place = models.PositiveBigIntegerField(_("place"), default=random_place)
    edition = models.PositiveIntegerField(_("edition"))
    aspect = models.CharField(_("what moves"), max_length=10)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    causes = models.JSONField(_("causes"))

    class Meta:
        verbose_name = _("offer that would move")
        verbose_name_plural = _("offers that would move")
        ordering = ["place"]
        indexes = [models.Index(fields=["run", "place"], name="impact_rows_in_order")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.aspect}"
