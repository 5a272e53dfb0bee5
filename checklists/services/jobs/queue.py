"""Queues of jobs (``models.jobs``): taken by whoever works, one at a time, and kept across restarts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from checklists.models.jobs import FAILED, RUNNING, WAITING, Job

log = logging.getLogger(__name__)
Taken = TypeVar("Taken")
SomeJob = TypeVar("SomeJob", bound=Job)


def work_off(take_one: Callable[[], Taken | None], work: Callable[[Taken], None]) -> int:
    """Take each thing that waits and do it; how many were tried. ``work`` keeps what comes of it, failures included."""
    tried = 0
    while job := take_one():
        work(job)
        tried += 1
    return tried


@transaction.atomic
def take(model: type[SomeJob], **told: Any) -> SomeJob | None:
    """The next job, now in the caller's hands with ``told`` written on it; ``None`` when there is none left."""
    jobs = model.jobs.all()
    if transaction.get_connection().features.has_select_for_update_skip_locked:
        jobs = jobs.select_for_update(skip_locked=True)
    job: SomeJob | None = jobs.due().order_by("asked_at").first()  # type: ignore[assignment]
    if job is None:
        return None
    for name, value in {"state": RUNNING, "alive_at": timezone.now(), **told}.items():
        setattr(job, name, value)
    job.attempts += 1
    job.save()
    return job


def is_anything_due(model: type[Job]) -> bool:
    """Whether a job waits, or was lost: those lost for the last time are still to be given up."""
    return (model.jobs.due() | model.jobs.lost()).exists()


def give_up_the_lost(model: type[Job], **told: Any) -> None:
    """Those lost for the last time fail, with ``told`` written on them."""
    model.jobs.lost().filter(attempts__gte=Job.ATTEMPTS).update(state=FAILED, **told)


def show_life(job: Job, **told: Any) -> None:
    """Say that ``job`` is still being worked on, with ``told`` written on it."""
    type(job).jobs.filter(pk=job.pk, state=RUNNING).update(alive_at=timezone.now(), **told)


def record_failure(job: Job, **told: Any) -> None:
    """Back in the queue the first time, given up the second, with ``told`` written on it.

    Only if it still is in the caller's hands: neither cancelled, nor taken over by another.
    """
    mine = type(job).jobs.filter(pk=job.pk, state=RUNNING, attempts=job.attempts)
    mine.update(state=WAITING if job.attempts < Job.ATTEMPTS else FAILED, **told)


@contextmanager
def signs_of_life(job: Job) -> Iterator[None]:
    """Show a sign of life every few seconds while one long call keeps the caller busy."""
    if connection.in_atomic_block:  # Nobody else sees a job taken in a transaction that is still open.
        yield
        return
    done = threading.Event()

    def beat() -> None:
        while not done.wait(Job.BEAT.total_seconds()):
            try:
                show_life(job)
            except DatabaseError:  # A busy database: the next sign of life will do.
                log.warning("no sign of life could be given for a job", exc_info=True)
        connection.close()

    thread = threading.Thread(target=beat, name="job-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
