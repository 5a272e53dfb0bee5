"""What is told to other programs: written in the transaction of what happened, and sent once that is committed.

Messages are thin: which event, when, and the identifiers to ask the interface with. They carry no name and no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_save
from django.utils import timezone

from checklists.models import (
    Assessment,
    PrintedReport,
    ProviderVersion,
    Report,
    ReviewAct,
    Webhook,
    WebhookMessage,
)
from checklists.services.webhooks.sending import set_sending

Told = tuple[str, int, dict[str, str]]
"""An event, the organisation it concerns, and the identifiers it tells."""
EVENTS = (
    "assessment.created",
    "assessment.submitted",
    "assessment.returned",
    "assessment.approved",
    "report.issued",
    "report.ready",
    "provider.answered",
)


def tell(event: str, organisation: int, about: Mapping[str, str]) -> int:
    """Write a message for each address of ``organisation`` that wants ``event``; how many. None while switched off."""
    if not settings.WEBHOOKS:
        return 0
    wanting = [
        hook for hook in Webhook.objects.filter(organisation=organisation, disabled_at=None) if event in hook.events
    ]
    now = timezone.now()
    payload = {"type": event, "timestamp": now.isoformat(), "data": dict(about)}
    messages = [WebhookMessage(webhook=hook, event=event, payload=payload, next_try_at=now) for hook in wanting]
    WebhookMessage.objects.bulk_create(messages)
    if messages:
        set_sending()
    return len(messages)


def connect() -> None:
    """Have each row that is the trace of an event told when it is made."""
    for model in _OF:
        post_save.connect(_tell_of, sender=model, dispatch_uid=f"webhooks-{model.__name__}")


def _tell_of(sender: type[Model], instance: Any, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    if not created or raw or not settings.WEBHOOKS:
        return
    event, organisation, about = _OF[sender](instance)
    if event in EVENTS:
        tell(event, organisation, about)


def _assessment(row: Assessment) -> Told:
    return "assessment.created", row.organisation_id, {"assessment": str(row.pk)}


def _act(row: ReviewAct) -> Told:
    return f"assessment.{row.kind}", row.assessment.organisation_id, {"assessment": str(row.assessment_id)}


def _report(row: Report) -> Told:
    assessment = row.offer.assessment
    about = {"report": str(row.pk), "offer": str(row.offer_id), "assessment": str(assessment.pk)}
    return "report.issued", assessment.organisation_id, about


def _printed(row: PrintedReport) -> Told:
    _event, organisation, about = _report(row.report)
    return "report.ready", organisation, about


def _version(row: ProviderVersion) -> Told:
    offer = row.request.offer
    about = {"offer": str(offer.pk), "assessment": str(offer.assessment_id)}
    return "provider.answered", offer.assessment.organisation_id, about


_OF: Mapping[type[Model], Callable[[Any], Told]] = {
    Assessment: _assessment,
    ReviewAct: _act,
    Report: _report,
    PrintedReport: _printed,
    ProviderVersion: _version,
}
