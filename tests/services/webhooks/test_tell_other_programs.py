"""Messages to other programs: written with what they tell of, signed, sent to public machines only, tried again."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook as Reading

from checklists.models import Offer, User, Webhook, WebhookMessage
from checklists.services.reports.issue_report import issue_report
from checklists.services.webhooks import deliver
from checklists.services.webhooks.addresses import AddressRefused, Target, is_public, target_of
from checklists.services.webhooks.keep_webhook import WebhookRefused, add_webhook, send_anew, switch
from checklists.services.webhooks.tell import tell
from tests.figures import count

PUBLIC = "93.184.216.34"


@pytest.fixture(autouse=True)
def switched_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOKS = True
    _resolve_to(monkeypatch, PUBLIC)


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Names lead to ``addresses``; the list returned holds each name asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_more: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture
def hook(officer: User) -> Webhook:
    return add_webhook(officer.organisations.get(), "https://hooks.example.org/a?b=1", ["report.issued"], officer)


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Target, dict[str, str], str]]:
    """What was sent; each sending is answered 204."""
    return _answering(monkeypatch, lambda _n: 204)


def _answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], int]) -> list[Any]:
    sent: list[Any] = []

    def post(target: Target, headers: dict[str, str], body: str) -> int:
        sent.append((target, headers, body))
        return answer(len(sent))

    monkeypatch.setattr(deliver, "post", post)
    return sent


def _now_due() -> None:
    WebhookMessage.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_report_issued_is_told_and_signed(example: Offer, hook: Webhook, received: list[Any]) -> None:
    report, _is_new = issue_report(example, language="fr", form="summary", by=None)
    assert deliver.send_due() == 1
    (target, headers, body), *more = received
    assert not more
    assert (target.host, target.path, target.address) == ("hooks.example.org", "/a?b=1", PUBLIC)
    told = Reading(hook.secret).verify(body, headers)
    assert told["type"] == "report.issued"
    assert told["data"] == {
        "report": str(report.pk),
        "offer": str(example.pk),
        "assessment": str(example.assessment_id),
    }
    assert example.name not in body
    message = WebhookMessage.objects.get()
    assert (message.state, message.attempts, message.status) == ("sent", 1, 204)
    assert deliver.send_due() == 0


def test_what_is_undone_is_not_told(hook: Webhook) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        assert tell("report.issued", hook.organisation_id, {}) == 1
        raise RuntimeError
    assert not WebhookMessage.objects.exists()


def test_a_receiver_that_fails_twelve_times_gets_it_at_the_thirteenth(
    hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _answering(monkeypatch, lambda number: 500 if number <= 12 else 200)
    tell("report.issued", hook.organisation_id, {})
    waited = 0.0
    for number in range(1, 14):
        assert deliver.send_due() == 1, number
        message = WebhookMessage.objects.get()
        assert deliver.send_due() == 0
        waited += max(0.0, (message.next_try_at - timezone.now()).total_seconds()) if number < 13 else 0
        _now_due()
    assert (message.state, message.attempts) == ("sent", 13)
    assert 20 * 3600 < waited < 26 * 3600
    assert len({headers["webhook-id"] for _target, headers, _body in sent}) == 1
    hook.refresh_from_db()
    assert hook.disabled_at is None


def test_one_that_never_answers_is_switched_off_and_its_owners_are_told(
    hook: Webhook, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    _answering(monkeypatch, lambda _number: 302)
    tell("report.issued", hook.organisation_id, {})
    with django_capture_on_commit_callbacks(execute=True):
        for _try in range(13):
            _now_due()
            deliver.send_due()
    hook.refresh_from_db()
    assert hook.disabled_at is not None
    assert [each.to for each in mail.outbox] == [["dpo@hopital.example"]]
    assert hook.url not in mail.outbox[0].body
    assert str(hook.pk) in mail.outbox[0].body
    assert tell("report.issued", hook.organisation_id, {}) == 0
    _answering(monkeypatch, lambda _number: 200)
    switch(hook, on=True)
    send_anew(WebhookMessage.objects.get())
    assert deliver.send_due() == 1
    assert WebhookMessage.objects.get().state == "sent"


REFUSED = (
    "127.0.0.1", "127.8.9.1", "169.254.0.1", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1",
    "ff02::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "fe80::1%eth0", "nonsense",
)  # fmt: skip
ACCEPTED = (PUBLIC, "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34")


def test_only_public_machines_are_sent_to(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [address for address in REFUSED if is_public(address)]
    count("addresses that are not public", "accepted", tried=len(REFUSED), faults=len(passed))
    assert not passed
    assert all(is_public(address) for address in ACCEPTED)
    _resolve_to(monkeypatch, PUBLIC, "10.0.0.1")
    with pytest.raises(AddressRefused):
        target_of("https://both.example.org/")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://example.org/", "https://u:p@example.org/", "https://", "https://example.org/\n", "x",
     "https://example.org:99999/", "https://example.org/#part", "https://[::1", "https://exémple.org/" + "a" * 500],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(url: str, officer: User) -> None:
    with pytest.raises(WebhookRefused) as refused:
        add_webhook(officer.organisations.get(), url, ["report.issued"], officer)
    assert refused.value.field == "url"
    assert str(refused.value)


def test_a_name_that_changes_its_address_is_refused(hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    tell("report.issued", hook.organisation_id, {})
    asked = _resolve_to(monkeypatch, "127.0.0.1")
    assert deliver.send_due() == 1
    message = WebhookMessage.objects.get()
    assert (message.state, message.problem, message.status) == ("waiting", "private", None)
    assert asked == ["hooks.example.org"]


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _resolve_to(monkeypatch, PUBLIC)
    reached: list[Any] = []

    def create_connection(address: tuple[str, int], *_more: object) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(ConnectionRefusedError):
        deliver.post(target_of("https://hooks.example.org/"), {}, json.dumps({}))
    assert reached == [(PUBLIC, 443)]
    assert asked == ["hooks.example.org"]


def test_nothing_leaves_unless_it_is_switched_on(settings: Any, hook: Webhook, officer: User) -> None:
    settings.WEBHOOKS = False
    assert tell("report.issued", hook.organisation_id, {}) == 0
    with pytest.raises(WebhookRefused):
        add_webhook(officer.organisations.get(), "https://hooks.example.org/", ["report.issued"], officer)


def test_owners_add_see_and_remove_them_in_the_browser(desk: Client, officer: User, received: list[Any]) -> None:
    organisation = officer.organisations.get()
    path = f"/organisations/{organisation.pk}/webhooks/"
    page = desk.post(path, {"url": "https://hooks.example.org/", "events": ["assessment.created"]}).content.decode()
    hook = Webhook.objects.get()
    assert hook.secret in page
    assert hook.secret not in desk.get(path).content.decode()
    tell("assessment.created", organisation.pk, {})
    deliver.send_due()
    journal = desk.get(f"/webhooks/{hook.pk}/").content.decode()
    assert "Sent" in journal
    message = WebhookMessage.objects.get()
    assert desk.post(f"/webhooks/messages/{message.pk}/again/").status_code == 302
    assert deliver.send_due() == 1
    assert len(received) == 2
    assert desk.post(path, {"url": "http://x", "events": ["assessment.created"]}).status_code == 422
    assert desk.post(f"/webhooks/{hook.pk}/remove/").status_code == 302
    assert not Webhook.objects.exists()
