"""The way out: steps, their order, the critical path, and so the strictly necessary duration of a transition.

The CNIL's observations of 8 October 2020 concede a transition limited to what is strictly necessary and actively
used. The longest chain of steps gives that duration, as a range: every step at its shortest, likely and longest.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from checklists.core.judging.facts import months_until

MOST_MONTHS = 24
"""Beyond it a transition is a finding: the minister's commitment of 19 November 2020 was two years at most."""
NOTICE_MONTHS, SWITCHING_DAYS, EXTENDED_MONTHS = 2, 30, 7
"""Data Act (Regulation (EU) 2023/2854), art. 25: notice and transition at most, and the provider's extension."""
DATA_ACT_SWITCHING, NO_SWITCHING_CHARGES = date(2025, 9, 12), date(2027, 1, 12)
"""Data Act, art. 50 and 29: from when the switching rules apply, and from when no switching charge may be asked."""
LONGEST = 3650
"""Days a single step may last."""


class StepState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``low``, ``likely`` and ``high`` are days; ``after`` the numbers of the steps it waits for.

    ``started`` and ``finished`` are real dates once known: they replace what the durations would give.
    """

    number: int
    low: int
    likely: int
    high: int
    after: frozenset[int] = frozenset()
    state: StepState = StepState.PLANNED
    started: date | None = None
    finished: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """``starts`` is the first day; ``asked_end`` the day the organisation asks to have left by."""

    starts: date
    steps: tuple[Step, ...]
    asked_end: date | None = None
    has_justification: bool = False


class Trouble(StrEnum):
    """What is wrong with a plan: each names the steps concerned in :class:`Problem`."""

    DUPLICATE = "duplicate"
    DURATIONS = "durations"
    UNKNOWN_STEP = "unknown_step"
    CYCLE = "cycle"
    ENDS_BEFORE_START = "ends_before_start"
    ASKED_END_BEFORE_START = "asked_end_before_start"
    UNJUSTIFIED = "unjustified"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Problem:
    trouble: Trouble
    steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A step between two days; ``low`` and ``high`` are its end were every step at its shortest or its longest.

    ``slack`` is the days it can slip without moving the end of the plan; 0 on the critical path.
    """

    number: int
    start: date
    end: date
    low: date
    high: date
    slack: int
    is_late: bool

    @property
    def is_critical(self) -> bool:
        return self.slack == 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The outcome of :func:`schedule`. ``spans`` is empty while a problem forbids any order.

    ``low``, ``likely`` and ``high`` are the days the whole takes: the strictly necessary duration, as a range.
    """

    spans: Mapping[int, Span]
    problems: tuple[Problem, ...]
    starts: date
    low: int = 0
    likely: int = 0
    high: int = 0

    @property
    def critical_path(self) -> tuple[int, ...]:
        critical = [span for span in self.spans.values() if span.is_critical]
        return tuple(span.number for span in sorted(critical, key=lambda span: (span.start, span.end, span.number)))

    @property
    def end(self) -> date:
        return self.starts + timedelta(days=self.likely)

    @property
    def latest_end(self) -> date:
        return self.starts + timedelta(days=self.high)


def schedule(plan: Plan, today: date) -> Schedule:
    """Place every step as early as its predecessors allow. Total: what cannot be placed is a problem, never a crash."""
    problems = list(_step_problems(plan))
    order, cycle = _order(plan.steps)
    if cycle:
        problems.append(Problem(Trouble.CYCLE, cycle))
    placeable = not any(p.trouble in (Trouble.DUPLICATE, Trouble.DURATIONS, Trouble.CYCLE) for p in problems)
    if not placeable or not plan.steps:
        return Schedule({}, tuple(problems + _end_problems(plan, None)), plan.starts)
    steps = {step.number: step for step in plan.steps}
    try:
        placed = _place(plan, [steps[number] for number in order], today)
    except OverflowError:  # it would end after the last day of the calendar
        return Schedule({}, (*problems, Problem(Trouble.TOO_LONG)), plan.starts)
    return replace(placed, problems=tuple(problems + _end_problems(plan, placed)))


def _place(plan: Plan, ordered: list[Step], today: date) -> Schedule:
    """Each step between two days. Raises ``OverflowError`` past the year 9999."""
    starts, ends = _forward(plan.starts, ordered, {step.number: step.likely for step in ordered})
    low = _forward(plan.starts, ordered, {step.number: step.low for step in ordered})[1]
    high = _forward(plan.starts, ordered, {step.number: step.high for step in ordered})[1]
    slack = _slack(ordered, starts, ends)
    spans = {
        step.number: Span(
            step.number,
            starts[step.number],
            ends[step.number],
            low[step.number],
            high[step.number],
            slack[step.number],
            step.state is not StepState.DONE and ends[step.number] < today,
        )
        for step in plan.steps
    }
    whole = [max((day - plan.starts).days for day in days.values()) for days in (low, ends, high)]
    return Schedule(spans, (), plan.starts, *whole)


def _step_problems(plan: Plan) -> Iterable[Problem]:
    seen: set[int] = set()
    known = {step.number for step in plan.steps}
    for step in plan.steps:
        if step.number in seen:
            yield Problem(Trouble.DUPLICATE, (step.number,))
        seen.add(step.number)
        if not 0 <= step.low <= step.likely <= step.high <= LONGEST:
            yield Problem(Trouble.DURATIONS, (step.number,))
        if unknown := sorted(step.after - known):
            yield Problem(Trouble.UNKNOWN_STEP, (step.number, *unknown))
        if step.started and step.finished and step.finished < step.started:
            yield Problem(Trouble.ENDS_BEFORE_START, (step.number,))


def _order(steps: tuple[Step, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The steps, each after those it waits for; or the cycle that forbids it."""
    known = {step.number for step in steps}
    try:
        order = TopologicalSorter({step.number: sorted(step.after & known) for step in steps}).static_order()
        return tuple(order), ()
    except CycleError as error:
        return (), tuple(error.args[1])


def _forward(first: date, ordered: list[Step], days: Mapping[int, int]) -> tuple[dict[int, date], dict[int, date]]:
    starts: dict[int, date] = {}
    ends: dict[int, date] = {}
    for step in ordered:
        ready = max((ends[number] for number in step.after if number in ends), default=first)
        starts[step.number] = step.started or ready
        planned = starts[step.number] + timedelta(days=days[step.number])
        ends[step.number] = step.finished if step.finished and step.state is StepState.DONE else planned
    return starts, ends


def _slack(ordered: list[Step], starts: Mapping[int, date], ends: Mapping[int, date]) -> dict[int, int]:
    last = max(ends.values())
    latest = dict.fromkeys(ends, last)
    for step in reversed(ordered):
        must_start = latest[step.number] - (ends[step.number] - starts[step.number])
        for number in step.after & latest.keys():
            latest[number] = min(latest[number], must_start)
    return {number: max(0, (latest[number] - end).days) for number, end in ends.items()}


def _end_problems(plan: Plan, placed: Schedule | None) -> list[Problem]:
    problems = []
    if plan.asked_end and plan.asked_end < plan.starts:
        problems.append(Problem(Trouble.ASKED_END_BEFORE_START))
    elif plan.asked_end and placed and plan.asked_end > placed.latest_end and not plan.has_justification:
        problems.append(Problem(Trouble.UNJUSTIFIED))
    last = plan.asked_end or (placed.end if placed else None)
    if last and last >= plan.starts and months_until(plan.starts, last) > MOST_MONTHS:
        problems.append(Problem(Trouble.TOO_LONG))
    return problems


def notice_deadline(leaving: date) -> date | None:
    """The last day to tell the provider, for the contract to end on ``leaving``: two months and thirty days before.

    These are the longest terms a contract may set (Data Act, art. 25); ``None`` for a day before they apply.
    """
    day = leaving - timedelta(days=SWITCHING_DAYS)
    year, month = divmod(day.year * 12 + day.month - 1 - NOTICE_MONTHS, 12)
    told = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return told if told >= DATA_ACT_SWITCHING else None


def answers_from(plan: Plan, placed: Schedule, guarantees: int, has_legal_basis: bool) -> dict[str, str]:
    """What the plan says of the transition questions, by their keys in the flagship vocabulary.

    ``guarantees`` counts those of the four (keys, access, logging, no new data) that are described.
    """
    states = {step.state for step in plan.steps}
    is_begun = bool(states & {StepState.UNDER_WAY, StepState.DONE})
    answers = {
        "transition_active_steps": "under_way" if is_begun else "planned" if plan.steps else "none",
        "transition_guarantees": {0: "none", 4: "complete"}.get(guarantees, "partial"),
        "transition_legal_basis": "identified" if has_legal_basis else "none",
    }
    end = plan.asked_end or (placed.end if placed.spans else None)
    if end and end >= plan.starts:
        answers["transition_end"] = end.isoformat()
    if placed.spans:
        within = plan.asked_end is None or plan.asked_end <= placed.latest_end
        answers["transition_duration_justified"] = "yes" if within else ("partly" if plan.has_justification else "no")
    return answers
