"""Signing in by an OpenID Connect provider, on top of allauth: with a nonce, every token's signature checked, the level
of authentication checked, and user information that comes signed (ProConnect) read as well.

Sources: OpenID Connect Core 1.0, §3.1.2.1 (nonce, acr_values), §3.1.3.7 (checks of the ID token), §5.3.2 (signed user
information); RP-Initiated Logout 1.0, §2.
"""

from __future__ import annotations

import hmac
import logging
import time
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

from checklists.core.readable import readable
from checklists.services.people.prove_mailbox import prove_mailbox

log = logging.getLogger(__name__)

NONCE = "openid_nonce"
ID_TOKEN = "openid_id_token"  # noqa: S105 - the session's key for it, not a token
LARGEST = 256_000
"""Bytes of an answer of the provider."""
PATIENCE = 10
"""Seconds that one answer of the provider may take."""
ODD = (
    TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError, OverflowError, ValidationError,
    DatabaseError,
)  # fmt: skip
"""What answers of other types than the standard's make reading them raise."""
LONGEST_NAME = 150
LENGTH = 40
"""Characters of state and nonce; ProConnect asks for 32 at least."""


class BoundedSession(requests.Session):
    """Asks the provider: never for long, and never for more than ``LARGEST`` bytes."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["stream"] = True
        kwargs["timeout"] = min(kwargs.get("timeout") or PATIENCE, PATIENCE)
        response = super().request(*args, **kwargs)
        try:
            read, end = b"", time.monotonic() + PATIENCE
            for chunk in response.iter_content(16_384):
                read += chunk
                if len(read) > LARGEST or time.monotonic() > end:
                    raise requests.exceptions.ContentDecodingError("the provider's answer is too large or too slow")
        finally:
            response.close()
        response._content = read
        response._content_consumed = True
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> requests.Session:
        return BoundedSession()

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return get_random_string(LENGTH)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """A provider that opens an existing account vouches for its address: see ``prove_mailbox``."""
        if sociallogin._did_authenticate_by_email and prove_mailbox(sociallogin.user):
            # Whoever opened the account chose its password.
            sociallogin.user.set_unusable_password()
            sociallogin.user.save(update_fields=["password"])

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Any, str] | None:
        """Only an account of which the address is the own one: a second address may be anybody's."""
        found: tuple[Any, str] | None = super().authenticate_by_email(sociallogin)
        return found if found and found[0].email.lower() == found[1].lower() else None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(settings.OIDC_SIGNUP)


def person_of(told: dict[str, Any]) -> dict[str, Any]:
    """Of the user information, what is read here, each of its type: a provider may send any, under any name.

    ``email_verified`` is true where it is true, or says so as text or number (some providers' way), else false.
    Raises ``OAuth2Error`` where ``sub`` names nobody.
    """
    if not isinstance(told.get("sub"), str) or not told["sub"].strip() or "\0" in told["sub"] or len(told["sub"]) > 255:
        raise OAuth2Error("the user information names nobody")
    person: dict[str, Any] = {"sub": told["sub"]}
    # ProConnect names people by usual_name.
    for name, other in (("given_name", ""), ("family_name", "usual_name"), ("name", "")):
        texts = (told.get(name), told.get(other))
        person[name] = next((readable(text).strip()[:LONGEST_NAME] for text in texts if isinstance(text, str)), "")
    email = told.get("email")
    try:
        validate_email(email if isinstance(email, str) else "")
        person["email"] = email
    except ValidationError:
        person["email"] = ""
    verified = told.get("email_verified")
    said = str(verified).strip().lower() if isinstance(verified, str | int) else ""
    person["email_verified"] = said in ("true", "1") and bool(person["email"])
    return person


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):
    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """Raises ``OAuth2Error`` unless the ID token is signed, ours, asked for by this session and strong enough."""
        written = kwargs["response"].get("id_token", "")
        expected = request.session.pop(NONCE, "")
        if not written or not expected:
            raise OAuth2Error("no ID token, or none was asked for here")
        claims = self._read(app, written)
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        # §3.1.3.7, 3 to 5: meant for several, it says for whom it was made; it was made for us.
        if claims.get("azp", app.client_id if len(audience) == 1 else None) != app.client_id:
            raise OAuth2Error("the ID token was made for another client")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), expected.encode()):
            raise OAuth2Error("the ID token answers another request")
        if settings.OIDC_ACR_VALUES and str(claims.get("acr")) not in settings.OIDC_ACR_VALUES:
            raise OAuth2Error("authenticated less strongly than asked")
        person = self._userinfo(app, token.token)
        if not isinstance(person, dict) or person.get("sub") != claims["sub"]:
            raise OAuth2Error("the user information is somebody else's")
        request.session[ID_TOKEN] = written
        told = {"userinfo": person_of(person), "id_token": {"sub": claims["sub"], "iss": claims["iss"]}}
        return self.get_provider().sociallogin_from_response(request, told)

    def _userinfo(self, app: SocialApp, access_token: str) -> dict[str, Any]:
        with get_social_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            response.raise_for_status()
        if response.headers.get("Content-Type", "").startswith("application/jwt"):
            return self._read(app, response.text, is_userinfo=True)
        read: dict[str, Any] = response.json()
        return read

    def _read(self, app: SocialApp, written: str, *, is_userinfo: bool = False) -> dict[str, Any]:
        """What a signed token says. Only asymmetric signatures: the key is the provider's published one."""
        config = self.openid_config
        if not all(isinstance(config.get(name), str) and config[name] for name in ("issuer", "jwks_uri")):
            # Without its name no token could be known to be this provider's: the check would be left out.
            raise OAuth2Error("the provider does not say its name")
        try:
            algorithm, key = jwtkit.fetch_key(written, config["jwks_uri"], jwtkit.lookup_kid_jwk)
            # §5.3.2: signed user information should carry iss and aud; an ID token must, and must end.
            required = ["iss", "aud", "sub"] if is_userinfo else ["iss", "aud", "sub", "exp", "iat"]
            if algorithm not in ("RS256", "ES256", "PS256"):
                raise OAuth2Error("signed with an algorithm that is not accepted")
            read: dict[str, Any] = jwt.decode(
                written, key, algorithms=[algorithm], audience=app.client_id, issuer=config["issuer"], leeway=30,
                options={"require": required},
            )  # fmt: skip
        except (jwt.PyJWTError, KeyError) as error:
            raise OAuth2Error("invalid token") from error
        return read


class OpenIDProvider(OpenIDConnectProvider):
    oauth2_adapter_class = OpenIDAdapter

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, Any]:
        """What is asked of the provider is the instance's to say, not the address's."""
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> HttpResponse:
        nonce = request.session[NONCE] = get_random_string(LENGTH)
        kwargs["auth_params"] = (kwargs.get("auth_params") or self.get_auth_params()) | {"nonce": nonce}
        try:
            there: HttpResponse = super().redirect(request, process, *args, **kwargs)
            return there
        except (requests.RequestException, OAuth2Error, *ODD) as error:
            log.warning("the sign-in by a provider could not begin: %s", error)
            failed: HttpResponse = render_authentication_error(request, self, exception=error)
            return failed


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends the browser back to."""
    try:
        view = OAuth2CallbackView.adapter_view(OpenIDAdapter(request, provider_id))
        response: HttpResponse = view(request)
    except SocialApp.DoesNotExist:
        raise Http404("no such provider") from None
    except (requests.RequestException, *ODD) as error:
        log.warning("an answer of the provider could not be read: %s", error)
        failed: HttpResponse = render_authentication_error(request, provider_id, exception=error)
        return failed
    return response


def end_session_address(request: HttpRequest) -> str | None:
    """Where the browser goes to end its session at the provider too; ``None`` where there is no such session."""
    if not (written := request.session.get(ID_TOKEN)):
        return None
    try:
        provider = get_social_adapter().get_provider(request, "openid_connect")
        end = OpenIDAdapter(request, provider.app.provider_id).openid_config.get("end_session_endpoint")
    except (SocialApp.DoesNotExist, requests.RequestException, *ODD):
        return None  # Nobody stays signed in here because the provider does not answer.
    if not end:
        return None
    back = f"{settings.SITE_URL}{reverse('home')}"
    sent = {"id_token_hint": written, "post_logout_redirect_uri": back, "state": get_random_string(LENGTH)}
    return f"{end}?{urlencode(sent)}"
