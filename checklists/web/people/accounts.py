"""Signing up, in and out, on top of allauth; each leaves its entry in the trail."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social_signals
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils.translation import get_language

from checklists.services.notices.choose_mail import note_language
from checklists.services.people.found_organisation import found_organisation_unless_expected
from checklists.services.people.prove_mailbox import prove_mailbox
from checklists.services.trail.record import record, record_of_person
from checklists.web.people.account_forms import ORGANISATION
from checklists.web.people.openid import end_session_address
from checklists.web.people.second_factor import spend_code
from checklists.web.site.limits import client_address, network_of


class AccountAdapter(DefaultAccountAdapter):
    """Addresses in e-mails are the site's own; failures are counted by account and by who fails, not by account alone.

    A stranger who fails on purpose shuts himself out, not the account's owner. Failures of all addresses together are
    counted too, with a limit that one address cannot reach, and that does not count where the owner signed in before.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The provider's end of session, for who came in by it; else the first page."""
        return end_session_address(request) or str(super().get_logout_redirect_url(request))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """``context`` with its addresses at ``SITE_URL``, whichever host the request named."""
        ours = {name: at_home(value) if isinstance(value, str) else value for name, value in context.items()}
        host = urlsplit(settings.SITE_URL).netloc
        site = {"domain": host, "name": "Porte-clés", "home": settings.SITE_URL}
        super().send_mail(template_prefix, email, ours | {"current_site": site})

    def format_email_subject(self, subject: str) -> str:
        return " ".join(f"Porte-clés – {subject}".split())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{_typed(credentials)}:{network_of(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        login = _typed(credentials)
        known = UserSession.objects.filter(user__email__iexact=login, ip=client_address(request))
        self._everywhere = (
            None
            if known.exists()
            else ratelimit.consume(request, app="allauth.account", action="login_failed_anywhere", key=login)
        )
        if self._everywhere is None and not known.exists():
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if everywhere := getattr(self, "_everywhere", None):
            everywhere.rollback()


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").strip().lower()[:254]


def at_home(value: str) -> str:
    """An address of this site, whichever host it names, as one at ``SITE_URL``; any other text as it is."""
    parts = urlsplit(value) if value.startswith(("http://", "https://")) else None
    if parts is None:
        return value
    return str(settings.SITE_URL).rstrip("/") + urlunsplit(("", "", parts.path, parts.query, parts.fragment))


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
    post_save.connect(_on_factor_saved, sender=Authenticator, dispatch_uid="spend-first-code")
    for signal, kind in ACTS.items():
        signal.connect(_recorder(kind), weak=False, dispatch_uid=kind)


def _on_login(sender: Any, user: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    named = request.session.pop(ORGANISATION, "") if request is not None else ""
    found_organisation_unless_expected(user, named)
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


def _on_factor_saved(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """The code that proved a new authenticator is spent: it signs nobody in."""
    request = context.request
    if created and instance.type == Authenticator.Type.TOTP and request is not None:
        spend_code(instance, request.POST.get("code", ""))


def _on_linked(sender: Any, sociallogin: Any, **kwargs: Any) -> None:
    record_of_person("linked_account.added", sociallogin.user, actor=sociallogin.user)


def _recorder(kind: str) -> Any:
    def receiver(sender: Any, user: Any = None, socialaccount: Any = None, **kwargs: Any) -> None:
        user = user or socialaccount.user
        record_of_person(kind, user, actor=user)

    return receiver
