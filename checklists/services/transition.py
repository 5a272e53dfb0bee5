"""Keep the transition plan of an offer: begin it from the template, save it, carry it over into the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.core import transition as core
from checklists.core.judging.facts import is_valid_value
from checklists.models import Answer, Offer, PlanStep, TransitionPlan, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.judging.judge_offer import edition_of, rows_of

TEMPLATE: Sequence[tuple[str, int, int, int, str]] = (
    ("survey", 30, 60, 90, ""),
    ("procurement", 90, 150, 240, "1"),
    ("contract", 15, 30, 60, "2"),
    ("build", 30, 60, 120, "3"),
    ("copy", 10, 30, 60, "4"),
    ("test", 20, 45, 90, "5"),
    ("parallel_run", 15, 30, 60, "6"),
    ("switch", 2, 5, 10, "7"),
    ("deletion", 15, 30, 60, "8"),
)
"""Steps, days (low, likely, high) and predecessors to begin with: orders of magnitude to be replaced, not a norm."""


HIGHEST_NUMBER = 30_000
"""Beyond it, a number waited for is a slip of the hand and no step's."""


class PlanIsStale(Exception):
    """Someone changed the plan since it was read."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One answer the plan gives: the question's key, the value, and the row that stands, if any."""

    question: str
    value: str
    standing: Answer | None

    @property
    def is_standing(self) -> bool:
        return bool(
            self.standing and self.standing.status == Answer.Status.ANSWERED and self.standing.value == self.value
        )


def step_titles() -> dict[str, str]:
    """The template's titles in the active language."""
    return {
        "survey": _("Survey of alternatives: storage capacity and quality of service"),
        "procurement": _("Procurement"),
        "contract": _("Contract, with data-protection clauses"),
        "build": _("Build the target environment"),
        "copy": _("Copy the data"),
        "test": _("Test: integrity, performance, security"),
        "parallel_run": _("Run both in parallel"),
        "switch": _("Switch over"),
        "deletion": _("Deletion at the former host, with proof"),
    }


@transaction.atomic
def begin_plan(offer: Offer, starts_on: date, by: User | None) -> TransitionPlan:
    """The plan of ``offer``, made from the template unless there is one."""
    plan, is_new = TransitionPlan.objects.get_or_create(
        offer=offer, defaults={"starts_on": starts_on, "updated_by": by}
    )
    if is_new:
        titles = step_titles()
        PlanStep.objects.bulk_create(
            PlanStep(plan=plan, number=n, title=titles[key], low=low, likely=likely, high=high, after=after)
            for n, (key, low, likely, high, after) in enumerate(TEMPLATE, start=1)
        )
        plan.last_number = len(TEMPLATE)
        plan.save(update_fields=["last_number"])
    return plan


@transaction.atomic
def save_plan(
    plan: TransitionPlan,
    *,
    header: Mapping[str, Any],
    changed: Iterable[tuple[int | None, Mapping[str, Any]]],
    removed: Iterable[int],
    revision: int,
    by: User | None,
) -> TransitionPlan:
    """Save what is given and leave the rest. ``changed`` pairs a step's number (``None``: a new step) with its fields.

    Raises ``PlanIsStale`` when ``revision`` is not the one that stands: nothing is then written.
    """
    locked = TransitionPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.revision != revision:
        raise PlanIsStale
    for field, value in header.items():
        setattr(locked, field, value)
    locked.revision += 1
    locked.updated_by = by
    steps = {step.number: step for step in locked.steps.all()}
    changed = list(changed)
    waited_for = {number for step in steps.values() for number in after_numbers(step.after)}
    waited_for |= {number for _given, fields in changed for number in after_numbers(str(fields.get("after", "")))}
    # A number names one step for ever, whether it stands, is removed or was, or is only waited for.
    highest = max(
        {locked.last_number, *steps, *(number for number in waited_for if number <= HIGHEST_NUMBER)}, default=0
    )
    if added := sum(given is None for given, _fields in changed):
        locked.last_number = highest + added
    locked.last_number = max({locked.last_number, *steps})
    locked.save()
    for number in removed:
        if number in steps:
            steps.pop(number).delete()
    for given, fields in changed:
        if given is None:
            highest += 1
        step = steps.get(given or highest) or PlanStep(plan=locked, number=given or highest)
        for field, value in fields.items():
            setattr(step, field, value)
        step.save()
    return locked


@transaction.atomic
def delete_plan(plan: TransitionPlan) -> None:
    plan.delete()


def after_numbers(text: str) -> frozenset[int]:
    """The step numbers in '1, 4'. Raises ``ValueError`` for anything else."""
    parts = [part for part in re.split(r"[\s,;]+", text.strip()) if part]
    if not all(part.isdecimal() and len(part) < 6 for part in parts):
        raise ValueError(text)
    return frozenset(int(part) for part in parts)


def core_step(step: PlanStep) -> core.Step:
    """The pure form of one row."""
    return core.Step(
        number=step.number,
        low=step.low,
        likely=step.likely,
        high=step.high,
        after=after_numbers(step.after),
        state=core.StepState(step.state),
        started=step.started_on,
        finished=step.finished_on,
    )


def core_plan(plan: TransitionPlan, steps: Iterable[PlanStep]) -> core.Plan:
    """The pure form of the rows."""
    return core.Plan(
        starts=plan.starts_on,
        asked_end=plan.asked_end,
        has_justification=bool(plan.justification),
        steps=tuple(core_step(step) for step in steps),
    )


def carried_answers(plan: TransitionPlan, steps: Sequence[PlanStep], placed: core.Schedule) -> list[Carried]:
    """What the plan says of the transition questions its edition asks, beside what stands."""
    guarantees = sum(bool(getattr(plan, field).strip()) for field in TransitionPlan.GUARANTEES)
    values = core.answers_from(core_plan(plan, steps), placed, guarantees, bool(plan.legal_basis.strip()))
    questions = edition_of(plan.offer.assessment).questions
    rows = rows_of(plan.offer.assessment, plan.offer)
    return [
        Carried(key, value, rows.get(key))
        for key, value in values.items()
        if key in questions and is_valid_value(questions[key], value)
    ]


@transaction.atomic
def carry_over(carried: Iterable[Carried], plan: TransitionPlan, by: User | None) -> int:
    """Write the plan's answers where they differ, keeping each comment; returns how many were written."""
    offer = plan.offer
    questions = edition_of(offer.assessment).questions
    written = 0
    for item in carried:
        if item.is_standing:
            continue
        row = item.standing
        comment = row.comment if row and row.comment else _("From the transition plan.")
        said = Said(Answer.Status.ANSWERED, item.value, row.justification if row else "", comment)
        save_answer(
            assessment=offer.assessment,
            offer=offer,
            question=questions[item.question],
            said=said,
            revision=row.revision if row else 0,
            by=by,
        )
        written += 1
    return written
