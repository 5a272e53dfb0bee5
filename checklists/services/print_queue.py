"""The queue of reports to be made: one row a report, taken by whoever makes reports, kept across restarts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from checklists.models import PrintedReport, PrintJob, Report

ATTEMPTS = 2
"""A report is tried twice: once, and once again."""
BEAT = timedelta(seconds=5)
"""How often whoever makes a report shows a sign of life."""
SILENCE = timedelta(seconds=30)
"""Without one for so long, its maker is taken to have stopped."""

State = PrintJob.State


@transaction.atomic
def claim_job() -> PrintJob | None:
    """The next report to make, now in the caller's hands; ``None`` when there is none left."""
    _give_up_the_lost()
    waiting = PrintJob.objects.select_for_update(skip_locked=True) if _skips_locked() else PrintJob.objects
    job = waiting.filter(_is_due()).order_by("asked_at").first()
    if job is None:
        return None
    job.state, job.stage, job.failure = State.RUNNING, PrintJob.Stage.READING, ""
    job.attempts += 1
    job.alive_at = timezone.now()
    job.save()
    return job


def is_anything_due() -> bool:
    return PrintJob.objects.filter(_is_due() | _is_lost()).exists()


def show_life(report_id: UUID, stage: str = "") -> None:
    told = {"stage": stage} if stage else {}
    PrintJob.objects.filter(pk=report_id, state=State.RUNNING).update(alive_at=timezone.now(), **told)


@transaction.atomic
def store_printed(report: Report, pdf: bytes, plain: bytes) -> None:
    """Keep the file of ``report``. Whoever comes second finds it stored and changes nothing."""
    PrintJob.objects.select_for_update().get(pk=report.pk)
    if not PrintedReport.objects.filter(pk=report.pk).exists():
        PrintedReport(report=report, pdf=pdf, pdf_sha256=_sha256(pdf), plain_sha256=_sha256(plain)).save()
    PrintJob.objects.filter(pk=report.pk).update(state=State.DONE, stage="", failure="")


def record_failure(job: PrintJob, failure: str) -> None:
    """Back in the queue the first time, given up the second."""
    again = job.attempts < ATTEMPTS
    PrintJob.objects.filter(pk=job.pk, state=State.RUNNING).update(
        state=State.WAITING if again else State.FAILED, stage="", failure=failure
    )


def ask_again(report: Report) -> None:
    """Put a report that failed back in the queue, with its two tries."""
    PrintJob.objects.filter(pk=report.pk, state=State.FAILED).update(
        state=State.WAITING, failure="", attempts=0, asked_at=timezone.now()
    )


def _is_lost() -> Q:
    return Q(state=State.RUNNING, alive_at__lt=timezone.now() - SILENCE)


def _is_due() -> Q:
    return Q(state=State.WAITING) | _is_lost() & Q(attempts__lt=ATTEMPTS)


def _give_up_the_lost() -> None:
    PrintJob.objects.filter(_is_lost(), attempts__gte=ATTEMPTS).update(
        state=State.FAILED, stage="", failure=PrintJob.Failure.STOPPED
    )


def _skips_locked() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def _sha256(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
