"""The queue of reports to be made: one row a report, taken by whoever makes reports, kept across restarts."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from checklists.models import PrintedReport, PrintJob, Report
from checklists.services.jobs import queue as job_queue

State = PrintJob.State


def take_job() -> PrintJob | None:
    """The next report to make, now in the caller's hands; ``None`` when there is none left."""
    job_queue.give_up_the_lost(PrintJob, stage="", failure=PrintJob.Failure.STOPPED)
    return job_queue.take(PrintJob, stage=PrintJob.Stage.READING, failure="")


def is_anything_due() -> bool:
    return job_queue.is_anything_due(PrintJob)


def show_life(report_id: UUID, stage: str = "") -> None:
    job_queue.show_life(PrintJob(pk=report_id), **({"stage": stage} if stage else {}))


@transaction.atomic
def store_printed(report: Report, pdf: bytes, plain: bytes) -> None:
    """Keep the file of ``report``. Whoever comes second finds it stored and changes nothing."""
    PrintJob.objects.select_for_update().get(pk=report.pk)
    if not PrintedReport.objects.filter(pk=report.pk).exists():
        PrintedReport(report=report, pdf=pdf, pdf_sha256=_sha256(pdf), plain_sha256=_sha256(plain)).save()
    PrintJob.objects.filter(pk=report.pk).update(state=State.DONE, stage="", failure="")


def record_failure(job: PrintJob, failure: str) -> None:
    """Back in the queue the first time, given up the second."""
    job_queue.record_failure(job, stage="", failure=failure)


def ask_again(report: Report) -> None:
    """Put a report that failed back in the queue, with its two tries."""
    PrintJob.objects.filter(pk=report.pk, state=State.FAILED).update(
        state=State.WAITING, failure="", attempts=0, asked_at=timezone.now()
    )


def _sha256(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
