"""Rows in the form that a record keeps: what a report's own offer and those it is compared with have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checklists.models import Answer, PlanStep
from checklists.packs.record import GivenAnswer, PlannedStep

_STEP = ("number", "title", "owner", "low", "likely", "high", "after", "state")


def given_answer(row: Answer) -> GivenAnswer:
    return GivenAnswer(
        question=row.question,
        status=row.status,
        value=row.value,
        justification=row.justification,
        comment=row.comment,
    )


def frozen_steps(steps: Iterable[PlanStep]) -> list[PlannedStep]:
    return [
        PlannedStep(
            **{name: getattr(step, name) for name in _STEP},
            started_on=frozen_day(step.started_on),
            finished_on=frozen_day(step.finished_on),
        )
        for step in steps
    ]


def frozen_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
