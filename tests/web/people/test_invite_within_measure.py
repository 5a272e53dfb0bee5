"""Invitations are no way to write to whomever one likes, under whatever subject."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from checklists.models import Organisation, TrailEntry, User
from checklists.services.people import invite
from tests.figures import count


def send(desk: Client, organisation: Organisation, email: str) -> int:
    return desk.post(f"/organisations/{organisation.pk}/invite/", {"email": email, "role": "reader"}).status_code


def test_a_person_sends_so_many_a_day_and_no_more(desk: Client, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invite, "MOST_A_DAY", 5)
    organisation = officer.organisations.get()
    answers = [send(desk, organisation, f"a{number}@x.example") for number in range(9)]
    count("invitations beyond the measure of a day", "sent", tried=4, faults=len(mail.outbox) - 5)
    assert answers == [302] * 5 + [422] * 4
    assert len(mail.outbox) == 5


def test_one_address_is_not_written_to_again_and_again(desk: Client, officer: User) -> None:
    organisation = officer.organisations.get()
    answers = [send(desk, organisation, "a@x.example") for _each in range(7)]
    assert answers == [302] * invite.MOST_TO_ONE + [422] * (7 - invite.MOST_TO_ONE)


def test_only_a_verified_person_invites_where_e_mail_is_sent(desk: Client, officer: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    organisation = officer.organisations.get()
    assert send(desk, organisation, "a@x.example") == 422
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    assert send(desk, organisation, "a@x.example") == 302


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Hôpital\r\nBcc: a@b.example", "Hôpital Bcc: …"),
        ("You won! https://evil.example/x now", "You won! … now"),
        ("Go to evil.example/x", "Go to …"),
        ("Call www.evil.example", "Call …"),
        ("H" * 300, "H" * 79 + "…"),
        ("\u202eedoc", "edoc"),
        ("CHU de Lyon", "CHU de Lyon"),
        ("C.H.U. d’Angers", "C.H.U. d’Angers"),
    ],
)
def test_a_name_is_flattened_before_it_is_mailed(desk: Client, officer: User, name: str, shown: str) -> None:
    organisation = officer.organisations.get()
    Organisation.objects.filter(pk=organisation.pk).update(name=name[:200])
    assert invite.flattened(name) == shown
    send(desk, organisation, "a@x.example")
    message = mail.outbox[-1]
    assert "evil" not in message.subject + str(message.body)
    assert "\n" not in message.subject


def test_a_reports_json_is_told_in_the_trail(desk: Client, example: Any) -> None:
    from checklists.services.reports.issue_report import issue_report

    report, _new = issue_report(example, language="fr", form="full", by=None)
    desk.get(f"/reports/{report.pk}/assessment.json")
    assert TrailEntry.objects.filter(kind="report.downloaded").exists()
