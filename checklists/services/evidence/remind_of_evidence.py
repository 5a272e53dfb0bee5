"""Evidence that ends: for the overview of deadlines, and for the e-mails that remind of it. By the calendar's day."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from checklists.core.evidence import WARNING
from checklists.models import Evidence, MailChoice, Notice, User
from checklists.services.notices.choose_mail import language_for
from checklists.services.notices.mail_notices import absolute, write_to


def evidence_in_use() -> QuerySet[Evidence]:
    """Evidence that has a last day, of assessments that are not in the bin, with what a deadline shows: one query."""
    return (
        Evidence.objects.in_use()
        .filter(answer__assessment__binned_at=None, valid_until__isnull=False)
        .select_related("answer__assessment", "answer__offer")
        .order_by("valid_until", "pk")
    )


def ending(evidence: QuerySet[Evidence], today: date) -> QuerySet[Evidence]:
    """Of ``evidence``, what ends within ninety days of ``today`` or ended less than ninety days before."""
    return evidence.filter(valid_until__range=(today - WARNING, today + WARNING))


def remind_of_evidence(today: date) -> int:
    """E-mail every member of the evidence that ends within ninety days, once; returns how many e-mails were sent.

    Evidence whose last day moves is told of again.
    """
    due = list(ending(evidence_in_use(), today).exclude(reminded_of=F("valid_until")))
    by_person: dict[User, list[Evidence]] = {}
    for item in due:
        for person in _members_of(item.answer.assessment.organisation_id):
            by_person.setdefault(person, []).append(item)
    Evidence.objects.filter(pk__in=[item.pk for item in due]).update(reminded_of=F("valid_until"))
    choices = {choice.user_id: choice for choice in MailChoice.objects.filter(user__in=by_person)}
    sent = 0
    for person, items in by_person.items():
        choice = choices.get(person.pk)
        if choice and Notice.Kind.DUE in choice.refused:
            continue
        with override(language_for(choice)):
            _write_to(person, items)
        sent += 1
    return sent


def _write_to(person: User, items: list[Evidence]) -> None:
    told = [
        _("%(date)s: “%(title)s” (%(assessment)s)")
        % {
            "date": date_format(item.valid_until or "", "DATE_FORMAT"),
            "title": item.title,
            "assessment": item.answer.assessment.name,
        }
        for item in items
    ]
    subject = ngettext("%(n)d piece of evidence ends", "%(n)d pieces of evidence end", len(items))
    lines = [("\n".join(told), absolute(reverse("deadlines")))]
    write_to(person, lines, [Notice.Kind.DUE], subject=subject % {"n": len(items)})


def _members_of(organisation: int) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__organisation=organisation)
