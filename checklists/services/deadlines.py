"""What falls due in transition plans: for one organisation's overview, and for the reminders sent by e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from checklists.core.transition import StepState, schedule
from checklists.models import MailChoice, Notice, PlanStep, Reminder, TransitionPlan, User
from checklists.services.choose_mail import language_for
from checklists.services.mail_notices import absolute, write_to
from checklists.services.plan_transition import core_plan


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
    choices = {choice.user_id: choice for choice in MailChoice.objects.filter(user__in=by_person)}
    sent = 0
    for person, items in by_person.items():
        choice = choices.get(person.pk)
        if choice and Notice.Kind.DUE in choice.refused:
            continue
        with transaction.atomic(), override(language_for(choice)):
            Reminder.objects.bulk_create(Reminder(step=item.step, due=item.due, user=person) for item in items)
            _write_to(person, items)
        sent += 1
    return sent


def _people_of(plan: TransitionPlan) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__organisation=plan.offer.assessment.organisation_id)


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
