"""Tell people that something awaits them: in the product at once, by e-mail once the transaction stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from checklists.core.people.permissions import Action
from checklists.models import Assessment, MailChoice, Notice, Offer, User
from checklists.services.notices.mail_notices import set_going
from checklists.services.permissions import who_may

Kind = Notice.Kind


@transaction.atomic
def notify(
    kind: Kind,
    recipients: Iterable[User | int],
    about: Assessment | Offer,
    *,
    link: str,
    by: User | None,
    part: str = "",
    due: date | None = None,
    may: Action = Action.READ,
) -> list[Notice]:
    """Give each of ``recipients`` a notice of ``kind`` about ``about`` and return the notices.

    ``link`` is the address, on this site, of what awaits them: a path, fragment included. ``part`` is the key of the
    question or concern it is about, ``due`` the day it falls due. Nobody is told of what they did themselves (``by``),
    nor of what they may not do ``may`` with. A notice of the same kind and link that was not read yet is raised anew
    instead of doubled, and mailed no second time. E-mails leave after the commit; one that fails is tried again by
    ``manage.py sendreminders``. Four queries, whatever the number of recipients.
    """
    offer = about if isinstance(about, Offer) else None
    assessment = about.assessment if isinstance(about, Offer) else about
    numbers = {person.pk if isinstance(person, User) else person for person in recipients}
    if by is not None:
        numbers.discard(by.pk)
    if not numbers:
        return []
    told = list(who_may(may, assessment).filter(pk__in=numbers).values_list("pk", flat=True))
    refusing = {choice.user_id for choice in MailChoice.objects.filter(user__in=told) if kind in choice.refused}
    unread = Notice.objects.unread().filter(user__in=told, kind=kind, link=link)
    standing = {notice.user_id: notice for notice in unread}
    now = timezone.now()
    raised = list(standing.values())
    for notice in raised:
        notice.created_at, notice.by, notice.due = now, by, due
    if raised:
        Notice.objects.bulk_update(raised, ["created_at", "by", "due"])
    added = [
        Notice(
            user_id=number,
            kind=kind,
            assessment=assessment,
            offer=offer,
            part=part,
            link=link,
            by=by,
            due=due,
            created_at=now,
            mail=Notice.Mail.NONE if number in refusing else Notice.Mail.WAITING,
        )
        for number in told
        if number not in standing
    ]
    # Two acts at the same instant that tell the same: one notice of it is enough.
    Notice.objects.bulk_create(added, ignore_conflicts=True)
    if any(notice.mail == Notice.Mail.WAITING for notice in added):
        set_going()
    return raised + added
