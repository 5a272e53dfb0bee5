"""Long work in the background: a thread of the site, or the operator's ``manage.py db_worker`` on the same database.

What waits is in the database either way: after a restart the next person who looks sets the work going again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)


class Background:
    """One kind of work: ``task`` does all that waits, ``is_due`` says whether anything does."""

    def __init__(self, name: str, task: Task[[], int], is_due: Callable[[], bool]) -> None:
        self.name, self.task, self.is_due = name, task, is_due
        self._going = threading.Lock()

    def set_going(self) -> None:
        """Have what waits done, once the current transaction is committed; at most one thread a process."""
        transaction.on_commit(self._set_going)

    def _set_going(self) -> None:
        if not self.is_due():
            return
        if settings.REPORT_WORKER:
            # One call waiting for the worker is enough, however often people look.
            if not DBTaskResult.objects.ready().filter(task_path=self.task.module_path).exists():
                self.task.enqueue()
        elif self._going.acquire(blocking=False):
            threading.Thread(target=self._work_in_thread, name=self.name, daemon=True).start()

    def _work_in_thread(self) -> None:
        try:
            self.task.func()
        except Exception:
            log.exception("%s stopped", self.name)
        finally:
            self._going.release()
            connection.close()
