"""What proving a mailbox does to an account whose address nobody had verified: it becomes its holder's alone.

Anybody may sign up with the address of somebody else. Whoever then opens a link sent to that address (an invitation, a
reset, a provider that vouches for it) is its holder; what another may have put on the account before goes.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from checklists.models import User
from checklists.services.trail.record import record_of_person


def is_proven(user: User) -> bool:
    """Whether the address ``user`` signs in with was ever verified; another address of the account does not count."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


@transaction.atomic
def prove_mailbox(user: User, *, keep_session: str | None = None) -> bool:
    """``user`` holds the mailbox of ``user.email``: it is verified now. Whether it was not before.

    Then every other address, authenticator and linked account of the account goes, and every session but
    ``keep_session``, the key of that of whoever proved it.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if is_proven(locked):
        return False
    EmailAddress.objects.filter(email__iexact=locked.email, verified=True).exclude(user=locked).delete()
    EmailAddress.objects.filter(user=locked).delete()
    EmailAddress.objects.create(user=locked, email=locked.email.lower(), verified=True, primary=True)
    Authenticator.objects.filter(user=locked).delete()
    SocialAccount.objects.filter(user=locked).delete()
    _end_sessions(locked, keep_session)
    record_of_person("address.proven", locked, actor=locked)
    return True


def _end_sessions(user: User, kept: str | None) -> None:
    """All of them, those that the list of sessions does not know included."""
    UserSession.objects.filter(user=user).exclude(session_key=kept or "").delete()
    open_ones = Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=kept or "")
    for session in open_ones.iterator(500):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
