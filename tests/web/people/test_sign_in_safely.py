"""Second factor, passkeys, sessions, rate limits, and every reset, session and code that must open nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from checklists.models import TrailEntry, User
from tests.at_once import at_once
from tests.figures import count

PASSWORD = "a long pass phrase"
ANOTHER = "quite another long phrase"


@pytest.fixture(autouse=True)
def no_attempts_counted_before(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD):
    return client.post("/account/login/", {"login": user.email, "password": password})


def code(secret: str, steps: int = 0) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time())) + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.fixture
def verified(officer: User) -> User:
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    return officer


@pytest.fixture
def secret(verified: User) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(verified, secret)
    return secret


def test_an_authenticator_is_set_up_by_scanning_or_typing_its_secret(
    verified: User, django_capture_on_commit_callbacks: Any
) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    sign_in(browser, verified)
    asked = browser.get("/account/second-factor/totp/activate/")["Location"]
    assert "/account/reauthenticate/" in asked
    browser.post(asked, {"password": PASSWORD})
    page = browser.get("/account/second-factor/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        sent = browser.post("/account/second-factor/totp/activate/", {"code": code(secret)})
    assert sent.status_code == 302
    stored = Authenticator.objects.get(user=verified, type="totp").data["secret"]
    assert secret not in stored
    assert Authenticator.objects.filter(user=verified, type="recovery_codes").exists()
    assert TrailEntry.objects.filter(kind="second_factor.added", actor=verified.pk).exists()


def test_a_password_alone_no_longer_opens_and_a_code_does(verified: User, secret: str) -> None:
    browser = Client()
    assert sign_in(browser, verified)["Location"].endswith("/second-factor/authenticate/")
    assert "/account/login/" in browser.get("/assessments/")["Location"]
    assert browser.post("/account/second-factor/authenticate/", {"code": "000000"}).status_code == 200
    assert browser.post("/account/second-factor/authenticate/", {"code": code(secret)}).status_code == 302
    assert browser.get("/assessments/").status_code == 200


def test_the_administration_has_the_same_door(verified: User, secret: str) -> None:
    User.objects.filter(pk=verified.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    response = browser.post("/admin/login/?next=/admin/", {"username": verified.email, "password": PASSWORD})
    assert "/account/login/" in response["Location"]
    assert "_auth_user_id" not in browser.session


def test_an_owner_adds_a_second_factor_before_anything_else(desk: Client, officer: User, settings: object) -> None:
    settings.REQUIRE_MFA_FOR_OWNERS = True  # type: ignore[attr-defined]
    sent = {"name": "Registre des tumeurs", "reference_date": "2026-01-01"}
    response = desk.post("/assessments/new/", sent)
    assert response["Location"] == "/account/second-factor/"
    assert "Owners of an organisation" in desk.get("/account/second-factor/").content.decode()
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    assert "Registre des tumeurs" in desk.get("/assessments/new/").content.decode()


def test_who_owns_nothing_is_not_asked(stranger: User, officer: User, settings: object) -> None:
    settings.REQUIRE_MFA_FOR_OWNERS = True  # type: ignore[attr-defined]
    stranger.memberships.update(role="contributor")
    browser = Client()
    browser.force_login(stranger)
    assert browser.get("/assessments/").status_code == 200


def test_an_owner_keeps_the_last_second_factor(verified: User, secret: str, settings: object) -> None:
    settings.REQUIRE_MFA_FOR_OWNERS = True  # type: ignore[attr-defined]
    browser = Client()
    sign_in(browser, verified)
    browser.post("/account/second-factor/authenticate/", {"code": code(secret)})
    browser.post("/account/second-factor/totp/deactivate/")
    assert Authenticator.objects.filter(user=verified, type="totp").exists()


def test_a_session_is_seen_and_ended_from_another(verified: User) -> None:
    lost = Client(headers={"User-Agent": "Browser of a lost telephone"})
    here = Client(headers={"User-Agent": "Browser of the office", "Accept-Language": "en"})
    sign_in(lost, verified)
    sign_in(here, verified)
    page = here.get("/account/sessions/").content.decode()
    assert "Browser of a lost telephone" in page
    chosen = re.search(r'name="session"\s+value="(\d+)"', page)
    assert chosen
    here.post("/person/sessions/end/", {"session": chosen.group(1)})
    assert lost.get("/assessments/").status_code == 302
    assert here.get("/assessments/").status_code == 200
    assert TrailEntry.objects.filter(kind="session.ended", actor=verified.pk).exists()


def test_nobody_ends_the_session_of_somebody_else(verified: User, stranger: User) -> None:
    mine, theirs = Client(), Client()
    sign_in(mine, verified)
    sign_in(theirs, stranger)
    for sent in (str(verified.usersession_set.get().pk), "x", "", "9" * 30):
        assert theirs.post("/person/sessions/end/", {"session": sent}).status_code == 302
    assert mine.get("/assessments/").status_code == 200


def test_after_five_failures_even_the_right_password_waits(verified: User) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    for _attempt in range(5):
        assert sign_in(browser, verified, "wrong pass phrase").status_code == 200
    page = sign_in(browser, verified)
    assert page.status_code == 200
    assert "Too many failed" in page.content.decode()
    assert "_auth_user_id" not in browser.session


def test_asking_for_resets_again_and_again_is_refused_in_words(verified: User) -> None:
    browser = Client(headers={"Accept-Language": "fr"})
    answers = [browser.post("/account/password/reset/", {"email": verified.email}) for _attempt in range(12)]
    assert answers[-1].status_code == 429
    assert "Trop d’essais" in answers[-1].content.decode()
    assert len(mail.outbox) <= 3


@pytest.mark.parametrize("password", ["short", "12345678901234567890", "dpo@hopital.example", "passwordpassword"[:13]])
def test_a_password_too_weak_is_refused_with_what_is_asked(verified: User, password: str) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(verified)
    assert "at least 14 characters" in browser.get("/account/password/change/").content.decode()
    sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert browser.post("/account/password/change/", sent).status_code == 200
    verified.refresh_from_db()
    assert verified.check_password(PASSWORD)


def reset_link() -> str:
    found = re.search(r"(/account/password/reset/key/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def follow(link: str) -> bool:
    """Whether the link lets a browser that nobody signed in choose another password."""
    browser = Client()
    page = browser.get(link)
    target = page["Location"] if page.status_code == 302 else link
    sent = {"password1": ANOTHER, "password2": ANOTHER}
    return browser.post(target, sent).status_code == 302


def test_no_forged_replayed_or_expired_reset_is_accepted(verified: User, stranger: User, settings: object) -> None:
    Client().post("/account/password/reset/", {"email": verified.email})
    good = reset_link()
    who, key = re.match(r"/account/password/reset/key/([0-9A-Za-z]+)-(.+)/$", good).groups()  # type: ignore[union-attr]
    prefix = "/account/password/reset/key/"
    stamp, _dash, signature = key.partition("-")
    forged = [f"{prefix}{who}-{stamp}-{signature[::-1]}/", f"{prefix}{who}-zzzzzz-{signature}/", f"{prefix}{who}-x/"]
    forged += [f"{prefix}{who}-{stamp}/", f"{prefix}{who}-{key}0/", f"{prefix}{who}-set-password/"]
    forged += [f"{prefix}zzz-{key}/", f"{prefix}{who}-{key[:-1]}/", f"{prefix}{who}-{stamp}-{'0' * len(signature)}/"]
    forged.append(f"{prefix}{user_pk_to_url_str(stranger)}-{key}/")
    tried = accepted = 0
    for link in forged:
        tried += 1
        accepted += follow(link)
    tried += 1
    settings.PASSWORD_RESET_TIMEOUT = -1  # type: ignore[attr-defined]
    accepted += follow(good)
    settings.PASSWORD_RESET_TIMEOUT = 3600  # type: ignore[attr-defined]
    assert follow(good)
    for _again in range(2):
        tried += 1
        accepted += follow(good)
    count("forged, replayed and expired resets", "accepted", tried=tried, faults=accepted)
    assert accepted == 0
    stranger.refresh_from_db()
    assert stranger.check_password(PASSWORD)


def test_no_forged_ended_or_expired_session_is_accepted(verified: User, settings: object) -> None:
    browser = Client()
    sign_in(browser, verified)
    name = "sessionid"
    kept = browser.cookies[name].value

    def opens(value: str) -> bool:
        other = Client()
        other.cookies[name] = value
        return other.get("/assessments/").status_code == 200

    assert opens(kept)
    tried = accepted = 0
    for forged in (
        "",
        "x",
        kept[::-1],
        kept[:-1],
        kept + "a",
        kept.upper(),
        "' OR 1=1 --",
        "../" * 5,
        str(verified.pk),
    ):
        tried += 1
        accepted += opens(forged)
    fixed = Client()
    fixed.cookies[name] = "a" * 32
    sign_in(fixed, verified)
    tried += 1
    accepted += opens("a" * 32)
    browser.post("/account/logout/")
    tried += 1
    accepted += opens(kept)
    elsewhere = Client()
    sign_in(elsewhere, verified)
    stolen = elsewhere.cookies[name].value
    verified.set_password(ANOTHER)
    verified.save()
    tried += 1
    accepted += opens(stolen)
    last = Client()
    sign_in(last, verified, ANOTHER)
    expired = last.session
    expired.set_expiry(-1)
    expired.save()
    tried += 1
    accepted += opens(last.cookies[name].value)
    count("forged, replayed and expired sessions", "accepted", tried=tried, faults=accepted)
    assert accepted == 0


def test_no_wrong_or_replayed_code_is_accepted(verified: User, secret: str) -> None:
    tried = accepted = 0

    def opens(typed: str) -> bool:
        browser = Client()
        sign_in(browser, verified)
        browser.post("/account/second-factor/authenticate/", {"code": typed})
        return "_auth_user_id" in browser.session

    good = code(secret)
    wrong = ["", "0", "abcdef", good[::-1] if good[::-1] != good else "000001", code(totp.generate_totp_secret())]
    for typed in wrong:
        tried += 1
        accepted += opens(typed)
        cache.clear()
    tried += 1
    accepted += opens(code(secret, -20))
    cache.clear()
    assert opens(code(secret))
    tried += 1
    accepted += opens(good)
    count("wrong, past and replayed codes", "accepted", tried=tried, faults=accepted)
    assert accepted == 0


def test_the_mail_for_a_new_password_speaks_as_the_product(verified: User, settings: Any) -> None:
    Client(headers={"Accept-Language": "en"}).post("/account/password/reset/", {"email": verified.email})
    sent = mail.outbox[-1]
    assert sent.subject == "Porte-clés – Choose a new password"
    assert str(sent.body).startswith("Hello,\n\nA new password was asked for, for your account on Porte-clés.")
    assert settings.SITE_URL in str(sent.body)
    assert "Hello from" not in str(sent.body)
    assert "Thank you for using" not in str(sent.body)


def test_recovery_codes_are_not_guessed_and_each_opens_once(verified: User, secret: str) -> None:
    codes = RecoveryCodes.activate(verified).generate_codes()
    tried = accepted = 0

    def opens(browser: Client, typed: str) -> bool:
        browser.post("/account/second-factor/authenticate/", {"code": typed})
        return "_auth_user_id" in browser.session

    guesser = Client()
    sign_in(guesser, verified)
    for number in range(12):
        guess = f"{(int(codes[0]) + number + 1) % 10 ** len(codes[0]):0{len(codes[0])}d}"
        tried += guess not in codes
        accepted += guess not in codes and opens(guesser, guess)
    assert not opens(guesser, codes[0]), "after so many guesses even the right one waits"
    cache.clear()
    for typed in (codes[1].replace("0", "O"), codes[1][:-1], codes[1] + "0", f"{codes[1]}\0", codes[1] * 500, "²" * 8):
        browser = Client()
        sign_in(browser, verified)
        if typed != codes[1]:
            tried += 1
            accepted += opens(browser, typed)
        cache.clear()
    browser = Client()
    sign_in(browser, verified)
    assert opens(browser, codes[2])
    again = Client()
    sign_in(again, verified)
    tried += 1
    accepted += opens(again, codes[2])
    count("recovery codes guessed or used again", "accepted", tried=tried, faults=accepted)
    assert accepted == 0


@pytest.mark.parametrize(
    "written",
    ["{0} {1}", "{0}\u00a0{1}", "{0}\u202f{1}", "{0}-{1}", "\u200e{0}{1}\u200f", "fullwidth", "arabic"],
)
def test_a_code_is_read_as_people_type_and_paste_it(verified: User, secret: str, written: str) -> None:
    first = code(secret)
    shift = {"fullwidth": 0xFF10, "arabic": 0x0660}.get(written)
    typed = written.format(first[:3], first[3:])
    if shift:
        typed = "".join(chr(shift + int(figure)) for figure in first)
    browser = Client()
    sign_in(browser, verified)
    browser.post("/account/second-factor/authenticate/", {"code": typed})
    assert "_auth_user_id" in browser.session


@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_sent_by_several_at_once_opens_once(verified: User, secret: str) -> None:
    code = RecoveryCodes.activate(verified).generate_codes()[0]
    browsers = [Client() for _each in range(4)]
    for each in browsers:
        sign_in(each, verified)
    at_once(*(lambda b=b: b.post("/account/second-factor/authenticate/", {"code": code}) for b in browsers))
    opened = sum("_auth_user_id" in each.session for each in browsers)
    count("one recovery code sent at the same instant", "opened more than once", tried=4, faults=max(opened - 1, 0))
    assert opened == 1
