"""Somebody is told: in the product at once, by e-mail afterwards; who refuses gets none, and nothing is lost."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import MailChoice, Membership, Notice, Offer, TransitionPlan, User
from checklists.services.notices.choose_mail import choose_mail, read_refusal, refusal_token
from checklists.services.notices.mail_notices import GIVEN_UP_AFTER, mail_waiting
from checklists.services.notices.notify import Kind, notify
from checklists.services.notices.read_notices import KEPT_FOR, read_all_notices
from checklists.services.transition import begin_plan


@pytest.fixture
def colleague(example: Offer) -> User:
    user = User.objects.create_user("claire.martin@hopital.example", "a long pass phrase", first_name="Claire")
    Membership.objects.create(user=user, organisation=example.assessment.organisation, role="contributor")
    return user


@pytest.fixture
def told(example: Offer, officer: User, colleague: User) -> Notice:
    tell(example, officer, colleague)
    return Notice.objects.get()


def tell(example: Offer, by: User | None, *people: User, kind: Kind = Kind.ASSIGNED, link: str = "/x/") -> list[Notice]:
    return notify(kind, people, example, link=link, by=by, part="keys")


def test_everybody_but_oneself_and_those_who_may_not_read_is_told(
    example: Offer, officer: User, colleague: User, stranger: User
) -> None:
    told = tell(example, officer, officer, colleague, stranger)
    assert [(notice.user_id, notice.kind, notice.offer_id) for notice in told] == [
        (colleague.pk, "assigned", example.pk)
    ]


def test_the_same_again_before_it_is_read_is_one_notice_and_one_e_mail(
    example: Offer, officer: User, colleague: User, told: Notice
) -> None:
    assert mail_waiting(timezone.now()) == 1
    tell(example, None, colleague)
    assert Notice.objects.get().created_at > told.created_at
    assert mail_waiting(timezone.now()) == 0
    read_all_notices(colleague)
    tell(example, officer, colleague)
    assert Notice.objects.count() == 2
    assert mail_waiting(timezone.now()) == 1


def test_telling_many_costs_no_more_queries_than_telling_one(
    example: Offer, officer: User, colleague: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [User.objects.create_user(f"p{n}@hopital.example") for n in range(6)]
    organisation = example.assessment.organisation
    Membership.objects.bulk_create(Membership(user=each, organisation=organisation, role="reader") for each in people)
    with django_assert_num_queries(4 + 2):  # and the savepoint
        assert len(tell(example, officer, colleague, *people)) == 7


def test_an_e_mail_says_that_something_awaits_and_where_never_what(
    example: Offer, told: Notice, colleague: User
) -> None:
    choose_mail(colleague, kinds=Kind.values, daily=False, language="en")
    assert mail_waiting(timezone.now()) == 1
    (message,) = mail.outbox
    assert message.to == [colleague.email]
    assert "A part of an assessment is assigned to you" in message.subject
    assert f"{settings.SITE_URL}/x/" in message.body
    assert example.name not in message.body + message.subject
    assert example.assessment.name not in message.body + message.subject
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message.message()["Auto-Submitted"]) == "auto-generated"


def test_each_is_written_to_in_the_language_of_their_sign_in_until_they_choose(
    client: Client, told: Notice, colleague: User
) -> None:
    sent = {"login": colleague.email, "password": "a long pass phrase"}
    client.post("/account/login/", sent, headers={"Accept-Language": "en"})
    mail_waiting(timezone.now())
    assert "assigned to you" in mail.outbox[0].subject
    client.post("/person/e-mails/", {"kinds": Kind.values, "daily": "", "language": "fr"})
    assert MailChoice.objects.get(user=colleague).language == "fr"


@pytest.mark.parametrize("signed_in", [True, False])
def test_one_click_in_the_mail_program_refuses_the_kind_and_only_it(
    client: Client, example: Offer, officer: User, colleague: User, told: Notice, signed_in: bool
) -> None:
    mail_waiting(timezone.now())
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]
    address = header.strip("<>").removeprefix(settings.SITE_URL)
    strict = Client(enforce_csrf_checks=True)
    if signed_in:
        strict.force_login(officer)
    assert strict.get(address).status_code == 200
    assert not MailChoice.objects.filter(user=colleague).exists(), "looking refuses nothing: scanners look"
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    read_all_notices(colleague)
    tell(example, officer, colleague)
    tell(example, officer, colleague, kind=Kind.MENTIONED)
    assert mail_waiting(timezone.now()) == 1
    assert Notice.objects.unread().filter(user=colleague).count() == 2, "the notices in the product go on"


def test_a_forged_refusal_changes_nothing(client: Client, colleague: User, officer: User) -> None:
    token = refusal_token(colleague, ["assigned"])
    other = refusal_token(officer, ["due"])
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.split(":")[0] + other[other.index(":") :],
        "x",
    ):
        assert read_refusal(forged) is None
        assert client.post(f"/e-mails/stop/{forged}/").status_code == 404
    assert not MailChoice.objects.filter(user__in=[colleague, officer]).exists()
    assert read_refusal(token) == (colleague, ["assigned"])


def test_a_mail_server_that_fails_loses_nothing(
    told: Notice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert mail_waiting(timezone.now()) == 0
    assert mail.outbox == []
    call_command("sendreminders")
    assert "1 e-mails sent" in capsys.readouterr().out
    assert len(mail.outbox) == 1
    call_command("sendreminders")
    assert len(mail.outbox) == 1


def test_an_attempt_that_ended_without_a_word_is_taken_up_later_and_at_last_given_up(told: Notice) -> None:
    now = timezone.now()
    Notice.objects.update(mail_tried_at=now)
    assert mail_waiting(now + timedelta(minutes=1)) == 0
    assert mail_waiting(now + GIVEN_UP_AFTER) == 0
    assert mail_waiting(now + timedelta(minutes=11)) == 1


def test_what_was_read_meanwhile_is_mailed_no_more(told: Notice, colleague: User) -> None:
    read_all_notices(colleague)
    assert mail_waiting(timezone.now()) == 0


def test_who_wants_one_e_mail_a_day_gets_one(example: Offer, officer: User, colleague: User, told: Notice) -> None:
    choose_mail(colleague, kinds=Kind.values, daily=True, language="en")
    tell(example, officer, colleague, kind=Kind.MENTIONED)
    assert mail_waiting(timezone.now()) == 0
    for _ in range(2):
        call_command("sendreminders")
    (message,) = mail.outbox
    assert "2 things await you" in message.subject
    assert message.body.count(f"{settings.SITE_URL}/x/") == 2
    tell(example, officer, colleague, kind=Kind.REPLIED)
    call_command("sendreminders")
    assert len(mail.outbox) == 1
    assert mail_waiting(timezone.now() + timedelta(days=1), daily=True) == 1


def test_those_who_want_one_a_day_do_not_hold_up_the_others(
    example: Offer, officer: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checklists.services.notices.mail_notices.AT_ONCE", 1)
    choose_mail(colleague, kinds=Kind.values, daily=True, language="en")
    tell(example, officer, colleague)
    tell(example, colleague, officer)
    assert mail_waiting(timezone.now()) == 1
    assert mail.outbox[0].to == [officer.email]


def test_an_e_mail_leaves_by_itself_once_the_transaction_stands(
    example: Offer, officer: User, colleague: User, monkeypatch: pytest.MonkeyPatch, settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.NOTICE_MAIL_AT_ONCE = True
    started: list[Any] = []
    monkeypatch.setattr(
        "checklists.services.jobs.background.Background._start_thread",
        lambda background: started.append(background.name),
    )
    with django_capture_on_commit_callbacks(execute=True):
        tell(example, officer, colleague)
        assert started == []
    assert started == ["mail"]


def test_the_thread_that_sends_takes_all_that_was_told_and_ends(
    transactional_db: None, example: Offer, officer: User, colleague: User, settings: Any
) -> None:
    settings.NOTICE_MAIL_AT_ONCE = True
    for kind in (Kind.ASSIGNED, Kind.MENTIONED, Kind.REPLIED):
        tell(example, officer, colleague, kind=kind)
    while senders := [thread for thread in threading.enumerate() if thread.name == "mail"]:
        senders[0].join(20)
    assert len(mail.outbox) == 3
    assert not Notice.objects.filter(mail=Notice.Mail.WAITING).exists()


def test_transition_reminders_can_be_refused_too(example: Offer, officer: User, colleague: User) -> None:
    begin_plan(example, timezone.localdate(), officer)
    TransitionPlan.objects.update(starts_on=timezone.localdate() - timedelta(days=4000))
    choose_mail(colleague, kinds=[], daily=False, language="fr")
    call_command("sendreminders")
    (message,) = mail.outbox
    assert message.to == [officer.email]
    assert "List-Unsubscribe" in message.extra_headers


def test_the_list_says_who_and_where_and_the_header_how_many(
    client: Client, told: Notice, colleague: User, officer: User
) -> None:
    client.force_login(colleague)
    client.cookies["django_language"] = "en"
    page = client.get("/notices/").content.decode()
    assert f"{officer.email} assigned to you: " in page
    assert re.search(r'unread-count">1<', page)
    response = client.get(f"/notices/open/?notice={told.pk}")
    assert response["Location"] == "/x/"
    assert "unread-count" not in client.get("/notices/").content.decode()
    for unknown in ("", "0", "x", "9" * 30, "٣"):
        assert client.get(f"/notices/open/?notice={unknown}")["Location"] == "/notices/"


def test_another_persons_notice_is_neither_shown_nor_read(
    client: Client, told: Notice, officer: User, colleague: User
) -> None:
    client.force_login(officer)
    assert client.get(f"/notices/open/?notice={told.pk}")["Location"] == "/notices/"
    client.post("/notices/")
    assert Notice.objects.unread().count() == 1
    Membership.objects.filter(user=colleague).delete()
    assert not Notice.objects.shown_to(colleague).exists(), "who has left sees nothing of what they were told"


def test_the_list_costs_the_same_for_many(
    client: Client, example: Offer, officer: User, colleague: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(colleague)
    tell(example, officer, colleague)
    client.get("/notices/")
    with django_assert_num_queries(13):  # what awaits the reader included
        client.get("/notices/")
    for number in range(10):
        tell(example, officer, colleague, link=f"/{number}/")
    with django_assert_num_queries(13):  # what awaits the reader included
        client.get("/notices/")


def test_old_notices_are_dropped_by_the_nightly_command(told: Notice) -> None:
    Notice.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(days=1))
    call_command("retain", dry_run=True)
    assert Notice.objects.exists()
    call_command("retain")
    assert not Notice.objects.exists()


def test_a_wrong_choice_is_told_beside_the_field_and_changes_nothing(desk: Client, officer: User) -> None:
    response = desk.post("/person/e-mails/", {"kinds": ["nonsense"], "language": "xx"})
    assert response.status_code == 422
    assert response.content.decode().count("invalid-feedback") >= 2
    assert MailChoice.objects.get(user=officer).refused == []
