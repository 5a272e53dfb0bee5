"""An account opened in advance with somebody else's address: whoever holds the mailbox gets it alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from checklists.models import Organisation, User
from tests.figures import count

VICTIM, OUTSIDER = "futur@hopital.example", "outsider@ailleurs.example"
THEIRS, MINE, NEXT = "chosen by the outsider", "chosen by the true holder", "chosen by a second reset"


@pytest.fixture(autouse=True)
def no_attempts_counted_before(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_up(address: str, password: str = THEIRS) -> Client:
    browser = Client(headers={"Accept-Language": "en"})
    browser.answer = browser.post(  # type: ignore[attr-defined]
        "/account/signup/", {"email": address, "password1": password, "password2": password}
    )
    return browser


def sign_in(address: str, password: str) -> Client:
    browser = Client()
    browser.post("/account/login/", {"login": address, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/assessments/").status_code == 200


def mailed(pattern: str, to: str) -> str | None:
    """The last address of that kind sent to ``to``."""
    found = [re.search(pattern, str(message.body)) for message in mail.outbox if message.to == [to]]
    kept = [each.group(1) for each in found if each]
    return kept[-1] if kept else None


def reset(address: str, password: str) -> bool:
    """Whether a reset asked for ``address`` is mailed there, and lets its reader choose another password."""
    mail.outbox.clear()
    Client().post("/account/password/reset/", {"email": address})
    link = mailed(r"(/account/password/reset/key/\S+/)", address)
    if link is None:
        return False
    browser = Client()
    page = browser.get(link)
    target = page["Location"] if page.status_code == 302 else link
    return browser.post(target, {"password1": password, "password2": password}).status_code == 302


def invite(desk: Client, organisation: Organisation) -> str:
    desk.post(f"/organisations/{organisation.pk}/invite/", {"email": VICTIM, "role": "contributor"})
    link = mailed(r"(/invitations/\S+)", VICTIM)
    assert link
    return link


@pytest.fixture
def prepared(edition: Any, settings: Any) -> tuple[User, Client]:
    """What an outsider can have put on the account, by any way there ever was: rows are written as it would have."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    browser = sign_up(VICTIM)
    user = User.objects.get(email=VICTIM)
    EmailAddress.objects.create(user=user, email=OUTSIDER, verified=True, primary=False)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    SocialAccount.objects.create(user=user, provider="sso", uid="outsider")
    assert UserSession.objects.filter(user=user).exists()
    return user, browser


def is_theirs_alone(user: User) -> bool:
    return (
        list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))
        == [(VICTIM, True, True)]
        and not Authenticator.objects.filter(user=user).exists()
        and not SocialAccount.objects.filter(user=user).exists()
    )


def test_the_invited_holder_resets_and_accepts_and_the_outsider_has_no_way_left(
    desk: Client, officer: User, prepared: tuple[User, Client]
) -> None:
    user, outsider = prepared
    link = invite(desk, officer.organisations.get())
    assert reset(VICTIM, MINE)
    assert is_theirs_alone(user)
    holder = sign_in(VICTIM, MINE)
    assert holder.post(link).status_code == 302
    organisation = officer.organisations.get()
    assert user.memberships.filter(organisation=organisation).exists()
    ways = [
        is_in(outsider),
        is_in(sign_in(VICTIM, THEIRS)),
        is_in(sign_in(OUTSIDER, THEIRS)),
        reset(OUTSIDER, NEXT),
        is_in(sign_in(VICTIM, NEXT)),
    ]
    count("ways into an account opened in advance", "accepted", tried=len(ways), faults=sum(ways))
    assert not any(ways)
    assert is_in(holder)


def test_accepting_without_a_reset_leaves_nothing_of_anybody_else(
    desk: Client, officer: User, prepared: tuple[User, Client]
) -> None:
    user, outsider = prepared
    link = invite(desk, officer.organisations.get())
    holder, untold = Client(), Client()
    holder.force_login(user)
    untold.force_login(user)  # A session that the list of sessions does not hold.
    assert holder.post(link).status_code == 302
    ways = [is_in(outsider), is_in(untold), not is_theirs_alone(user), reset(OUTSIDER, NEXT)]
    count("ways into an account opened in advance", "accepted", tried=len(ways), faults=sum(ways))
    assert not any(ways)
    assert is_in(holder)


def test_a_verified_account_keeps_its_second_factor_at_a_reset_and_at_an_invitation(
    desk: Client, officer: User, stranger: User
) -> None:
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    EmailAddress.objects.create(user=stranger, email="second@ailleurs.example", verified=True)
    totp.TOTP.activate(stranger, totp.generate_totp_secret())
    assert reset(stranger.email, MINE)
    assert Authenticator.objects.filter(user=stranger, type="totp").exists()
    assert EmailAddress.objects.filter(user=stranger).count() == 2


def test_an_account_with_another_verified_address_resets_by_its_own_alone(prepared: tuple[User, Client]) -> None:
    user, _outsider = prepared
    assert not reset(OUTSIDER, NEXT)
    assert not user.check_password(NEXT)


def test_no_second_address_before_the_first_is_verified(edition: Any) -> None:
    browser = sign_up(VICTIM)
    user = User.objects.get(email=VICTIM)
    reached = browser.get("/account/email/")
    page = browser.post("/account/email/", {"action_add": "", "email": OUTSIDER})
    assert reached.status_code == 200
    assert "Verify the address of your account first" in page.content.decode()
    assert not EmailAddress.objects.filter(email=OUTSIDER).exists()
    EmailAddress.objects.filter(user=user).update(verified=True)
    browser = sign_in(VICTIM, THEIRS)
    browser.post("/account/reauthenticate/", {"password": THEIRS})
    browser.post("/account/email/", {"action_add": "", "email": OUTSIDER})
    assert EmailAddress.objects.filter(user=user, email=OUTSIDER).exists()


def test_signing_up_says_the_same_whether_the_address_has_an_account(
    edition: Any, stranger: User, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    told = 0
    fresh = sign_up("nobody@ailleurs.example")
    other = User.objects.create_user("autre.encore@ailleurs.example", MINE)
    for address in (stranger.email, other.email.upper()):
        taken = sign_up(address)
        answers = [(each.answer.status_code, each.answer["Location"]) for each in (fresh, taken)]  # type: ignore[attr-defined]
        pages = [each.get(each.answer["Location"]).content.decode() for each in (fresh, taken)]  # type: ignore[attr-defined]
        pages = [re.sub(r'(?i)nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|[\w.-]+@ailleurs\.example', "", page)
                 for page in pages]  # fmt: skip
        told += answers[0] != answers[1] or pages[0] != pages[1]
        fresh = sign_up(f"nobody-{address.lower()}")
    assert "already" in mail.outbox[1].body.lower() or any("already" in each.body.lower() for each in mail.outbox)
    stranger.refresh_from_db()
    assert stranger.check_password("a long pass phrase")
    count("sign-ups with a taken address", "told", tried=2, faults=told)
    assert told == 0


def test_where_addresses_are_not_verified_a_taken_one_is_not_said_in_words(
    edition: Any, stranger: User, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    taken = sign_up(stranger.email)
    assert taken.answer.status_code == 302  # type: ignore[attr-defined]
    assert "already" not in taken.get(taken.answer["Location"]).content.decode()  # type: ignore[attr-defined]
    assert "_auth_user_id" not in taken.session
    assert User.objects.filter(email=stranger.email).count() == 1


@pytest.mark.parametrize("verification", ["optional", "mandatory"])
def test_neither_signing_in_nor_a_reset_tells_who_has_an_account(
    edition: Any, stranger: User, settings: Any, verification: str
) -> None:
    """Whatever is said of addresses; signing up where they are not verified is in the threat model."""
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    cache.clear()
    told = 0
    for path, sent in (("/account/login/", {"password": NEXT}), ("/account/password/reset/", {})):
        name = "login" if "password" in sent else "email"
        answers = []
        for address in (stranger.email, "nobody@ailleurs.example"):
            browser = Client(headers={"Accept-Language": "en"})
            response = browser.post(path, {name: address, **sent}, follow=True)
            page = re.sub(r'(?i)nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
            answers.append((response.redirect_chain, page.replace(address, "")))
        told += answers[0] != answers[1]
    count("sign-ins and resets with a taken address", "told", tried=2, faults=told)
    assert told == 0


def test_what_a_taken_address_is_sent_changes_nothing_of_its_account(
    edition: Any, stranger: User, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    before = User.objects.values().get(pk=stranger.pk)
    for typed in (stranger.email, stranger.email.upper(), f"  {stranger.email} "):
        browser = sign_up(typed)
        assert browser.answer.status_code < 500  # type: ignore[attr-defined]
        assert not is_in(browser)
        assert "already" not in browser.answer.content.decode()  # type: ignore[attr-defined]
    assert User.objects.values().get(pk=stranger.pk) == before
    assert User.objects.filter(email__iexact=stranger.email).count() == 1


def test_where_e_mail_is_sent_an_unverified_account_opens_nothing(edition: Any, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    browser = sign_up(VICTIM)
    assert not is_in(browser)
    assert not is_in(sign_in(VICTIM, THEIRS))
    link = mailed(r"(/account/confirm-email/\S+/)", VICTIM)
    assert link
    Client().post(link)
    assert is_in(sign_in(VICTIM, THEIRS))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_mail_of_an_account_speaks_as_the_product(
    edition: Any, stranger: User, settings: Any, language: str
) -> None:
    """Confirming, an address that has an account, one that has none, a reset, a second address."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.SITE_URL = "https://porte-cles.hopital.example"
    for name, address in (("nouveau@hopital.example", "signup"), (stranger.email, "signup"), (stranger.email, "reset"),
                          ("personne@hopital.example", "reset")):  # fmt: skip
        browser = Client(headers={"Accept-Language": language}, HTTP_HOST="127.0.0.1:8106")
        if address == "signup":
            browser.post("/account/signup/", {"email": name, "password1": THEIRS, "password2": THEIRS})
        else:
            browser.post("/account/password/reset/", {"email": name})
    own = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=stranger, email=stranger.email, defaults=own)
    browser = Client(headers={"Accept-Language": language}, HTTP_HOST="127.0.0.1:8106")
    browser.post("/account/login/", {"login": stranger.email, "password": "a long pass phrase"})
    browser.post("/account/reauthenticate/", {"password": "a long pass phrase"})
    browser.post("/account/email/", {"action_add": "", "email": "autre.adresse@ailleurs.example"})
    assert len(mail.outbox) == 5
    for sent in mail.outbox:
        text = f"{sent.subject}\n{sent.body}"
        assert sent.subject.startswith("Porte-clés – ")
        assert not re.search(r"127\.0\.0\.1|testserver|example\.com|8106", text)
        assert not re.search(r"Hello from|Thank you for using|Bonjour, c.est|Merci d.utiliser", text)
        assert set(re.findall(r"https?://([^/\s]+)", sent.body)) <= {"porte-cles.hopital.example"}
