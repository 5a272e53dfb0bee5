"""From rows to the plain contents that pages are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.models import Answer, PlanStep, TransitionPlan
from checklists.reports.contents import Given, PlanContents, PlannedStep
from checklists.services.plan_transition import core_step


def given_answers(rows: Mapping[str, Answer]) -> dict[str, Given]:
    """What the rows say, by question."""
    return {key: Given(row.status, row.value, row.justification, row.comment) for key, row in rows.items()}


def plan_contents(plan: TransitionPlan, steps: Iterable[PlanStep]) -> PlanContents:
    """The plan as written."""
    return PlanContents(
        target=plan.target.name if plan.target else "",
        starts=plan.starts_on,
        asked_end=plan.asked_end,
        justification=plan.justification,
        legal_basis=plan.legal_basis,
        guarantees=(plan.guarantee_keys, plan.guarantee_access, plan.guarantee_logging, plan.guarantee_new_data),
        steps=tuple(PlannedStep(core_step(step), step.title, step.owner) for step in steps),
    )
