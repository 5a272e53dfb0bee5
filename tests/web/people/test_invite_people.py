"""Inviting by e-mail: sent, accepted with and without an account, and every link that must open nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from checklists.models import Guest, Invitation, Membership, Offer, Organisation, TrailEntry, User
from checklists.services.trail.verify_trail import verify_trail
from tests.figures import count

PASSWORD = "un mot de passe bien long"


@pytest.fixture
def organisation(officer: User) -> Organisation:
    return officer.organisations.get()


def invite(desk: Client, organisation: Organisation, email: str = "futur@hopital.example", role: str = "contributor"):
    return desk.post(f"/organisations/{organisation.pk}/invite/", {"email": email, "role": role})


def link() -> str:
    """The path in the last e-mail sent."""
    found = re.search(re.escape(settings.SITE_URL) + r"(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_a_colleague_without_an_account_opens_one_and_is_in(desk: Client, organisation: Organisation) -> None:
    assert invite(desk, organisation).status_code == 302
    message = mail.outbox[-1]
    assert message.to == ["futur@hopital.example"]
    assert "invites you to join" in message.body
    newcomer = Client()
    page = newcomer.get(link())
    assert page.status_code == 200
    sent = {"first_name": "Zoé", "last_name": "", "password1": PASSWORD, "password2": PASSWORD}
    assert newcomer.post(link(), sent).status_code == 302
    user = User.objects.get(email="futur@hopital.example")
    assert user.memberships.get().role == "contributor"
    assert user.emailaddress_set.get().verified
    assert newcomer.get("/assessments/").context["organisation"] == organisation
    assert TrailEntry.objects.filter(kind="membership.added", actor=user.pk, chain=organisation.pk).exists()
    assert verify_trail() == []


def test_the_e_mail_is_in_the_language_of_whoever_invites(desk: Client, organisation: Organisation) -> None:
    desk.cookies["django_language"] = "fr"
    invite(desk, organisation)
    assert "vous invite à rejoindre" in mail.outbox[-1].body
    assert "rejoindre" in mail.outbox[-1].subject


def test_a_weak_password_is_explained_and_opens_nothing(desk: Client, organisation: Organisation) -> None:
    invite(desk, organisation)
    response = Client().post(link(), {"password1": "short", "password2": "short"})
    assert response.status_code == 422
    assert not User.objects.filter(email="futur@hopital.example").exists()


def test_a_person_with_an_account_signs_in_and_accepts(
    desk: Client, organisation: Organisation, stranger: User
) -> None:
    invite(desk, organisation, stranger.email.upper(), "reader")
    path = link()
    browser = Client()
    assert "has an account" in browser.get(path, headers={"Accept-Language": "en"}).content.decode()
    browser.force_login(stranger)
    assert browser.post(path).status_code == 302
    assert stranger.memberships.get(organisation=organisation).role == "reader"


def test_an_account_with_another_address_is_told_and_stays_out(
    desk: Client, organisation: Organisation, stranger: User
) -> None:
    invite(desk, organisation)
    browser = Client()
    browser.force_login(stranger)
    assert "signed in as" in browser.get(link(), headers={"Accept-Language": "en"}).content.decode()
    browser.post(link())
    assert not organisation.memberships.filter(user=stranger).exists()


def test_a_guest_reads_the_assessment_and_gets_no_organisation(
    desk: Client, organisation: Organisation, example: Offer
) -> None:
    until = (timezone.localdate() + timedelta(days=5)).strftime("%d/%m/%Y")
    address = f"/assessments/{example.assessment_id}/guests/"
    assert desk.post(address, {"email": "audit@cabinet.example", "until": until}).status_code == 302
    browser = Client()
    browser.post(link(), {"password1": PASSWORD, "password2": PASSWORD})
    user = User.objects.get(email="audit@cabinet.example")
    assert Guest.objects.get(user=user).until == timezone.localdate() + timedelta(days=5)
    assert not user.memberships.exists()
    assert browser.get(f"/offers/{example.pk}/result/").status_code == 200
    assert browser.get(f"/offers/{example.pk}/questions/keys/").status_code == 200
    assert browser.post(f"/offers/{example.pk}/questions/keys/").status_code == 404
    assert browser.get("/assessments/").status_code == 200
    guest = Guest.objects.get()
    desk.post(f"{address}{guest.pk}/remove/")
    assert browser.get(f"/offers/{example.pk}/result/").status_code == 404


@pytest.mark.parametrize("until", ["", "yesterday", "31/02/2027", "01/01/2020", "01/01/2199"])
def test_a_guests_last_day_is_a_near_day_to_come(desk: Client, example: Offer, until: str) -> None:
    sent = {"email": "audit@cabinet.example", "until": until}
    assert desk.post(f"/assessments/{example.assessment_id}/guests/", sent).status_code == 422
    assert mail.outbox == []


def test_inviting_again_ends_the_earlier_link(desk: Client, organisation: Organisation) -> None:
    invite(desk, organisation)
    earlier = link()
    invite(desk, organisation, role="reader")
    assert Client().get(earlier).status_code == 404
    assert Client().get(link()).status_code == 200


def test_a_member_is_not_invited_twice(desk: Client, organisation: Organisation, officer: User) -> None:
    response = invite(desk, organisation, officer.email)
    assert response.status_code == 422
    assert "a member already" in response.content.decode()


def test_when_the_mail_server_refuses_nobody_is_invited(
    desk: Client, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("checklists.services.people.invite.send_mail", refuse)
    response = invite(desk, organisation)
    assert response.status_code == 422
    assert "could not be sent" in response.content.decode()
    assert not Invitation.objects.exists()


def test_no_forged_replayed_or_expired_link_is_accepted(
    desk: Client, organisation: Organisation, stranger: User, settings: object
) -> None:
    invite(desk, organisation, stranger.email)
    good = link().split("/")[2]
    pk = Invitation.objects.get().pk
    value, stamp, signature = good.split(".")
    other = value[:-1] + ("0" if value[-1] != "0" else "1")
    forged = [f"{other}.{stamp}.{signature}", f"{value}.{stamp}.{signature[::-1]}", f"{value}.{stamp}", value, "x"]
    forged += [f"{value}.zzzzzz.{signature}", good[:-1], good + "A", good.upper(), f"{value}..{signature}"]
    forged += [signing.TimestampSigner(sep=".", salt="another").sign(str(pk))]
    forged += [signing.TimestampSigner(key="another", sep=".", salt="checklists.invitation").sign(str(pk))]
    browser = Client()
    browser.force_login(stranger)
    tried = accepted = 0
    for token in forged:
        tried += 1
        accepted += browser.post(f"/invitations/{token}/").status_code != 404
    expired = signing.TimestampSigner(sep=".", salt="checklists.invitation")
    then = timezone.now() - timedelta(days=400)
    expired.timestamp = lambda: signing.b62_encode(int(then.timestamp()))  # type: ignore[method-assign]
    tried += 1
    accepted += browser.post(f"/invitations/{expired.sign(str(pk))}/").status_code != 404
    for change in (
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"withdrawn_at": timezone.now()},
        {"accepted_at": timezone.now()},
    ):
        before = Invitation.objects.filter(pk=pk).values(*change)[0]
        Invitation.objects.filter(pk=pk).update(**change)
        tried += 1
        accepted += browser.post(f"/invitations/{good}/").status_code != 404
        Invitation.objects.filter(pk=pk).update(**before)
    assert not organisation.memberships.filter(user=stranger).exists()
    assert browser.post(f"/invitations/{good}/").status_code == 302
    Membership.objects.filter(user=stranger, organisation=organisation).delete()
    for _ in range(2):
        tried += 1
        accepted += browser.post(f"/invitations/{good}/").status_code != 404
    assert not organisation.memberships.filter(user=stranger).exists()
    count("forged, replayed and expired invitations", "accepted", tried=tried, faults=accepted)
    assert accepted == 0


def test_no_form_without_its_own_token_is_accepted(officer: User, example: Offer, stranger: User) -> None:
    organisation = officer.organisations.get()
    browser, foreign = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    browser.force_login(officer)
    foreign.force_login(stranger)
    foreign.get("/assessments/new/")
    addresses = {
        f"/organisations/{organisation.pk}/invite/": {"email": "x@y.example", "role": "owner"},
        f"/organisations/{organisation.pk}/leave/": {},
        f"/assessments/{example.assessment_id}/put-in-bin/": {},
        f"/offers/{example.pk}/answers/key_holder/": {"q-key_holder-answer": "option:none"},
        "/organisations/new/": {"name": "Forged"},
        "/person/delete/": {"email": officer.email},
        "/account/logout/": {},
    }
    tokens = ["", "x" * 64, foreign.cookies["csrftoken"].value, None]
    tried = accepted = 0
    for address, sent in addresses.items():
        for token in tokens:
            for has_cookie in (True, False):
                if has_cookie:
                    browser.get("/assessments/new/")
                else:
                    browser.cookies.pop("csrftoken", None)
                form = sent if token is None else sent | {"csrfmiddlewaretoken": token}
                tried += 1
                accepted += browser.post(address, form).status_code != 403
    count("forged CSRF tokens", "accepted", tried=tried, faults=accepted)
    assert accepted == 0
