"""Send questions of an offer to a provider by a link, withdraw the link, remind of it.

The link's token is made from the instance's secret key and a nonce: the database keeps only its fingerprint, and a
reminder can still carry the same link.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from checklists.models import Offer, ProviderRequest, User
from checklists.services.day_format import date_format
from checklists.services.notices.mail_notices import absolute
from checklists.services.notices.remind import Reminding, remind
from checklists.services.review.content_lock import refuse_if_closed

MOST_DAYS = 180
"""Days a link works, at most."""
MOST_OPEN = 20
"""Links of one offer that work at the same time, at most."""
WARNING = timedelta(days=7)
"""How long before its end a link without an answer is reminded of."""


class AskRefused(ValueError):
    """The questions were not sent; the message says why, in the active language."""


def ask_provider(
    offer: Offer,
    *,
    email: str,
    service: str,
    asked_by: str,
    message: str,
    questions: Iterable[str],
    language: str,
    days: int,
    by: User,
) -> ProviderRequest:
    """Send ``questions`` (keys, in order) to ``email`` in ``language``; the link works for ``days`` days.

    ``service`` and ``asked_by`` are what the provider reads of the offer and of who asks.
    Raises ``AskRefused``; ``ContentIsLocked`` when the assessment takes no answers.
    """
    keys = list(dict.fromkeys(questions))
    refuse_if_closed(offer.assessment)
    if not keys:
        raise AskRefused(_("Choose at least one question."))
    if not 1 <= days <= MOST_DAYS:
        raise AskRefused(_("The link works for 1 to %(most)d days.") % {"most": MOST_DAYS})
    if ProviderRequest.objects.open().filter(offer=offer).count() >= MOST_OPEN:
        raise AskRefused(
            _("%(most)d links work for this offer already: revoke one before sending another.") % {"most": MOST_OPEN}
        )
    asked = ProviderRequest(
        offer=offer,
        email=email.strip().lower(),
        service=_one_line(service),
        asked_by=_one_line(asked_by),
        message=message.strip(),
        questions=keys,
        language=language,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
        nonce=secrets.token_hex(32),
    )
    asked.token_sha256 = fingerprint_of(token_of(asked))
    try:
        with transaction.atomic():
            asked.save()
            _write(asked, "provider_questions")
    except OSError:
        # Everything an SMTP conversation can raise is an OSError; the request goes back with the transaction.
        raise AskRefused(
            _("The e-mail could not be sent: nothing was asked. Try again, or tell the site operator.")
        ) from None
    return asked


def revoke(asked: ProviderRequest) -> None:
    """From now on the link opens nothing, whoever had opened it; what was sent stays."""
    if asked.revoked_at is None:
        asked.revoked_at, asked.code_hash = timezone.now(), ""
        asked.save(update_fields=["revoked_at", "code_hash"])


def remind_provider(asked: ProviderRequest) -> None:
    """Send the same link again. Raises ``AskRefused`` when it works no more or the mail server does not take it."""
    if not asked.is_open:
        raise AskRefused(_("This link no longer works: send the questions again."))
    token = fingerprint_of(token_of(asked))
    asked.reminded_at, asked.token_sha256 = timezone.now(), token
    try:
        with transaction.atomic():
            asked.save(update_fields=["reminded_at", "token_sha256"])
            _write(asked, "provider_reminder")
    except OSError:
        raise AskRefused(_("The e-mail could not be sent. Try again, or tell the site operator.")) from None


def remind_of_provider_answers(now: datetime) -> int:
    """Remind, once, of each link without an answer that ends within seven days: the provider, and the members.

    Returns how many e-mails were sent.
    """
    waiting = ProviderRequest.objects.open().filter(version=0, reminded_at=None, expires_at__lte=now + WARNING)
    due = list(waiting.select_related("offer__assessment"))
    sent = 0
    for asked in due:
        try:
            remind_provider(asked)
        except AskRefused:
            continue
        sent += 1
    return sent + remind(due, _HOW)


def token_of(asked: ProviderRequest) -> str:
    """The token of the link: 64 hexadecimal digits that nobody finds without the secret key of the instance."""
    made = salted_hmac("checklists.provider-link", f"{asked.pk}:{asked.nonce}", algorithm="sha256")
    return made.hexdigest()


def address_of(asked: ProviderRequest) -> str:
    """The link, whole: at ``SITE_URL``, whichever host a request named."""
    return absolute(reverse("provider-door", args=[token_of(asked)]))


def fingerprint_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _write(asked: ProviderRequest, template: str) -> None:
    with override(asked.language):
        send(asked, template, {"address": address_of(asked), "number": len(asked.questions)})


def send(asked: ProviderRequest, template: str, words: dict[str, Any]) -> None:
    """One e-mail to the provider, in the active language. Raises ``OSError``."""
    context = {"asked": asked, **words}
    subject = " ".join(render_to_string(f"mail/{template}_subject.txt", context).split())
    send_mail(subject, render_to_string(f"mail/{template}.txt", context), settings.DEFAULT_FROM_EMAIL, [asked.email])


def _words(asked: ProviderRequest) -> str:
    ends: date = timezone.localdate(asked.expires_at)
    return _("%(date)s: no answer yet to the questions about “%(service)s” (%(assessment)s)") % {
        "date": date_format(ends, "DATE_FORMAT"),
        "service": asked.service,
        "assessment": asked.offer.assessment.name,
    }


def _subject(number: int) -> str:
    return ngettext("%(n)d provider has not answered", "%(n)d providers have not answered", number) % {"n": number}


_HOW = Reminding[ProviderRequest](lambda asked: asked.offer.assessment.organisation_id, _words, _subject)
