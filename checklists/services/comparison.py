"""Put the offers of an assessment side by side: each judged, with its unmet needs and the time to reach it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from checklists.core.capacity import Gap
from checklists.core.comparison import Comparison, Side, compare, side
from checklists.core.judging.judgement import Judgement
from checklists.core.transition import schedule
from checklists.models import Answer, Assessment, Need, Offer, TransitionPlan
from checklists.models.evidence import with_evidence
from checklists.services.capacity import unmet
from checklists.services.judging.judge_offer import bearing_on, edition_of, judge_rows
from checklists.services.transition import core_plan


@dataclass(frozen=True, slots=True)
class Candidate:
    """One offer in the comparison. ``transition_days`` is what a plan towards it needs, when there is one."""

    offer: Offer
    judgement: Judgement
    rows: dict[str, Answer]
    gaps: tuple[Gap, ...]
    transition_days: int | None
    side: Side


def compare_offers(assessment: Assessment) -> tuple[list[Candidate], Comparison]:
    """Every offer, in the order they were added, and how they compare. The number of queries does not grow."""
    offers = list(assessment.offers.select_related("provision"))
    rows = list(Answer.objects.filter(assessment=assessment).prefetch_related(with_evidence()))
    need = Need.objects.filter(assessment=assessment).first()
    days = _transition_days(assessment)
    candidates, edition = [], edition_of(assessment)
    for offer in offers:
        own = {row.question: row for row in bearing_on(offer, rows)}
        judgement = judge_rows(assessment, own.values())
        found = unmet(need, getattr(offer, "provision", None))
        taken = days.get(offer.pk)
        candidates.append(
            Candidate(offer, judgement, own, found, taken, side(edition, str(offer.pk), judgement, len(found), taken))
        )
    return candidates, compare([candidate.side for candidate in candidates])


def _transition_days(assessment: Assessment) -> dict[object, int]:
    """For each offer some plan leads to, the days of the shortest such plan at the likely pace."""
    plans = TransitionPlan.objects.filter(offer__assessment=assessment, target__isnull=False).prefetch_related("steps")
    days: dict[object, int] = {}
    for plan in plans:
        placed = schedule(core_plan(plan, plan.steps.all()), timezone.localdate())
        if placed.spans:
            days[plan.target_id] = min(placed.likely, days.get(plan.target_id, placed.likely))
    return days
