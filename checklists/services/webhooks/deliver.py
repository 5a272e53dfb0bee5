"""Send messages as the Standard Webhooks specification has it (https://www.standardwebhooks.com), and try again.

Any answer from 200 to 299 is a receipt. Anything else, a redirection included, is tried again: thirteen times over
twenty-two hours. After that, or at once when the address answers 410 Gone, the address is switched off and the owners
of its organisation are told by e-mail.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from standardwebhooks import Webhook as Signing

from checklists.core.people.permissions import Role
from checklists.models import Membership, Webhook, WebhookMessage
from checklists.services.jobs.queue import work_off
from checklists.services.notices.mail_notices import absolute
from checklists.services.webhooks.addresses import AddressRefused, Target, target_of

WAITS: Sequence[int] = (10, 30, 60, 300, 900, 1800, 3600, 7200, 10_800, 14_400, 18_000, 21_600)
"""Seconds after each failure before the next try: thirteen tries in all, the last 21.9 hours after the first."""
LEASE = timedelta(minutes=2)
"""How long a message is nobody else's while it is being sent."""
PATIENCE, WHOLE = 10, 20
"""Seconds for each step of a sending, and for all of it."""
GONE = 410


def send_due() -> int:
    """Send every message that is due; how many were tried."""
    return work_off(_take, _try)


@transaction.atomic
def _take() -> WebhookMessage | None:
    now = timezone.now()
    rows = WebhookMessage.objects.due(now).order_by("next_try_at", "pk")
    if transaction.get_connection().features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    message = rows.select_related("webhook").first()
    if message is not None:
        message.next_try_at = now + LEASE
        message.save(update_fields=["next_try_at"])
    return message


def _try(message: WebhookMessage) -> None:
    status, problem = None, ""
    try:
        status = post(target_of(message.webhook.url), _headers(message), _body(message))
        problem = "" if 200 <= status < 300 else "answer"
    except AddressRefused as refused:
        problem = refused.reason
    except ssl.SSLError:
        problem = "certificate"
    except (OSError, http.client.HTTPException):
        problem = "connection"
    message.attempts += 1
    message.status, message.problem = status, problem
    if not problem:
        message.state, message.sent_at = WebhookMessage.State.SENT, timezone.now()
    elif message.attempts > len(WAITS) or status == GONE:
        message.state = WebhookMessage.State.GIVEN_UP
    else:
        message.next_try_at = timezone.now() + timedelta(seconds=WAITS[message.attempts - 1])
    with transaction.atomic():
        message.save(update_fields=["attempts", "status", "problem", "state", "sent_at", "next_try_at"])
        if message.state == WebhookMessage.State.GIVEN_UP:
            _switch_off(message.webhook)


def _body(message: WebhookMessage) -> str:
    return json.dumps(message.payload, separators=(",", ":"), sort_keys=True)


def _headers(message: WebhookMessage) -> dict[str, str]:
    """The identifier is the same at each try: whoever receives it twice knows it."""
    now, number = timezone.now(), f"msg_{message.pk.hex}"
    return {
        "Content-Type": "application/json",
        "User-Agent": "Porte-cles-Webhooks/1",
        "webhook-id": number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signing(message.webhook.secret).sign(number, now, _body(message)),
    }


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, and holds the certificate to the name."""

    def __init__(self, target: Target) -> None:
        self._checking = ssl.create_default_context()
        super().__init__(target.host, target.port, timeout=PATIENCE, context=self._checking)
        self._address = target.address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), PATIENCE)
        self.sock = self._checking.wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End a sending that lasts too long."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def post(target: Target, headers: dict[str, str], body: str) -> int:
    """The status answered; nothing else of the answer is read. Raises ``OSError`` or ``http.client.HTTPException``."""
    connection = _Pinned(target)
    watch = threading.Timer(WHOLE, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.path, body.encode(), headers)
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()


def _switch_off(webhook: Webhook) -> None:
    if webhook.disabled_at is not None:
        return
    webhook.disabled_at = timezone.now()
    webhook.save(update_fields=["disabled_at"])
    transaction.on_commit(lambda: _mail(webhook), robust=True)


def _mail(webhook: Webhook) -> None:
    """Tell the owners, without the address: an e-mail carries no content."""
    owners = _owners(webhook)
    with override(settings.LANGUAGE_CODE):
        subject = _("A webhook is switched off")
        link = absolute(reverse("webhook", args=[webhook.pk]))
        body = _(
            "A program that was to be told what happens in %(organisation)s did not answer for a day, "
            "so nothing more is sent to it.\n\nWhat was sent, and how to switch it on again: %(link)s"
        ) % {"organisation": webhook.organisation.name, "link": link}
    for owner in owners:
        send_mail(subject, body, None, [owner.user.email], fail_silently=True)


def _owners(webhook: Webhook) -> QuerySet[Membership, Any]:
    found = Membership.objects.filter(organisation=webhook.organisation_id, role=Role.OWNER, user__is_active=True)
    return found.select_related("user")
