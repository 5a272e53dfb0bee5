"""Signing up, in and out, on top of allauth; each leaves its entry in the trail."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from checklists.services.found_organisation import found_organisation_unless_expected
from checklists.services.trail import record, record_of_person


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)


ACTS = {
    account_signals.user_signed_up: "person.signed_up",
    account_signals.password_set: "password.set",
    account_signals.password_changed: "password.changed",
    account_signals.password_reset: "password.reset",
    account_signals.email_changed: "email.changed",
}


def connect() -> None:
    """A person who signs in for the first time gets an organisation, unless one expects them."""
    user_logged_in.connect(_on_login, dispatch_uid="sign-in")
    user_logged_out.connect(_on_logout, dispatch_uid="sign-out")
    user_login_failed.connect(_on_failure, dispatch_uid="failed-sign-in")
    for signal, kind in ACTS.items():
        signal.connect(_recorder(kind), weak=False, dispatch_uid=kind)


def _on_login(sender: Any, user: Any, **kwargs: Any) -> None:
    found_organisation_unless_expected(user)
    record_of_person("person.signed_in", user, actor=user)


def _on_logout(sender: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record_of_person("person.signed_out", user, actor=user)


def _on_failure(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    from checklists.models import User

    address = credentials.get("email") or credentials.get("username") or ""
    person = User.objects.filter(email__iexact=str(address)).first()
    if person:
        record_of_person("person.refused", person)
    else:
        # An address nobody has here: whose it is, the trail does not say.
        record("person.refused", organisation=None, subject_type="user")


def _recorder(kind: str) -> Any:
    def receiver(sender: Any, user: Any, **kwargs: Any) -> None:
        record_of_person(kind, user, actor=user)

    return receiver
