"""End a session of one's own on another browser."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction

from checklists.models import User
from checklists.services.trail.record import record_of_person


@transaction.atomic
def end_own_session(user: User, pk: int) -> bool:
    """Whether ``user`` had that session; it is ended at once, on the server."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    session.end()
    record_of_person("session.ended", user, actor=user)
    return True
