"""One secret key for every node: its fingerprint is kept, and a node with another key says so."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from checklists.models import TrailEntry
from checklists.models.trail import INSTANCE
from checklists.services.trail.record import record

KEPT = "key.kept"


def fingerprint_of(key: str) -> str:
    """Tells one key from another, and nothing of either."""
    return salted_hmac("checklists.key", "which key", secret=key, algorithm="sha256").hexdigest()


def kept_fingerprint() -> str:
    """The fingerprint kept last; empty when none was."""
    last = TrailEntry.objects.filter(chain=INSTANCE, kind=KEPT).order_by("-position").first()
    return str(last.details.get("fingerprint", "")) if last else ""


def keep_key() -> None:
    """Keep the fingerprint of this node's key: from now on it is the one that every node must have."""
    present = fingerprint_of(settings.SECRET_KEY)
    if kept_fingerprint() != present:
        record(KEPT, organisation=None, details={"fingerprint": present})


def has_kept_key() -> bool:
    """Whether the key that was kept is this node's, or one that it still reads (``SECRET_KEY_FALLBACKS``).

    ``True`` also while none was kept.
    """
    kept = kept_fingerprint()
    return not kept or kept in map(fingerprint_of, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
