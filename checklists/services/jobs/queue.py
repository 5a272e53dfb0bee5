"""Queues of long work kept in the database: taken by whoever works, one at a time, and kept across restarts.

A job is a row of any model with ``state`` (waiting, running, done, failed), ``attempts``, ``asked_at`` and
``alive_at``. Whoever works on one shows a sign of life; after a silence another may take it over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

Job = TypeVar("Job", bound=models.Model)

ATTEMPTS = 2
"""A job is tried twice: once, and once again."""
BEAT = timedelta(seconds=5)
"""How often whoever works on a job shows a sign of life."""
SILENCE = timedelta(seconds=30)
"""Without one for so long, whoever worked on it is taken to have stopped."""

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


@transaction.atomic
def claim(model: type[Job], **told: Any) -> Job | None:
    """The next job, now in the caller's hands with ``told`` written on it; ``None`` when there is none left."""
    jobs = model._default_manager.all()
    if transaction.get_connection().features.has_select_for_update_skip_locked:
        jobs = jobs.select_for_update(skip_locked=True)
    job = jobs.filter(is_due()).order_by("asked_at").first()
    if job is None:
        return None
    for name, value in {"state": RUNNING, "alive_at": timezone.now(), **told}.items():
        setattr(job, name, value)
    job.attempts += 1  # type: ignore[attr-defined]
    job.save()
    return job


def is_lost() -> Q:
    """Being worked on by somebody who stopped."""
    return Q(state=RUNNING, alive_at__lt=timezone.now() - SILENCE)


def is_due() -> Q:
    return Q(state=WAITING) | is_lost() & Q(attempts__lt=ATTEMPTS)


def is_anything_due(model: type[models.Model]) -> bool:
    return model._default_manager.filter(is_due() | is_lost()).exists()


def give_up_the_lost(model: type[models.Model], **told: Any) -> None:
    """Those lost for the last time fail, with ``told`` written on them."""
    lost = model._default_manager.filter(is_lost(), attempts__gte=ATTEMPTS)
    lost.update(**{"state": FAILED, **told})


def state_after_failure(attempts: int) -> str:
    """Back in the queue the first time, given up the second."""
    return WAITING if attempts < ATTEMPTS else FAILED
