"""A job: long work that waits in the database for whoever works, and survives a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


class JobQuerySet(models.QuerySet["Job"]):
    """Of jobs of one kind."""

    def lost(self) -> Self:
        """Being worked on by somebody who stopped."""
        return self.filter(state=RUNNING, alive_at__lt=timezone.now() - Job.SILENCE)

    def due(self) -> Self:
        """Waiting, or lost with a try left."""
        lost = Q(state=RUNNING, alive_at__lt=timezone.now() - Job.SILENCE, attempts__lt=Job.ATTEMPTS)
        return self.filter(Q(state=WAITING) | lost)


class Job(models.Model):
    """One job of its kind. Whoever works on it shows a sign of life; after ``SILENCE`` another may take it over.

    A kind says in words what each ``state`` means: at least waiting, running, done and failed. It has an index on
    ``state`` and ``asked_at``. ``services.jobs`` takes jobs and has them done.
    """

    ATTEMPTS: ClassVar[int] = 2
    """A job is tried twice: once, and once again."""
    BEAT: ClassVar[timedelta] = timedelta(seconds=5)
    """How often whoever works on a job shows a sign of life."""
    SILENCE: ClassVar[timedelta] = timedelta(seconds=30)
    """Without a sign for so long, whoever worked on it is taken to have stopped."""

    state = models.CharField(_("state"), max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    alive_at = models.DateTimeField(_("last sign of life"), null=True)

    objects = models.Manager()
    jobs = JobQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_going(self) -> bool:
        return self.state in (WAITING, RUNNING)
