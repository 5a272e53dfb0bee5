"""From rows to the plain contents that pages are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checklists.core.evidence import Strength
from checklists.models import Answer, Evidence, PlanStep, TransitionPlan
from checklists.services.comparison import Candidate
from checklists.services.judging.judge_offer import backing_of
from checklists.services.records.frozen_parts import from_profile
from checklists.services.transition import core_step
from checklists.words.contents import ComparedOffer, EvidencePiece, Given, PlanContents, PlannedStep


def given_answers(rows: Mapping[str, Answer]) -> dict[str, Given]:
    """What the rows say, by question."""
    return {
        key: Given(row.status, row.value, row.justification, row.comment, from_profile(row), backing_of(row))
        for key, row in rows.items()
    }


def evidence_pieces(rows: Iterable[Answer]) -> Iterator[tuple[Evidence, EvidencePiece]]:
    """The evidence of the rows, as kept and as pages show it."""
    shown = ("kind", "title", "issuer", "issued_on", "valid_from", "valid_until", "link", "note", "sha256")
    for row in rows:
        for item in row.evidence.all():
            told = {name: getattr(item, name) for name in shown}
            strength = Strength.from_key(item.strength)
            yield item, EvidencePiece(question=row.question, strength=strength, file=item.original_name, **told)


def compared(candidate: Candidate) -> ComparedOffer:
    """An offer of the comparison as it stands now."""
    offer = candidate.offer
    return ComparedOffer(
        key=str(offer.pk),
        name=offer.name,
        provider=offer.provider,
        is_current=offer.is_current,
        judgement=candidate.judgement,
        answers=given_answers(candidate.rows),
        gaps=candidate.gaps,
        transition_days=candidate.transition_days,
    )


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
