"""Send what waits, in the background: by the worker, or by a thread of the site without one."""

from __future__ import annotations

import threading
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from checklists.models import WebhookMessage
from checklists.services.jobs.background import Background


@task()
def send_waiting_messages() -> int:
    """Send every message that is due, and come back when the next one is; how many were tried."""
    from checklists.services.webhooks.deliver import send_due

    tried = send_due()
    _come_back()
    return tried


def is_any_due() -> bool:
    return WebhookMessage.objects.due(timezone.now()).exists()


_sending = Background("webhooks", send_waiting_messages, is_any_due)


def set_sending() -> None:
    """Have what is due sent, once the current transaction is committed."""
    _sending.set_going()


def next_due() -> datetime | None:
    """When the next message that failed is to be tried again."""
    waiting = WebhookMessage.objects.filter(state=WebhookMessage.State.WAITING, webhook__disabled_at=None)
    found: datetime | None = waiting.aggregate(next=Min("next_try_at"))["next"]
    return found


def _come_back() -> None:
    at = next_due()
    if at is None:
        return
    if settings.BACKGROUND_WORKER:
        path = send_waiting_messages.module_path
        is_planned = DBTaskResult.objects.filter(task_path=path, status="READY", run_after__lte=at).exists()
        if not is_planned:
            send_waiting_messages.using(run_after=at).enqueue()
        return
    if connection.in_atomic_block:  # A test's: it asks again by itself.
        return
    timer = threading.Timer(max(1.0, (at - timezone.now()).total_seconds()), _sending._set_going)
    timer.daemon = True
    timer.start()
