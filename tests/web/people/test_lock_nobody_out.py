"""A stranger who fails on purpose shuts himself out; e-mails name the site; codes are spent once."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from checklists.models import User
from tests.figures import count

PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def proxied(db: None, settings: Any) -> None:
    cache.clear()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def browser(address: str) -> Client:
    return Client(headers={"X-Forwarded-For": address, "Accept-Language": "en"})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_failures_of_one_address_do_not_lock_the_owner_out_at_another(officer: User) -> None:
    stranger, owner = browser("203.0.113.7"), browser("203.0.113.8")
    for _each in range(30):
        stranger.post("/account/login/", {"login": officer.email, "password": "wrong"})
    stranger.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    owner.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    count("owners locked out by a stranger's failures", "accepted", tried=1, faults=not is_in(owner))
    assert not is_in(stranger)
    assert is_in(owner)


def test_failures_of_many_addresses_are_bounded_but_not_where_the_owner_was_before(
    officer: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_anywhere": "4/d/key"}
    known = browser("203.0.113.8")
    known.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    for last in range(20, 26):
        browser(f"203.0.113.{last}").post("/account/login/", {"login": officer.email, "password": "wrong"})
    another = browser("203.0.113.99")
    another.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    assert not is_in(another)
    again = browser("203.0.113.8")
    again.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    assert is_in(again)


def code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_wrong_codes_of_one_address_do_not_lock_the_owner_out_at_another(officer: User) -> None:
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    stranger, owner = browser("203.0.113.7"), browser("203.0.113.8")
    stranger.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    for _each in range(12):
        stranger.post("/account/second-factor/authenticate/", {"code": "000000"})
    stranger.post("/account/second-factor/authenticate/", {"code": code(secret)})
    owner.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    owner.post("/account/second-factor/authenticate/", {"code": code(secret)})
    assert not is_in(stranger)
    assert is_in(owner)


def test_the_code_that_enrolled_a_factor_is_spent(officer: User) -> None:
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    owner = browser("203.0.113.8")
    owner.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    owner.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = owner.get("/account/second-factor/totp/activate/").context["form"].secret
    typed = code(secret)
    owner.post("/account/second-factor/totp/activate/", {"code": typed})
    assert Authenticator.objects.filter(user=officer, type="totp").exists()
    cache.clear()
    thief = browser("203.0.113.7")
    thief.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    thief.post("/account/second-factor/authenticate/", {"code": typed})
    count("codes spent at enrolment", "accepted", tried=1, faults=is_in(thief))
    assert not is_in(thief)


def test_every_address_in_a_mail_is_the_sites_own(officer: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://porte-cles.hopital.example"
    forged = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}
    client = Client()
    client.post("/account/password/reset/", {"email": officer.email}, **forged)
    client.post("/account/password/reset/", {"email": "nobody@ailleurs.example"}, **forged)
    password = {"password1": "quite another phrase", "password2": "quite another phrase"}
    client.post("/account/signup/", {"email": officer.email} | password, **forged)
    client.post("/account/signup/", {"email": "new@ailleurs.example"} | password, **forged)
    assert len(mail.outbox) >= 4
    led = [message for message in mail.outbox if "evil.example" in f"{message.subject} {message.body}"]
    count("mails asked for under another host", "that name it", tried=len(mail.outbox), faults=len(led))
    assert not led
    assert any(
        "https://porte-cles.hopital.example/account/password/reset/key/" in str(each.body) for each in mail.outbox
    )


def test_deleting_an_account_asks_for_the_password(officer: User) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer)
    assert "Your password" in client.get("/person/delete/").content.decode()
    for sent in ({}, {"password": ""}, {"password": "wrong one entirely"}):
        assert client.post("/person/delete/", {"email": officer.email} | sent).status_code == 422
    assert User.objects.filter(pk=officer.pk).exists()
    client.post("/person/delete/", {"email": officer.email, "password": PASSWORD})
    assert not User.objects.filter(pk=officer.pk).exists()
