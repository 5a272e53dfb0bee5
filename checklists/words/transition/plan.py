"""A transition plan in the words of the active language, ready for a page or for the report."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.transition import (
    NO_SWITCHING_CHARGES,
    Problem,
    Schedule,
    StepState,
    Trouble,
    notice_deadline,
    schedule,
)
from checklists.models import PlanStep
from checklists.words.contents import PlanContents, PlannedStep
from checklists.words.transition.gantt import Bar, gantt


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step with its dates; they are ``None`` while the plan cannot be ordered."""

    number: int
    title: str
    owner: str
    state: str
    start: date | None
    end: date | None
    high: date | None
    slack: int | None
    is_critical: bool
    is_late: bool
    is_done: bool
    after: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """``range`` says the strictly necessary duration; ``problems`` are sentences; ``image`` holds the drawing."""

    lines: tuple[StepLine, ...]
    problems: tuple[str, ...]
    range: str
    end: date | None
    asked_end: date | None
    drawing: str
    image: str
    notice: date | None
    is_free_of_charge: bool


def present_plan(contents: PlanContents, today: date) -> PlanView:
    """The plan with the dates that follow from it; what is not done by ``today`` is late."""
    placed = schedule(contents.plan, today)
    lines = tuple(_line(planned, placed) for planned in contents.steps)
    bars = [
        Bar(f"{line.number}. {line.title}", line.start, line.end, line.high, line.is_critical, line.is_done)
        for line in lines
        if line.start and line.end and line.high
    ]
    leaving = contents.asked_end or (placed.end if placed.spans else None)
    drawing = gantt(bars)
    return PlanView(
        lines=lines,
        problems=tuple(problem_sentences(placed.problems)),
        range=_range(placed),
        end=placed.end if placed.spans else None,
        asked_end=contents.asked_end,
        drawing=drawing,
        image="data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode() if drawing else "",
        notice=notice_deadline(leaving) if leaving else None,
        is_free_of_charge=bool(leaving and leaving >= NO_SWITCHING_CHARGES),
    )


def _line(planned: PlannedStep, placed: Schedule) -> StepLine:
    step = planned.step
    span = placed.spans.get(step.number)
    return StepLine(
        number=step.number,
        title=planned.title,
        owner=planned.owner,
        state=str(PlanStep.State(step.state.value).label),
        start=span.start if span else None,
        end=span.end if span else None,
        high=span.high if span else None,
        slack=span.slack if span else None,
        is_critical=bool(span and span.is_critical),
        is_late=bool(span and span.is_late),
        is_done=step.state is StepState.DONE,
        after=", ".join(str(number) for number in sorted(step.after)),
    )


def _range(placed: Schedule) -> str:
    if not placed.spans:
        return ""
    return _("%(likely)s, between %(low)s and %(high)s") % {
        "likely": days_in_words(placed.likely),
        "low": days_in_words(placed.low),
        "high": days_in_words(placed.high),
    }


def days_in_words(days: int) -> str:
    """Days under ten weeks, months (of 30.4 days, rounded) above."""
    if days < 70:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    months = round(days / 30.4)
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


def problem_sentences(problems: Iterable[Problem]) -> Iterable[str]:
    for problem in problems:
        numbers = [str(number) for number in problem.steps]
        first, others = (numbers[0] if numbers else ""), ", ".join(numbers[1:])
        yield {
            Trouble.DUPLICATE: _("Step %(first)s is there twice.") % {"first": first},
            Trouble.DURATIONS: _("Step %(first)s: its durations do not grow from at least to at most.")
            % {"first": first},
            Trouble.UNKNOWN_STEP: _("Step %(first)s waits for a step that does not exist: %(others)s. Correct “after”.")
            % {"first": first, "others": others},
            Trouble.CYCLE: _(
                "These steps wait for each other: %(cycle)s. Remove one of the links: no date can be computed so."
            )
            % {"cycle": " → ".join(numbers)},
            Trouble.ENDS_BEFORE_START: _("Step %(first)s ends before it begins.") % {"first": first},
            Trouble.ASKED_END_BEFORE_START: _("The date to have left by comes before the first day."),
            Trouble.UNJUSTIFIED: _(
                "The date asked for lies beyond what the steps need at the longest: say in writing why, "
                "or bring it forward."
            ),
            Trouble.TOO_LONG: _(
                "The transition lasts more than 24 months. The minister’s commitment of 19 November 2020 for "
                "the Health Data Hub was two years at most; this product takes it as its bound."
            ),
        }[problem.trouble]
