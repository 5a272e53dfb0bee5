"""Notices are read, one or all, and are kept no longer than they serve."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from checklists.models import Notice, User

KEPT_FOR = timedelta(days=183)
"""A notice read or not is deleted after half a year: it is a pointer, what it points to stays."""


def read_notice(user: User, number: int) -> Notice | None:
    """Mark that notice of ``user`` as read and return it; ``None`` when it is not theirs or not shown to them."""
    notice = Notice.objects.shown_to(user).filter(pk=number).first()
    if notice and notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return notice


def read_notices_at(user: User, path: str) -> None:
    """Mark as read what led to ``path``, or to a place on it, and is opened without the notice. One query, or two."""
    led = Notice.objects.unread().filter(user=user, link__startswith=path)
    numbers = [notice.pk for notice in led if notice.link.partition("#")[0] == path]
    if numbers:
        Notice.objects.filter(pk__in=numbers).update(read_at=timezone.now())


def read_all_notices(user: User) -> int:
    """Mark every notice of ``user`` as read; how many were not."""
    return Notice.objects.unread().filter(user=user).update(read_at=timezone.now())


def drop_old_notices(now: datetime) -> int:
    """Delete the notices older than ``KEPT_FOR``, for everybody; how many."""
    return Notice.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
