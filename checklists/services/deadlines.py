"""What falls due in transition plans and the evidence that ends: for one overview, and for reminders by e-mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from checklists.core.evidence import WARNING
from checklists.core.transition import StepState, schedule
from checklists.models import Evidence, MailChoice, Notice, PlanStep, Reminder, TransitionPlan, User
from checklists.services.choose_mail import language_for
from checklists.services.mail_notices import absolute, write_to
from checklists.services.plan_transition import core_plan

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step that is not done, and the day it should be."""

    plan: TransitionPlan
    step: PlanStep
    due: date
    is_late: bool
    is_critical: bool


def plans_in_use() -> QuerySet[TransitionPlan]:
    """Plans of assessments that are not in the bin, with what a deadline shows: two queries with their steps."""
    return (
        TransitionPlan.objects.filter(offer__assessment__binned_at=None)
        .select_related("offer__assessment")
        .defer("offer__assessment__description")
        .prefetch_related("steps")
    )


def deadlines(plans: QuerySet[TransitionPlan], today: date) -> list[Deadline]:
    """Steps not done, soonest first; a plan that cannot be ordered has none."""
    found = [deadline for plan in plans for deadline in _of_plan(plan, today)]
    return sorted(found, key=lambda item: (item.due, item.plan.pk, item.step.number))


def _of_plan(plan: TransitionPlan, today: date) -> Iterator[Deadline]:
    steps = list(plan.steps.all())
    spans = schedule(core_plan(plan, steps), today).spans
    for step in steps:
        if step.state != StepState.DONE and step.number in spans:
            span = spans[step.number]
            yield Deadline(plan, step, span.end, span.is_late, span.is_critical)


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
    return _mail(by_person, _write_of_evidence)


def _write_of_evidence(person: User, items: list[Evidence]) -> None:
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


def send_reminders(today: date, days: int) -> int:
    """E-mail each member once for each step due within ``days`` or late; returns how many e-mails were sent.

    A step whose date moves is reminded of again. Who wants no e-mail of what falls due gets none.
    """
    due = [item for item in deadlines(plans_in_use(), today) if item.due <= today + timedelta(days=days)]
    told = set(Reminder.objects.filter(step__in=[item.step for item in due]).values_list("step", "due", "user"))
    by_person: dict[User, list[Deadline]] = {}
    for item in due:
        for person in _people_of(item.plan):
            if (item.step.pk, item.due, person.pk) not in told:
                by_person.setdefault(person, []).append(item)
    return _mail(by_person, _remind_of_steps)


def _remind_of_steps(person: User, items: list[Deadline]) -> None:
    Reminder.objects.bulk_create(Reminder(step=item.step, due=item.due, user=person) for item in items)
    _write_to(person, items)


def _mail(by_person: Mapping[User, list[Item]], write: Callable[[User, list[Item]], None]) -> int:
    """Write to each person in the language of their choice, but to who wants no e-mail of what falls due."""
    choices = {choice.user_id: choice for choice in MailChoice.objects.filter(user__in=by_person)}
    sent = 0
    for person, items in by_person.items():
        choice = choices.get(person.pk)
        if choice and Notice.Kind.DUE in choice.refused:
            continue
        with transaction.atomic(), override(language_for(choice)):
            write(person, items)
        sent += 1
    return sent


def _people_of(plan: TransitionPlan) -> QuerySet[User]:
    return _members_of(plan.offer.assessment.organisation_id)


def _members_of(organisation: int) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__organisation=organisation)


def _write_to(person: User, items: list[Deadline]) -> None:
    told = [
        _("%(date)s: %(step)s (%(assessment)s)%(late)s")
        % {
            "date": date_format(item.due, "DATE_FORMAT"),
            "step": item.step.title,
            "assessment": item.plan.offer.assessment.name,
            "late": _(", late") if item.is_late else "",
        }
        for item in items
    ]
    subject = ngettext("%(n)d transition step to finish", "%(n)d transition steps to finish", len(items))
    lines = [("\n".join(told), absolute(reverse("deadlines")))]
    write_to(person, lines, [Notice.Kind.DUE], subject=subject % {"n": len(items)})
