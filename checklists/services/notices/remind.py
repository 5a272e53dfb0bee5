"""Remind people by e-mail of what falls due: one e-mail a person for all that is alike, in the language they chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext, override

from checklists.models import MailChoice, Notice, User
from checklists.services.notices.choose_mail import language_for
from checklists.services.notices.mail_notices import absolute, write_to

Due = TypeVar("Due")
MOST_TOLD = 50
"""Things named in one e-mail; the others are counted."""


@dataclass(frozen=True)
class Reminding(Generic[Due]):
    """How one kind of thing is told of. ``words`` and ``subject`` speak the active language.

    ``organisation`` is the number of the one whose members are told; ``is_told``: whether a person was before;
    ``keep`` writes down that a person now is, in the transaction of their e-mail.
    """

    organisation: Callable[[Due], int]
    words: Callable[[Due], str]
    subject: Callable[[int], str]
    is_told: Callable[[Due, User], bool] = lambda item, person: False
    keep: Callable[[Sequence[Due], User], None] = lambda items, person: None


def remind(due: Iterable[Due], how: Reminding[Due]) -> int:
    """E-mail each member of what is ``due`` and was not told to them; returns how many e-mails were sent.

    Who wants no e-mail of what falls due gets none.
    """
    members: dict[int, list[User]] = {}
    by_person: dict[User, list[Due]] = {}
    for item in due:
        organisation = how.organisation(item)
        if organisation not in members:
            members[organisation] = list(User.objects.filter(is_active=True, memberships__organisation=organisation))
        for person in members[organisation]:
            if not how.is_told(item, person):
                by_person.setdefault(person, []).append(item)
    choices = {choice.user_id: choice for choice in MailChoice.objects.filter(user__in=by_person)}
    sent = 0
    for person, items in by_person.items():
        choice = choices.get(person.pk)
        if choice and Notice.Kind.DUE in choice.refused:
            continue
        with transaction.atomic(), override(language_for(choice)):
            how.keep(items, person)
            _write_to(person, items, how)
        sent += 1
    return sent


def _write_to(person: User, items: Sequence[Due], how: Reminding[Due]) -> None:
    told = [how.words(item) for item in items[:MOST_TOLD]]
    if left := len(items) - len(told):
        told.append(ngettext("and %(n)d other", "and %(n)d others", left) % {"n": left})
    lines = [("\n".join(told), absolute(reverse("deadlines")))]
    write_to(person, lines, [Notice.Kind.DUE], subject=how.subject(len(items)))
