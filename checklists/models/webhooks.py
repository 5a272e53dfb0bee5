"""Addresses of other programs that are told what happens, and what was or is to be sent to each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.people.organisations import Organisation


class Webhook(models.Model):
    """An address of ``organisation`` and the events told to it.

    ``secret`` signs each message (``whsec_`` and base64): it must be at hand to sign, so it is kept as it is.
    ``disabled_at`` says since when nothing is sent: by hand, or because the address never answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=80)
    events = models.JSONField(_("events"), default=list)
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.url


class WebhookMessageQuerySet(models.QuerySet["WebhookMessage"]):
    def due(self, now: datetime) -> Self:
        """Those to be sent at ``now``, to addresses that are not switched off."""
        return self.filter(state=WebhookMessage.State.WAITING, next_try_at__lte=now, webhook__disabled_at=None)


class WebhookMessage(models.Model):
    """One message to one address: written with what it tells of, sent afterwards, kept as the journal.

    ``id`` is the message's own, the same at each try. ``problem`` says why the last try failed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="messages")
    event = models.CharField(_("event"), max_length=40)
    payload = models.JSONField(_("content"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    problem = models.CharField(_("problem"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = WebhookMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a webhook")
        verbose_name_plural = _("messages of webhooks")
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="webhook_messages_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"
