"""Work in the background: a thread of the site, or the operator's ``manage.py db_worker`` on the same database.

The setting ``BACKGROUND_WORKER`` says which, for reports, impacts, drafts of PDF and e-mails alike. What waits is in
the database either way: after a restart the next call sets the work going again.
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
        self._wanted = threading.Event()

    def set_going(self) -> None:
        """Have what waits done once the current transaction is committed; at most one thread a process."""
        transaction.on_commit(self._set_going, robust=True)

    def _set_going(self) -> None:
        if not self.is_due():
            return
        if not settings.BACKGROUND_WORKER:
            self._start_thread()
        # One call waiting for the worker is enough, however often people look.
        elif not DBTaskResult.objects.ready().filter(task_path=self.task.module_path).exists():
            self.task.enqueue()

    def _start_thread(self) -> None:
        self._wanted.set()
        if self._going.acquire(blocking=False):
            threading.Thread(target=self._work_in_thread, name=self.name, daemon=True).start()

    def _work_in_thread(self) -> None:
        try:
            while self._wanted.is_set():
                self._wanted.clear()
                self.task.func()
        except Exception:
            log.exception("%s stopped", self.name)
        finally:
            connection.close()
            self._going.release()
        if self._wanted.is_set():  # Something was asked for between the last look and the release.
            self._start_thread()
