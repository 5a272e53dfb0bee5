"""A passkey of software, which lies as no chip does; and answers that no passkey ever gives."""

from __future__ import annotations

import copy
import html
import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from checklists.models import User
from tests.figures import count
from tests.passkeys import Passkey

LOGIN, ADD = "/account/second-factor/webauthn/login/", "/account/second-factor/webauthn/add/"
AGAIN = "/account/second-factor/webauthn/reauthenticate/"


def asked_to_sign_in(browser: Client) -> dict[str, Any]:
    options: dict[str, Any] = browser.get(LOGIN, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    return options["request_options"]


def in_page(page: str, name: str) -> dict[str, Any]:
    """What a page hands to its script."""
    found = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found, page
    options: dict[str, Any] = json.loads(html.unescape(found.group(1)))[name]
    return options


def asked_to_register(browser: Client) -> dict[str, Any]:
    response = browser.get(ADD)
    if response.status_code == 302:  # A key is added by who gives the password once more.
        response = browser.post(response["Location"], {"password": "a long pass phrase"}, follow=True)
    return in_page(response.content.decode(), "creation_options")


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.fixture
def signed(officer: User, settings: Any) -> Client:
    cache.clear()  # The attempts of other tests count in the same memory.
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    browser = Client()
    browser.post("/account/login/", {"login": officer.email, "password": "a long pass phrase"})
    assert is_in(browser)
    return browser


@pytest.fixture
def passkey(signed: Client) -> Passkey:
    made = Passkey(origin="https://testserver")
    sent = {"name": "Laptop", "passwordless": "on", "credential": json.dumps(made.register(asked_to_register(signed)))}
    assert signed.post(ADD, sent).status_code == 302
    return made


def test_it_signs_in_alone(passkey: Passkey, officer: User) -> None:
    browser = Client()
    browser.post(LOGIN, {"credential": json.dumps(passkey.sign_in(asked_to_sign_in(browser)))})
    assert browser.session["_auth_user_id"] == str(officer.pk)


def test_no_lie_signs_in(passkey: Passkey, officer: User, stranger: User) -> None:
    tried = accepted = 0

    def send(browser: Client, credential: Any) -> None:
        nonlocal tried, accepted
        response = browser.post(LOGIN, {"credential": json.dumps(credential)})
        assert response.status_code < 500
        tried += 1
        accepted += is_in(browser)

    browser = Client()
    good = passkey.sign_in(asked_to_sign_in(browser))
    thief = Client()
    send(thief, good)  # Without having been asked.
    asked_to_sign_in(thief)
    send(thief, good)  # In answer to another question.
    browser.post(LOGIN, {"credential": json.dumps(good)})
    assert is_in(browser)
    browser.logout()
    send(browser, good)  # A second time.
    forged = Passkey(origin=passkey.origin, handle=passkey.handle, number=passkey.number)
    send(thief, forged.sign_in(asked_to_sign_in(thief)))  # Another chip under the same number.
    for change in ({"site": "evil.example"}, {"origin": "https://evil.example"}, {"verified": False}):
        lying = copy.copy(passkey)
        for name, value in change.items():
            setattr(lying, name, value)
        send(thief, lying.sign_in(asked_to_sign_in(thief)))
    mine = Passkey(origin=passkey.origin)
    other = Client()
    other.post("/account/login/", {"login": stranger.email, "password": "a long pass phrase"})
    sent = {"name": "x", "passwordless": "on", "credential": json.dumps(mine.register(asked_to_register(other)))}
    assert other.post(ADD, sent).status_code == 302
    mine.handle = passkey.handle
    send(thief, mine.sign_in(asked_to_sign_in(thief)))  # One's own key, somebody else's name.
    count("lies of a passkey", "accepted", tried=tried, faults=accepted)
    assert accepted == 0


ODD: list[Any] = [None, 1, [], {}, "\0é"]


def malformed(good: dict[str, Any]) -> list[Any]:
    """``good`` with each of its parts odd, or gone; and what is no answer at all."""
    found: list[Any] = [*ODD, {"response": {}}, {"response": None}, {"response": []}]
    for name in good:
        found += [good | {name: odd} for odd in ODD] + [{k: v for k, v in good.items() if k != name}]
    for name in good["response"]:
        found += [good | {"response": good["response"] | {name: odd}} for odd in ODD]
        found.append(good | {"response": {k: v for k, v in good["response"].items() if k != name}})
    return found


@pytest.mark.parametrize("page", ["sign in", "add", "sign in again"])
def test_an_answer_no_passkey_gives_is_no_error_of_the_site(page: str, passkey: Passkey, signed: Client) -> None:
    tried = broken = entered = 0
    browser = Client() if page == "sign in" else signed
    address = {"sign in": LOGIN, "add": ADD, "sign in again": AGAIN}[page]
    before = Authenticator.objects.count()
    for bad in malformed(_good(page, passkey, browser)):
        response = browser.post(address, {"credential": json.dumps(bad), "name": "x"})
        tried += 1
        broken += response.status_code >= 500
        assert response.status_code < 500, bad
        # Parts that the standard lets browsers leave out, or that nothing rests on, may be odd.
        if page == "sign in" and is_in(browser):
            entered += 1
            browser = Client()
            asked_to_sign_in(browser)
    assert entered <= 1
    assert Authenticator.objects.count() <= before + 1
    count("malformed answers of a passkey", "that broke the site", tried=tried, faults=broken)
    assert broken == 0


def _good(page: str, passkey: Passkey, browser: Client) -> dict[str, Any]:
    if page == "add":
        return Passkey(origin=passkey.origin).register(asked_to_register(browser))
    if page == "sign in again":
        return passkey.sign_in(in_page(browser.get(AGAIN).content.decode(), "request_options"))
    return passkey.sign_in(asked_to_sign_in(browser))


def test_a_key_is_not_added_for_an_answer_that_is_not_its_own(passkey: Passkey, signed: Client) -> None:
    before = Authenticator.objects.count()
    options = asked_to_register(signed)
    elsewhere = Passkey(origin="https://evil.example").register(options)
    signed.post(ADD, {"name": "x", "credential": json.dumps(elsewhere)})
    assert Authenticator.objects.count() == before
