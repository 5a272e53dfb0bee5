"""Signing up, in and out, on top of allauth; each leaves its entry in the trail."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as social_signals
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils.translation import get_language

from checklists.services.notices.choose_mail import note_language
from checklists.services.people.found_organisation import found_organisation_unless_expected
from checklists.services.people.prove_mailbox import prove_mailbox
from checklists.services.trail.record import record, record_of_person
from checklists.web.people.openid import end_session_address


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The provider's end of session, for who came in by it; else the first page."""
        return end_session_address(request) or str(super().get_logout_redirect_url(request))


ACTS = {
    account_signals.user_signed_up: "person.signed_up",
    account_signals.password_set: "password.set",
    account_signals.password_changed: "password.changed",
    account_signals.password_reset: "password.reset",
    account_signals.email_changed: "email.changed",
    mfa_signals.authenticator_added: "second_factor.added",
    mfa_signals.authenticator_removed: "second_factor.removed",
    mfa_signals.authenticator_reset: "second_factor.reset",
    mfa_signals.authentication_failed: "second_factor.refused",
    social_signals.social_account_removed: "linked_account.removed",
}


def connect() -> None:
    """A person who signs in for the first time gets an organisation, unless one expects them."""
    user_logged_in.connect(_on_login, dispatch_uid="sign-in")
    user_logged_out.connect(_on_logout, dispatch_uid="sign-out")
    user_login_failed.connect(_on_failure, dispatch_uid="failed-sign-in")
    social_signals.social_account_added.connect(_on_linked, dispatch_uid="linked-account")
    account_signals.password_reset.connect(_on_reset, dispatch_uid="reset-proves-mailbox")
    for signal, kind in ACTS.items():
        signal.connect(_recorder(kind), weak=False, dispatch_uid=kind)


def _on_login(sender: Any, user: Any, **kwargs: Any) -> None:
    found_organisation_unless_expected(user)
    note_language(user, get_language() or settings.LANGUAGE_CODE)
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


def _on_reset(sender: Any, user: Any, **kwargs: Any) -> None:
    """The link was sent to the account's own address, unless another of its addresses was verified after it was."""
    prove_mailbox(user)


def _on_linked(sender: Any, sociallogin: Any, **kwargs: Any) -> None:
    record_of_person("linked_account.added", sociallogin.user, actor=sociallogin.user)


def _recorder(kind: str) -> Any:
    def receiver(sender: Any, user: Any = None, socialaccount: Any = None, **kwargs: Any) -> None:
        user = user or socialaccount.user
        record_of_person(kind, user, actor=user)

    return receiver
