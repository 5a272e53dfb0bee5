"""Deadlines as an iCalendar file (RFC 5545), an all-day event each: the steps of transition plans, the day to have left
by, and the day by which an assessment is to be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from checklists.core.transition import Schedule, notice_deadline
from checklists.models import OfferAction, PlanStep, TransitionPlan
from checklists.services.portfolio.deadlines import REASONS, Reassessment


def plan_calendar(
    plans: Iterable[tuple[TransitionPlan, Sequence[PlanStep], Schedule]],
    reassessments: Iterable[Reassessment] = (),
    actions: Iterable[tuple[OfferAction, str]] = (),
) -> bytes:
    """The file; each of ``actions`` comes with what it is about.

    Identifiers are stable, so that importing it again moves events instead of doubling them.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Porte-clés//transition//EN")
    calendar.add("version", "2.0")
    for plan, steps, placed in plans:
        for step in steps:
            span = placed.spans.get(step.number)
            if span:
                notes = step.get_state_display() + (f" · {step.owner}" if step.owner else "")
                title = f"{step.number}. {step.title} – {plan.offer.name}"
                calendar.add_component(_event(f"step-{step.pk}", title, span.start, span.end, notes, plan.updated_at))
        leaving = plan.asked_end or (placed.end if placed.spans else None)
        if leaving:
            title = _("To have left %(offer)s") % {"offer": plan.offer.name}
            calendar.add_component(_event(f"end-{plan.pk}", title, leaving, leaving, "", plan.updated_at))
            if notice := notice_deadline(leaving):
                title = _("Last day to give notice to %(offer)s (Data Act, Art. 25)") % {"offer": plan.offer.name}
                calendar.add_component(_event(f"notice-{plan.pk}", title, notice, notice, "", plan.updated_at))
    for item in reassessments:
        title = _("Assess again: %(assessment)s") % {"assessment": item.assessment.name}
        key, notes = f"reassess-{item.assessment.pk}", str(REASONS[item.reason])
        calendar.add_component(_event(key, title, item.due, item.due, notes, item.assessment.updated_at))
    for row, about in actions:
        if row.due:
            notes = row.get_state_display() + (f" · {row.owner}" if row.owner else "")
            title = f"{about} – {row.offer.name}"
            calendar.add_component(_event(f"action-{row.pk}", title, row.due, row.due, notes, row.updated_at))
    return calendar.to_ical()  # type: ignore[no-any-return]


def _event(key: str, title: str, start: date, end: date, notes: str, changed: datetime) -> Event:
    event = Event()
    # Numbers are each installation's own: without its name, one diary would take two steps for one.
    event.add("uid", f"{key}@{_installation()}")
    event.add("dtstamp", changed.astimezone(timezone.get_default_timezone()))
    event.add("dtstart", start)
    if (last := max(end, start)) < date.max:  # without an end, an event lasts its one day (RFC 5545, 3.6.1)
        event.add("dtend", last + timedelta(days=1))
    event.add("summary", title)
    # A deadline makes nobody busy (RFC 5545, 3.8.2.7); the second line says so to Outlook.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if notes:
        event.add("description", notes)
    return event


def _installation() -> str:
    """The name of this installation among those of one machine: its host, with its port and path where it has them."""
    parts = urlsplit(settings.SITE_URL)
    named = [parts.hostname or "porte-cles", str(parts.port or ""), *parts.path.split("/")]
    return ".".join(part for part in named if part)
