"""Evidence that ends: for the overview of deadlines, and for the e-mails that remind of it. By the calendar's day."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.evidence import WARNING
from checklists.models import Evidence
from checklists.services.day_format import date_format
from checklists.services.notices.remind import Reminding, remind


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
    Evidence.objects.filter(pk__in=[item.pk for item in due]).update(reminded_of=F("valid_until"))
    return remind(due, _HOW)


def _words(item: Evidence) -> str:
    return _("%(date)s: “%(title)s” (%(assessment)s)") % {
        "date": date_format(item.valid_until or "", "DATE_FORMAT"),
        "title": item.title,
        "assessment": item.answer.assessment.name,
    }


def _subject(number: int) -> str:
    return ngettext("%(n)d piece of evidence ends", "%(n)d pieces of evidence end", number) % {"n": number}


_HOW = Reminding[Evidence](lambda item: item.answer.assessment.organisation_id, _words, _subject)
