"""Freeze the other offers of an assessment, so that the comparison can be made again from the report alone."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from checklists.core.capacity import Measure
from checklists.models import Answer, Need, Offer, TransitionPlan
from checklists.models.capacity import Capacity
from checklists.models.evidence import with_evidence
from checklists.packs.reports.record import (
    MOST_ALTERNATIVES,
    Alternative,
    JudgementAccount,
    OffersCompared,
    StatedCapacity,
    Way,
)
from checklists.services.judging.judge_offer import bearing_on, edition_of, judge_rows
from checklists.services.records.frozen_parts import frozen_steps, given_answer


def freeze_comparison(offer: Offer) -> OffersCompared | None:
    """The other offers, in the order they were added, up to the most a report compares; ``None`` without any."""
    assessment = offer.assessment
    others = list(assessment.offers.exclude(pk=offer.pk).select_related("provision"))
    if not others:
        return None
    shown = others[:MOST_ALTERNATIVES]
    places: dict[UUID | None, int] = {one.pk: place for place, one in enumerate([offer, *shown])}
    rows = list(assessment.answers.prefetch_related(with_evidence()))
    own = Offer.objects.select_related("provision").get(pk=offer.pk)
    plans = TransitionPlan.objects.filter(target__in=places).prefetch_related("steps").order_by("pk")
    return OffersCompared(
        alternatives=[_alternative(other, rows) for other in shown],
        left_out=len(others) - len(shown),
        need=frozen_capacity(Need.objects.filter(assessment=assessment).first()),
        provision=frozen_capacity(getattr(own, "provision", None)),
        ways=[
            Way(to=places[plan.target_id], starts_on=plan.starts_on.isoformat(), steps=frozen_steps(plan.steps.all()))
            for plan in plans
        ],
    )


def _alternative(offer: Offer, rows: list[Answer]) -> Alternative:
    questions = edition_of(offer.assessment).questions
    bearing = bearing_on(offer, rows)
    own = {row.question: row for row in bearing if row.offer_id and row.question in questions}
    return Alternative(
        offer=offer.name,
        provider=offer.provider,
        is_current=offer.is_current,
        answers=[given_answer(row) for _key, row in sorted(own.items())],
        provision=frozen_capacity(getattr(offer, "provision", None)),
        judgement=JudgementAccount(**judge_rows(offer.assessment, bearing).to_document()),
    )


def frozen_capacity(row: Capacity | None) -> StatedCapacity | None:
    """What is needed or provided, as a record keeps it."""
    if row is None:
        return None
    stated = {measure: getattr(row, measure.value) for measure in Measure}
    return StatedCapacity(
        quantities={
            measure: f"{Decimal(value).normalize():f}" for measure, value in stated.items() if value is not None
        },
        support=row.support or None,
        services=row.services,
        certifications=row.certifications,
        note=row.note,
    )
