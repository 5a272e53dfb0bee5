"""Parts of a frozen record in the form pages and schedules are made from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checklists.core.transition import Step, StepState
from checklists.packs.reports.record import GivenAnswer
from checklists.packs.reports.record import PlannedStep as FrozenStep
from checklists.services.transition import after_numbers
from checklists.words.contents import Given


def given_answers(answers: Iterable[GivenAnswer]) -> dict[str, Given]:
    """What was said, by question."""
    return {
        given.question: Given(
            given.status, given.value, given.justification, given.comment, given.from_profile, given.rests_on
        )
        for given in answers
    }


def core_step(step: FrozenStep) -> Step:
    return Step(
        number=step.number,
        low=step.low,
        likely=step.likely,
        high=step.high,
        after=after_numbers(step.after),
        state=StepState(step.state),
        started=day(step.started_on),
        finished=day(step.finished_on),
    )


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
