"""Send the e-mails of notices. Each waits in its row until it has left: no save waits for the mail server or fails.

An e-mail says that something awaits and where, never what: no name of an assessment, no word that somebody wrote.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django_tasks import task

from checklists.models import MailChoice, Notice, User
from checklists.services.jobs.background import Background
from checklists.services.notices.choose_mail import language_for, refusal_token

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=10)
"""How long an attempt is left alone: it may still be under way in another process."""
GIVEN_UP_AFTER = timedelta(days=7)
"""An e-mail older than this leaves no more: the notice in the product stays."""
AT_ONCE = 200
"""E-mails of one run, at most."""

SENTENCES: dict[str, Any] = {
    Notice.Kind.ASSIGNED: gettext_lazy("A part of an assessment is assigned to you."),
    Notice.Kind.UNASSIGNED: gettext_lazy("A part of an assessment has nobody to answer it any more."),
    Notice.Kind.MENTIONED: gettext_lazy("A colleague mentions you in a discussion."),
    Notice.Kind.REPLIED: gettext_lazy("A colleague replied in a discussion you take part in."),
    Notice.Kind.DUE: gettext_lazy("Something of yours falls due."),
    Notice.Kind.SUBMITTED: gettext_lazy("Answers are submitted for your review."),
    Notice.Kind.RETURNED: gettext_lazy("Answers come back to you from review."),
    Notice.Kind.APPROVED: gettext_lazy("Answers are accepted or approved."),
    Notice.Kind.REOPENED: gettext_lazy("What was approved is reopened."),
    Notice.Kind.PROVIDER_ANSWERED: gettext_lazy("A provider sent answers."),
}
"""What an e-mail says of each kind, and all that it says."""


def set_going() -> None:
    """Have what waits sent once the current transaction is committed."""
    if settings.NOTICE_MAIL_AT_ONCE:
        _background.set_going()


def mail_waiting(now: datetime, *, daily: bool = False) -> int:
    """Send the e-mails that wait and return how many left. With ``daily``, also to those who want one a day.

    Whoever sends takes a notice first, so that two processes do not send it twice; an attempt that ended without
    a word is taken up again after ``AGAIN_AFTER``. What was read meanwhile is mailed no more.
    """
    Notice.objects.filter(mail=Notice.Mail.WAITING).exclude(read_at=None).update(mail=Notice.Mail.NONE)
    today = timezone.localdate(now)
    free = Q(mail_tried_at=None) | Q(mail_tried_at__lte=now - AGAIN_AFTER)
    waiting = Notice.objects.filter(free, mail=Notice.Mail.WAITING, created_at__gt=now - GIVEN_UP_AFTER)
    not_today = Q(user__mail_choice__last_daily=today) if daily else Q()
    waiting = waiting.exclude(not_today, user__mail_choice__daily=True)
    rows = waiting.filter(user__is_active=True).select_related("user").order_by("created_at", "pk")[:AT_ONCE]
    choices = {choice.user_id: choice for choice in MailChoice.objects.filter(user__notices__in=waiting)}
    # One e-mail for all of one kind that waits for a person; one for everything for who wants one a day.
    together: dict[tuple[int, str], list[Notice]] = {}
    for notice in rows:
        choice = choices.get(notice.user_id)
        kind = "" if choice and choice.daily else notice.kind
        together.setdefault((notice.user_id, kind), []).append(notice)
    sent = 0
    server = get_connection()
    try:
        for (number, kind), notices in together.items():
            sent += _mail(notices, choices.get(number), now, server)
            if not kind:
                MailChoice.objects.filter(user=number).update(last_daily=today)
    except OSError:
        # Everything an SMTP conversation can raise is an OSError. What is left waits in its rows.
        log.warning("the mail server takes no e-mail: those of notices wait", exc_info=True)
    finally:
        server.close()
    return sent


def is_anything_waiting() -> bool:
    return Notice.objects.filter(mail=Notice.Mail.WAITING).exists()


@task()
def mail_waiting_notices() -> int:
    """Send the e-mails that wait; how many left."""
    return mail_waiting(timezone.now())


_background = Background("mail", mail_waiting_notices, is_anything_waiting)


def _mail(notices: list[Notice], choice: MailChoice | None, now: datetime, server: Any) -> int:
    taken = [notice for notice in notices if _take(notice, now)]
    if not taken:
        return 0
    with override(language_for(choice)):
        lines = [(str(SENTENCES[notice.kind]), absolute(notice.link)) for notice in taken]
        try:
            write_to(taken[0].user, lines, {notice.kind for notice in taken}, server=server)
        except OSError:
            Notice.objects.filter(pk__in=[notice.pk for notice in taken]).update(mail_tried_at=None)
            raise
    Notice.objects.filter(pk__in=[notice.pk for notice in taken]).update(mail=Notice.Mail.SENT)
    return 1


def _take(notice: Notice, now: datetime) -> bool:
    mine = Notice.objects.filter(pk=notice.pk, mail=Notice.Mail.WAITING, mail_tried_at=notice.mail_tried_at)
    return mine.update(mail_tried_at=now) == 1


def absolute(path: str) -> str:
    """An address of this site as an e-mail gives it."""
    return str(settings.SITE_URL).rstrip("/") + path


def write_to(
    person: User, lines: list[tuple[str, str]], kinds: Iterable[str], *, subject: str = "", server: Any = None
) -> None:
    """Send ``person`` one e-mail in the active language: sentences, each with its address, and how to have no more.

    Without a ``subject``, it is the one sentence, or how many there are.
    Mail programs offer to refuse these ``kinds`` by one click (RFC 8058), and so does the last line.
    Raises ``OSError`` when the mail server does not take it.
    """
    no_more = absolute(reverse("refuse-mail", args=[refusal_token(person, kinds)]))
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{no_more}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    subject = subject or (
        _("Porte-clés: %(sentence)s") % {"sentence": lines[0][0].rstrip(".")}
        if len(lines) == 1
        else ngettext("Porte-clés: %(n)d thing awaits you", "Porte-clés: %(n)d things await you", len(lines))
        % {"n": len(lines)}
    )
    context = {"lines": lines, "no_more": no_more, "choice": absolute(reverse("mail-choice"))}
    body = render_to_string("mail/notice.txt", context)
    EmailMessage(subject, body, None, [person.email], headers=headers, connection=server).send()
