"""What falls due: steps of transition plans, assessments to be looked at again; and the e-mails that remind of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.transition import StepState, schedule
from checklists.models import (
    Assessment,
    PlanStep,
    PortfolioLine,
    Reminder,
    TransitionPlan,
    User,
)
from checklists.models.portfolio import PortfolioLineQuerySet
from checklists.services.day_format import date_format
from checklists.services.notices.remind import Reminding, remind
from checklists.services.portfolio.refresh_standings import refresh_all
from checklists.services.transition import core_plan

REASONS: Mapping[str, Any] = {
    "hand": gettext_lazy("re-assessment, day set by hand"),
    "law": gettext_lazy("re-assessment, the law changes the outcome"),
    "months": gettext_lazy("re-assessment, usual term"),
}
"""Why an assessment is to be looked at again."""


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


@dataclass(frozen=True, slots=True)
class Reassessment:
    """An assessment and the day by which to look at it again; ``reason`` is a key of ``REASONS``."""

    assessment: Assessment
    due: date
    is_late: bool
    reason: str


def to_reassess() -> PortfolioLineQuerySet:
    """The lines in use that have a day to look again, soonest first; one that waits to be judged has none yet."""
    lines = PortfolioLine.objects.in_use().fresh().filter(reassess_on__isnull=False)
    return lines.select_related("assessment").defer("assessment__description").order_by("reassess_on", "pk")


def reassessment(line: PortfolioLine, today: date) -> Reassessment | None:
    """What ``line`` says of when to look again; ``None`` when it says nothing."""
    if line.reassess_on is None:
        return None
    due, reason = line.reassess_on, "law" if line.reassess_on == line.law_changes_on else "months"
    return Reassessment(line.assessment, due, due < today, "hand" if line.assessment.reassess_by else reason)


def send_reminders(today: date, days: int) -> int:
    """E-mail each member once for each deadline within ``days`` or past; returns how many e-mails were sent.

    A deadline whose day moves is reminded of again. What changed since it was judged is judged first. Who wants no
    e-mail of what falls due gets none.
    """
    last = today + timedelta(days=days)
    refresh_all(PortfolioLine.objects.in_use())
    steps = [item for item in deadlines(plans_in_use(), today) if item.due <= last]
    lines = to_reassess().filter(reassess_on__lte=last)
    again = (reassessment(line, today) for line in lines)
    due: list[Deadline | Reassessment] = [*steps, *(each for each in again if each)]
    of_these = Q(step__in=[item.step for item in steps]) | Q(assessment__in=lines.order_by().values("pk"))
    told = set(Reminder.objects.filter(of_these).values_list("step", "assessment", "due", "user"))
    how = Reminding[Deadline | Reassessment](
        organisation=lambda item: _assessment_of(item).organisation_id,
        words=_words,
        subject=_subject,
        is_told=lambda item, person: _identity(_reminder(item, person)) in told,
        keep=_keep,
    )
    return remind(sorted(due, key=lambda item: item.due), how)


def _assessment_of(item: Deadline | Reassessment) -> Assessment:
    return item.plan.offer.assessment if isinstance(item, Deadline) else item.assessment


def _reminder(item: Deadline | Reassessment, person: User) -> Reminder:
    if isinstance(item, Deadline):
        return Reminder(step=item.step, due=item.due, user=person)
    return Reminder(assessment=item.assessment, due=item.due, user=person)


def _identity(reminder: Reminder) -> tuple[int | None, UUID | None, date, int]:
    return reminder.step_id, reminder.assessment_id, reminder.due, reminder.user_id


def _keep(items: Sequence[Deadline | Reassessment], person: User) -> None:
    Reminder.objects.bulk_create(_reminder(item, person) for item in items)


def _words(item: Deadline | Reassessment) -> str:
    return _("%(date)s: %(step)s (%(assessment)s)%(late)s") % {
        "date": date_format(item.due, "DATE_FORMAT"),
        "step": item.step.title if isinstance(item, Deadline) else REASONS[item.reason],
        "assessment": _assessment_of(item).name,
        "late": _(", late") if item.is_late else "",
    }


def _subject(number: int) -> str:
    return ngettext("%(n)d deadline near or past", "%(n)d deadlines near or past", number) % {"n": number}
