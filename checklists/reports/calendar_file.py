"""Transition plans as an iCalendar file (RFC 5545): an all-day event a step, and the day to have left by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from checklists.core.transition import Schedule, notice_deadline
from checklists.models import PlanStep, TransitionPlan


def plan_calendar(plans: Iterable[tuple[TransitionPlan, Sequence[PlanStep], Schedule]]) -> bytes:
    """The file. Identifiers are stable, so that importing it again moves events instead of doubling them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Porte-clés//transition//EN")
    calendar.add("version", "2.0")
    for plan, steps, placed in plans:
        for step in steps:
            span = placed.spans.get(step.number)
            if span:
                notes = step.get_state_display() + (f" · {step.owner}" if step.owner else "")
                title = f"{step.number}. {step.title} – {plan.offer.name}"
                calendar.add_component(_event(f"step-{step.pk}", title, span.start, span.end, notes, plan))
        leaving = plan.asked_end or (placed.end if placed.spans else None)
        if leaving:
            title = _("To have left %(offer)s") % {"offer": plan.offer.name}
            calendar.add_component(_event(f"end-{plan.pk}", title, leaving, leaving, "", plan))
            if notice := notice_deadline(leaving):
                title = _("Last day to give notice to %(offer)s (Data Act, Art. 25)") % {"offer": plan.offer.name}
                calendar.add_component(_event(f"notice-{plan.pk}", title, notice, notice, "", plan))
    return calendar.to_ical()  # type: ignore[no-any-return]


def _event(key: str, title: str, start: date, end: date, notes: str, plan: TransitionPlan) -> Event:
    event = Event()
    event.add("uid", f"{key}@porte-cles")
    event.add("dtstamp", plan.updated_at.astimezone(timezone.get_default_timezone()))
    event.add("dtstart", start)
    event.add("dtend", max(end, start) + timedelta(days=1))
    event.add("summary", title)
    if notes:
        event.add("description", notes)
    return event
