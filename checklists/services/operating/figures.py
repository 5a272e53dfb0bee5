"""Figures of an instance for whoever watches it: what waits, how long, what failed. No name of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from checklists.models import ImpactRun, Notice, PortfolioLine, PrintJob
from checklists.models.jobs import FAILED, WAITING
from checklists.services.operating.checks_kept import last_checks

QUEUES = {"reports": PrintJob, "impacts": ImpactRun}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``of`` divides it: the name of the queue or of the check."""

    name: str
    help: str
    value: float
    of: dict[str, str] = field(default_factory=dict)


def figures() -> Iterator[Figure]:
    """Every figure, read now. Ages are in seconds, 0 when nothing waits."""
    now = timezone.now()
    for name, model in QUEUES.items():
        waiting = model.jobs.filter(state=WAITING).aggregate(count=Count("pk"), oldest=Min("asked_at"))
        yield from _queue(name, waiting["count"], waiting["oldest"] and (now - waiting["oldest"]).total_seconds())
    tasks = DBTaskResult.objects.ready().aggregate(count=Count("pk"), oldest=Min("enqueued_at"))
    yield from _queue("worker", tasks["count"], tasks["oldest"] and (now - tasks["oldest"]).total_seconds())
    failed = PrintJob.jobs.filter(state=FAILED).count()
    yield Figure("porte_cles_reports_failed", "Reports given up and not asked for again.", failed)
    mails = Notice.objects.filter(mail=Notice.Mail.WAITING).count()
    yield Figure("porte_cles_mails_waiting", "E-mails of notices that wait to be sent.", mails)
    stale = PortfolioLine.objects.in_use().stale().count()
    yield Figure("porte_cles_standings_stale", "Assessments changed since they were judged.", stale)
    for check in last_checks():
        of = {"check": check.name}
        age = (now - check.at).total_seconds()
        yield Figure("porte_cles_check_age_seconds", "Seconds since the last check of its name.", age, of)
        yield Figure("porte_cles_check_holds", "1 when the last check of its name held.", float(check.holds), of)


def _queue(name: str, count: int, age: float | None) -> Iterator[Figure]:
    of = {"queue": name}
    yield Figure("porte_cles_queue_waiting", "Jobs that wait.", count, of)
    yield Figure("porte_cles_queue_age_seconds", "Seconds the oldest job has waited.", age or 0, of)
