"""The press in the background: see ``services.jobs.background``."""

from __future__ import annotations

from django_tasks import task

from checklists.documents.press import work_off
from checklists.services.jobs.background import Background
from checklists.services.reports.print_queue import is_anything_due


@task()
def print_waiting_reports() -> int:
    """Make every report that waits; how many were tried."""
    return work_off()


_press = Background("press", print_waiting_reports, is_anything_due)


def set_going() -> None:
    """Have what waits made, once the current transaction is committed."""
    _press.set_going()
