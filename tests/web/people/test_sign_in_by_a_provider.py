"""OpenID Connect against a provider that runs for real, in its own process; and one that lies."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as configured
from django.core import mail
from django.test import Client

from checklists.models import User
from tests.figures import count

ACR = "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.openid_provider"]
    with subprocess.Popen(command, cwd=configured.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


@pytest.fixture(autouse=True)
def linked(provider: str, settings: Any, edition: object) -> None:
    known = configured.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    app = {
        "provider_id": "sso",
        "name": "ProConnect",
        "client_id": "porte-cles",
        "secret": "client secret",
        "settings": {
            "server_url": provider,
            "scope": ["openid", "given_name", "usual_name", "email", "uid"],
            "auth_params": {"acr_values": ACR},
            "oauth_pkce_enabled": True,
            "verified_email": True,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": known | {"APPS": [app]}}
    settings.OIDC_ACR_VALUES = [ACR]
    behave(provider)


def behave(provider: str, **how: Any) -> None:
    requests.post(f"{provider}/behave", json=how, timeout=5)


def leave(browser: Client) -> str:
    """Where the provider sends the browser back to, after signing in there."""
    response = browser.post("/account/oidc/sso/login/?process=login")
    assert response.status_code == 302
    back = requests.get(response["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return back.removeprefix("http://testserver")


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_the_sign_in_page_offers_the_provider() -> None:
    page = Client(headers={"Accept-Language": "en"}).get("/account/login/").content.decode()
    assert "Sign in with ProConnect" in page


@pytest.mark.parametrize("signed", [False, True])
def test_a_person_known_to_the_provider_comes_in(provider: str, signed: bool) -> None:
    behave(provider, signed_userinfo=signed)
    browser = Client()
    assert browser.get(leave(browser)).status_code == 302
    user = User.objects.get(email="agent@ministere.example")
    assert (user.first_name, user.last_name) == ("Zoé", "Durand")
    assert user.organisations.count() == 1
    assert user.emailaddress_set.get().verified
    assert browser.get("/assessments/").status_code == 200
    again = Client()
    again.get(leave(again))
    assert again.session["_auth_user_id"] == str(user.pk)
    assert mail.outbox == []


def test_what_is_asked_follows_the_conventions(provider: str) -> None:
    address = Client().post("/account/oidc/sso/login/?scope=all&auth_params=acr_values%3Dlow")["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["acr_values"] == ACR
    assert set(asked["scope"].split()) == {"openid", "given_name", "usual_name", "email", "uid"}
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["code_challenge_method"] == "S256"


def test_signing_out_ends_the_providers_session_too(provider: str) -> None:
    browser = Client()
    browser.get(leave(browser))
    address = browser.post("/account/logout/")["Location"]
    assert address.startswith(f"{provider}/end?")
    sent = parse_qs(urlsplit(address).query)
    assert sent["post_logout_redirect_uri"] == [f"{configured.SITE_URL}/"]
    assert sent["id_token_hint"]
    assert not is_in(browser)


def test_an_address_that_has_an_account_here_is_not_taken_over(provider: str, officer: User) -> None:
    behave(provider, userinfo={"email": officer.email})
    browser = Client()
    browser.get(leave(browser))
    assert not is_in(browser)


def test_when_the_provider_does_not_answer_the_page_says_so(settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    response = Client().post("/account/oidc/sso/login/")
    assert response.status_code < 500
    assert "<main" in response.content.decode()


def test_no_forged_replayed_or_weak_answer_lets_anybody_in(provider: str) -> None:
    past = int(time.time()) - 3600
    lies: list[dict[str, Any]] = [
        {"forged": True},
        {"unsigned": True},
        {"symmetric": True},
        {"denied": True},
        {"claims": {"nonce": "another request's"}},
        {"claims": {"nonce": ""}},
        {"claims": {"aud": "another client"}},
        {"claims": {"iss": "http://elsewhere.example"}},
        {"claims": {"exp": past}},
        {"claims": {"acr": "eidas1"}},
        {"claims": {"sub": "43"}},
        {"userinfo": {"sub": "43"}},
        {"signed_userinfo": True, "forged": True},
    ]
    tried = accepted = 0
    for lie in lies:
        behave(provider, **lie)
        browser = Client()
        response = browser.get(leave(browser))
        assert response.status_code < 500
        tried += 1
        accepted += is_in(browser)
    behave(provider)
    browser = Client()
    used = leave(browser)
    browser.get(used)
    assert is_in(browser)
    thief, fresh = Client(), Client()
    state = parse_qs(urlsplit(leave(fresh)).query)["state"][0]
    for address in (used, used.replace("state=", "state=x"), f"/account/oidc/sso/login/callback/?code=x&state={state}"):
        for who in (thief, fresh):
            assert who.get(address).status_code < 500
            tried += 1
            accepted += is_in(who)
    count("forged, replayed and weak answers of a provider", "accepted", tried=tried, faults=accepted)
    assert accepted == 0


@pytest.mark.parametrize(
    ("said", "read"),
    [("true", True), ("TRUE", True), (1, True), ("1", True), (True, True),
     ("false", False), ("", False), ("yes, surely", False), (0, False), (None, False), ({}, False), ([True], False)],
)  # fmt: skip
def test_a_verified_address_is_read_in_whatever_type_it_is_said(
    provider: str, settings: Any, said: Any, read: bool
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["verified_email"] = False
    behave(provider, userinfo={"email": "claire@hopital.example", "email_verified": said})
    browser = Client()
    assert browser.get(leave(browser)).status_code < 500
    assert User.objects.get().emailaddress_set.get().verified is read


@pytest.mark.parametrize(
    "odd",
    [
        {"email": ["a@b.example"]}, {"email": {"a": 1}}, {"email": "no address"}, {"email": "x" * 5000 + "@b.example"},
        {"given_name": ["Zoé"]}, {"given_name": "Z" * 5000}, {"family_name": 7}, {"usual_name": {"a": None}},
        {"given_name": "Zo\u0000é"}, {"name": 1e308}, {"sub": 42}, {"sub": ["42"]}, {"locale": {"a": "\u0000"}},
        {"preferred_username": [1]}, {"picture": 3, "user_id": {}}, {"email_verified": {"true": True}},
    ],
)  # fmt: skip
def test_user_information_of_odd_types_is_no_error_of_the_site(provider: str, odd: dict[str, Any]) -> None:
    behave(provider, userinfo=odd)
    browser = Client()
    assert browser.get(leave(browser)).status_code < 500


HUGE = "x" * 300_000
DEEP: Any = json.loads("[" * 500 + "]" * 500)
ODD_ANSWERS: list[dict[str, Any]] = [
    *({"claims": {"azp": azp}} for azp in ("another client", ["porte-cles"], 7)),
    {"claims": {"aud": ["porte-cles", "another client"]}},
    {"claims": {"aud": ["porte-cles", "another client"], "azp": "another client"}},
    *({"claims": {"aud": aud}} for aud in ([], {}, None, ["another client"])),
    *({"claims": {name: odd}} for name in ("exp", "iat", "iss", "sub", "nonce", "acr") for odd in ([], None)),
    *({"token": odd} for odd in ([], None, {"error": {}}, HUGE, DEEP)),
    *({"tokens": {"id_token": odd}} for odd in ([], "a.b.c", HUGE)),
    {"tokens": {"access_token": {}}},
    *({"told": odd} for odd in ([], "x", {}, HUGE)),
    *({"keys": odd} for odd in ([], {"keys": [1]}, {"keys": [{"kid": "1", "kty": []}]})),
]
ODD_DISCOVERIES: list[dict[str, Any]] = [
    *({"discovery": odd} for odd in ([], "x", None, 7, {}, {"issuer": 7}, HUGE, DEEP)),
    *({"found": {"authorization_endpoint": odd}}
      for odd in ([], "", "javascript:alert(1)", "file:///etc/passwd", "http://[", "\r\nSet-Cookie: a=b")),
]  # fmt: skip
ODD_LATER: list[dict[str, Any]] = [
    {"found": {name: odd}}
    for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri", "issuer")
    for odd in ([], None, "file:///etc/passwd")
]


def test_an_answer_of_the_provider_that_is_no_answer_lets_nobody_in_and_breaks_nothing(provider: str) -> None:
    tried = faults = 0
    for lie in ODD_ANSWERS:
        behave(provider, **lie)
        browser = Client()
        response = browser.get(leave(browser))
        tried += 1
        faults += response.status_code >= 500 or is_in(browser)
        assert response.status_code < 500, lie
        assert not is_in(browser), lie
    count("odd answers of a provider", "accepted, or breaking the site", tried=tried, faults=faults)


def test_a_hostile_discovery_document_sends_nobody_elsewhere_and_breaks_nothing(provider: str) -> None:
    tried = faults = 0
    for lie in ODD_DISCOVERIES:
        behave(provider, **lie)
        response = Client().post("/account/oidc/sso/login/?process=login")
        tried += 1
        assert response.status_code < 500, lie
        there = response.headers.get("Location", "")
        faults += there.startswith(("javascript:", "file:")) or "Set-Cookie" in str(response.headers)
        assert not there.startswith(("javascript:", "file:")), lie
    for lie in ODD_LATER:
        behave(provider)
        browser = Client()
        back = leave(browser)
        behave(provider, **lie)
        response = browser.get(back)
        tried += 1
        faults += is_in(browser)
        assert response.status_code < 500, lie
        assert not is_in(browser), lie
        browser.post("/account/logout/")
    count("hostile discovery documents", "followed, or breaking the site", tried=tried, faults=faults)


def test_an_id_token_for_several_that_was_made_for_us_is_read(provider: str) -> None:
    behave(provider, claims={"aud": ["porte-cles", "another client"], "azp": "porte-cles"})
    browser = Client()
    browser.get(leave(browser))
    assert is_in(browser)
