"""The second factor on top of allauth: kept encrypted, drawn without another library, and required of owners."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from typing import Any

import segno
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from checklists.core.people.permissions import Role
from checklists.core.typed_code import read_code
from checklists.models import User
from checklists.web.site.access import keep_form, memberships_of
from checklists.web.site.limits import network_of

OPEN = frozenset({"set_language", "choose-theme", "privacy", "accessibility", "home"})


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"second factor:{key!s}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def must_have_second_factor(user: User) -> bool:
    """Whether the instance asks one of this person: an owner, where ``REQUIRE_MFA_FOR_OWNERS``."""
    return bool(settings.REQUIRE_MFA_FOR_OWNERS) and user.memberships.filter(role=Role.OWNER).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted with the instance's key: a copy of the database alone makes no code."""

    def build_totp_svg(self, url: str) -> str:
        drawing = io.BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=2, light="#fff", xmldecl=False)
        return drawing.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        factors = Authenticator.objects.filter(user=authenticator.user_id)
        others = factors.exclude(pk=authenticator.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return others.exists() or not must_have_second_factor(authenticator.user)


def spend_code(authenticator: Authenticator, code: str) -> bool:
    """Whether ``code`` was not used before, nor a later one: from now on it is (RFC 6238, §5.2).

    The last time step that was accepted is kept with the authenticator, so that every process knows it.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = decrypt(row.data["secret"])
        steps = [step for step in totp.yield_hotp_counters_from_time()
                 if totp.format_hotp_value(totp.hotp_value(secret, step)) == normalize_user_code(code)]  # fmt: skip
        if not steps or max(steps) <= row.data.get("last_step", -1):
            return False
        row.data["last_step"] = max(steps)
        row.save(update_fields=["data"])
    authenticator.data = row.data
    return True


class _CodeOnce:
    """A code is accepted once; wrong ones are counted by account and by who sends them, as passwords are."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code = read_code(str(self.cleaned_data["code"]))
        key = f"mfa-auth-user-{self.user.pk}"
        limits = [("login_failed", f"{key}-{network_of(context.request)}"), ("login_failed_anywhere", key)]
        for action, counted in limits:
            if not ratelimit.consume(context.request, action=action, key=counted):
                raise get_account_adapter().validation_error("too_many_login_attempts")
        factors = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        for factor in factors:
            is_totp = factor.type == Authenticator.Type.TOTP
            if spend_code(factor, code) if is_totp else factor.wrap().validate_code(code):
                factor.user = self.user
                self.authenticator = factor
                for action, counted in limits:
                    ratelimit.clear(context.request, action=action, key=counted)
                return code
        if factors:
            self._emit_authentication_failed(min(factors, key=lambda factor: factor.type != Authenticator.Type.TOTP))
        raise get_mfa_adapter().validation_error("incorrect_code")

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]


class CodeForm(_CodeOnce, AuthenticateForm):
    pass


class CodeAgainForm(_CodeOnce, ReauthenticateForm):
    pass


class FirstCodeForm(ActivateTOTPForm):
    def clean_code(self) -> str:
        self.cleaned_data["code"] = read_code(str(self.cleaned_data["code"]))
        return str(super().clean_code())


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["passwordless"].label = _("Sign in with it alone, without a password (passkey)")
        self.fields["passwordless"].help_text = _("The key then asks for its own code or your fingerprint.")


class EditKeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class SecondFactorMiddleware:
    """Sends an owner without a second factor to the page that adds one; what they were sending is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.REQUIRE_MFA_FOR_OWNERS or _is_open(request) or not request.user.is_authenticated:
            return None
        is_owner = any(membership.role == Role.OWNER for membership in memberships_of(request))
        if not is_owner or is_mfa_enabled(request.user):
            return None
        target = reverse("mfa_index")
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(target)
        keep_form(request)
        messages.warning(request, _("Owners of an organisation need a second factor here. Add one to go on."))
        return redirect(target)


def _is_open(request: HttpRequest) -> bool:
    """What one needs to add a factor, and what is open to everybody."""
    match = request.resolver_match
    name = match.url_name if match else None
    return request.path.startswith("/account/") or name in OPEN
