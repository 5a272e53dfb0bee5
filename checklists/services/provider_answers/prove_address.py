"""The provider proves its address: the link, a one-time code mailed there, then a session bound to both."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import override

from checklists.core.typed_code import read_code
from checklists.models import ProviderRequest
from checklists.services.provider_answers.ask_provider import fingerprint_of, send
from checklists.services.trail.record import record

CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
"""Wrong codes, after which another has to be asked for."""


def read_link(token: str) -> ProviderRequest | None:
    """The request of a link that still works; ``None`` for one forged, expired or revoked."""
    if len(token) != 64:
        return None
    found = ProviderRequest.objects.open().select_related("offer__assessment")
    return found.filter(token_sha256=fingerprint_of(token)).first()


def mail_code(asked: ProviderRequest, language: str) -> None:
    """Mail another code to the address of ``asked``; the one before opens nothing any more. Raises ``OSError``."""
    code = f"{secrets.randbelow(10**8):08d}"
    with transaction.atomic():
        asked.code_hash, asked.code_tries = _hash(asked, code), 0
        asked.code_expires_at = timezone.now() + CODE_LASTS
        asked.save(update_fields=["code_hash", "code_tries", "code_expires_at"])
        with override(language):
            send(asked, "provider_code", {"code": code, "minutes": CODE_LASTS.seconds // 60})


def check_code(asked: ProviderRequest, typed: str) -> str:
    """What a session is to keep, '' for a wrong code. A code opens once; five wrong ones end it."""
    typed = read_code(typed)
    with transaction.atomic():
        current = ProviderRequest.objects.open().select_for_update(of=("self",)).filter(pk=asked.pk).first()
        if current is None or not current.code_hash or current.code_tries >= MOST_TRIES:
            return ""
        if current.code_expires_at is None or current.code_expires_at <= timezone.now():
            return ""
        if not constant_time_compare(current.code_hash, _hash(current, typed)):
            ProviderRequest.objects.filter(pk=current.pk).update(code_tries=F("code_tries") + 1)
            return ""
        current.code_hash = ""
        current.opened_at = current.opened_at or timezone.now()
        current.save(update_fields=["code_hash", "opened_at"])
        organisation = current.offer.assessment.organisation_id
        record("providerrequest.opened", organisation=organisation, subject=current, details={"label": current.service})
        return proof_of(current)


def proof_of(asked: ProviderRequest) -> str:
    """What shows, in a session, that the link and the address of ``asked`` were proven."""
    value = f"{asked.pk}:{asked.nonce}:{asked.email}"
    return salted_hmac("checklists.provider-session", value, algorithm="sha256").hexdigest()


def is_proven(asked: ProviderRequest, kept: str) -> bool:
    return constant_time_compare(proof_of(asked), kept)


def _hash(asked: ProviderRequest, code: str) -> str:
    return salted_hmac("checklists.provider-code", f"{asked.pk}:{code}", algorithm="sha256").hexdigest()
