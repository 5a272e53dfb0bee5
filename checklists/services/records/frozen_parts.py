"""Rows in the form that a record keeps: what a report's own offer and those it is compared with have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checklists.models import Answer, PlanStep
from checklists.packs.reports.record import FromProfile, GivenAnswer, PlannedStep
from checklists.services.judging.judge_offer import backing_of

_STEP = ("number", "title", "owner", "low", "likely", "high", "after", "state")


def given_answer(row: Answer) -> GivenAnswer:
    rests = backing_of(row)
    return GivenAnswer(
        question=row.question,
        status=row.status,
        value=row.value,
        justification=row.justification,
        comment=row.comment,
        from_profile=from_profile(row),
        claimed=rests.claimed,
        strength=rests.strength.key if rests.strength else None,
        ended=frozen_day(rests.ended),
    )


def from_profile(row: Answer) -> FromProfile | None:
    """Where a presumed answer comes from; ``None`` for the respondent's own."""
    if not row.is_presumed or row.from_profile is None:
        return None
    return FromProfile(
        **{name: row.from_profile[name] for name in FromProfile.model_fields if name in row.from_profile}
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
