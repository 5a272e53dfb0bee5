"""Requests made once: the same ``Idempotency-Key`` of the same token gives the answer of the first time.

The header is that of the IETF draft draft-ietf-httpapi-idempotency-key-header. A key is kept for a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from checklists.core.editions.edition import fingerprint
from checklists.models import ApiToken, IdempotentRequest

KEPT_FOR = timedelta(days=1)


class KeyUsedOtherwise(ValueError):
    """The key was sent before with another request."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered: its status, its JSON body, the address of what it made."""

    status: int
    body: Any
    location: str = ""


def once(token: ApiToken, key: str, request: Mapping[str, Any], act: Callable[[], Answered]) -> Answered:
    """The result of ``act``, done once for this ``key`` of ``token``; without a key it is just done.

    ``request`` is what the request says (method, address, body). Raises ``KeyUsedOtherwise``.
    """
    if not key:
        return act()
    mark = fingerprint(dict(request))
    IdempotentRequest.objects.filter(token=token, created_at__lt=timezone.now() - KEPT_FOR).delete()
    if (before := _before(token, key, mark)) is not None:
        return before
    try:
        with transaction.atomic():
            answered = act()
            IdempotentRequest.objects.create(
                token=token,
                key=key,
                fingerprint=mark,
                status=answered.status,
                body=answered.body,
                location=answered.location,
            )
    except IntegrityError:
        # The same request at the same instant: the other one stands, with what it made.
        if (before := _before(token, key, mark)) is not None:
            return before
        raise
    return answered


def _before(token: ApiToken, key: str, mark: str) -> Answered | None:
    kept = IdempotentRequest.objects.filter(token=token, key=key).first()
    if kept is None:
        return None
    if kept.fingerprint != mark:
        raise KeyUsedOtherwise(key)
    return Answered(kept.status, kept.body, kept.location)
