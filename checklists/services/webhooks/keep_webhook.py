"""Add an address that is told what happens, switch it off and on, send a message anew, forget it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.models import Organisation, User, Webhook, WebhookMessage
from checklists.services.webhooks.addresses import AddressRefused, target_of
from checklists.services.webhooks.sending import set_sending
from checklists.services.webhooks.tell import EVENTS

JOURNAL_KEPT = timedelta(days=90)
"""How long the journal of what was sent is kept."""
MOST = 20
"""Addresses of one organisation."""


class WebhookRefused(ValueError):
    """The address cannot be kept; ``field`` names what to mend and the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def add_webhook(organisation: Organisation, url: str, events: Iterable[str], by: User) -> Webhook:
    """An address told of ``events`` from now on, with a secret of its own. Raises ``WebhookRefused``."""
    wanted = sorted(set(events) & set(EVENTS))
    if not settings.WEBHOOKS:
        raise WebhookRefused("url", _("This site sends nothing out: the site operator has not switched webhooks on."))
    if not wanted:
        raise WebhookRefused("events", _("Choose at least one event."))
    if organisation.webhooks.count() >= MOST:
        raise WebhookRefused("url", _("There are %(most)d addresses already: remove one.") % {"most": MOST})
    try:
        target_of(url)
    except AddressRefused as refused:
        raise WebhookRefused("url", refused_words(refused.reason)) from refused
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return Webhook.objects.create(organisation=organisation, url=url, secret=secret, events=wanted, created_by=by)


def switch(webhook: Webhook, *, on: bool) -> None:
    """Send again, what waits included, or send nothing more."""
    webhook.disabled_at = None if on else timezone.now()
    webhook.save(update_fields=["disabled_at"])
    if on:
        set_sending()


def remove_webhook(webhook: Webhook) -> None:
    webhook.delete()


@transaction.atomic
def send_anew(message: WebhookMessage) -> None:
    """Send ``message`` once more, with the same identifier and all its tries."""
    message.state, message.attempts, message.next_try_at = WebhookMessage.State.WAITING, 0, timezone.now()
    message.save(update_fields=["state", "attempts", "next_try_at"])
    set_sending()


def forget_messages(before: datetime) -> int:
    """Delete the journal of messages that were sent or given up before then; how many."""
    old = WebhookMessage.objects.exclude(state=WebhookMessage.State.WAITING).filter(created_at__lt=before)
    return old.delete()[0]


def refused_words(reason: str) -> str:
    """Why nothing is sent to an address, in words."""
    return {
        "https": _("The address begins with https://."),
        "unknown": _("No machine is known by this name."),
        "private": _("This name leads to a machine that only a private network reaches: nothing is sent there."),
        "certificate": _("The certificate of the machine is not valid for this name."),
        "connection": _("The machine did not answer."),
        "answer": _("The machine did not say that it received it."),
    }.get(reason, _("This is not an address that can be sent to, such as https://example.org/hook."))
