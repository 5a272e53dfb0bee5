"""The press in the background: a thread of the site, or the operator's ``manage.py db_worker`` on the same database.

What waits is in the database either way: after a restart the next person who looks sets the press going again.
"""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.db import connection, transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from checklists.reports.press import work_off
from checklists.services.print_queue import is_anything_due

log = logging.getLogger(__name__)
_going = threading.Lock()


@task()
def print_waiting_reports() -> int:
    """Make every report that waits; how many were tried."""
    return work_off()


def set_going() -> None:
    """Have what waits made, once the current transaction is committed; at most one thread a process."""
    transaction.on_commit(_set_going)


def _set_going() -> None:
    if not is_anything_due():
        return
    if settings.REPORT_WORKER:
        # One call waiting for the worker is enough, however often people look.
        if not DBTaskResult.objects.ready().filter(task_path=print_waiting_reports.module_path).exists():
            print_waiting_reports.enqueue()
    elif _going.acquire(blocking=False):
        threading.Thread(target=_work_in_thread, name="press", daemon=True).start()


def _work_in_thread() -> None:
    try:
        work_off()
    except Exception:
        log.exception("the press stopped")
    finally:
        _going.release()
        connection.close()
