"""What every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Value
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from checklists.models import Invitation, Notice
from checklists.web.site.access import current_membership, memberships_of, permissions_here
from checklists.web.site.theme import SCHEMES, THEMES, theme_of


def site(request: HttpRequest) -> dict[str, Any]:
    """``may`` says what the reader may do with what the page shows: ``{% if may.answer %}``."""
    theme = theme_of(request)
    return {
        "theme": theme,
        "themes": THEMES,
        "colour_scheme": SCHEMES[theme],
        "signup_open": settings.SIGNUP_OPEN,
        "languages": settings.LANGUAGES,
        "may": SimpleLazyObject(lambda: permissions_here(request)),
        "memberships": SimpleLazyObject(lambda: memberships_of(request)),
        "unread_notices": SimpleLazyObject(lambda: _unread_notices(request)),
        "membership": SimpleLazyObject(lambda: current_membership(request)),
    }


def _unread_notices(request: HttpRequest) -> int:
    """How many notices the reader has not read, and invitations they have not answered. One query."""
    if not request.user.is_authenticated:
        return 0
    notices = Notice.objects.shown_to(request.user).unread().order_by().values(one=Value(1))
    invitations = Invitation.objects.open().filter(email__iexact=request.user.email).order_by().values(one=Value(1))
    return notices.union(invitations, all=True).count()
