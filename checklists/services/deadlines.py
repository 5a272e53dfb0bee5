"""What falls due in transition plans: for one organisation's overview, and for the reminders sent by e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from checklists.core.transition import StepState, schedule
from checklists.models import PlanStep, Reminder, TransitionPlan, User
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

    A step whose date moves is reminded of again.
    """
    due = [item for item in deadlines(plans_in_use(), today) if item.due <= today + timedelta(days=days)]
    told = set(Reminder.objects.filter(step__in=[item.step for item in due]).values_list("step", "due", "user"))
    by_person: dict[User, list[Deadline]] = {}
    for item in due:
        for person in _people_of(item.plan):
            if (item.step.pk, item.due, person.pk) not in told:
                by_person.setdefault(person, []).append(item)
    for person, items in by_person.items():
        with transaction.atomic():
            Reminder.objects.bulk_create(Reminder(step=item.step, due=item.due, user=person) for item in items)
            _write_to(person, items)
    return len(by_person)


def _people_of(plan: TransitionPlan) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__organisation=plan.offer.assessment.organisation_id)


def _write_to(person: User, items: list[Deadline]) -> None:
    with override(settings.LANGUAGE_CODE):
        lines = [
            _("%(date)s: %(step)s (%(assessment)s)%(late)s")
            % {
                "date": date_format(item.due, "DATE_FORMAT"),
                "step": item.step.title,
                "assessment": item.plan.offer.assessment.name,
                "late": _(", late") if item.is_late else "",
            }
            for item in items
        ]
        subject = ngettext("%(n)d transition step to finish", "%(n)d transition steps to finish", len(items)) % {
            "n": len(items)
        }
        body = "\n".join([*lines, "", settings.SITE_URL + reverse("deadlines")])
        send_mail(subject, body, None, [person.email])
