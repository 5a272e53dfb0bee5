"""The offers a record compares, judged again from what it holds and from nothing else."""

from __future__ import annotations

from datetime import date

from checklists.core.capacity import Capacity, Gap, gaps
from checklists.core.editions.edition import Edition
from checklists.core.judging.judgement import Judgement
from checklists.core.transition import Plan, schedule
from checklists.documents.frozen.parts import core_step, given_answers
from checklists.packs.reports.record import OffersCompared, Record, StatedCapacity
from checklists.words.contents import ComparedOffer, OffersSideBySide


def side_by_side(record: Record, edition: Edition, judgement: Judgement) -> OffersSideBySide | None:
    """The report's own offer, worth ``judgement``, and the others of ``record``; ``None`` when it holds no other.

    Raises ``RecordError`` when the answers of another offer no longer give the frozen judgement.
    """
    comparison, subject = record.comparison, record.subject
    if comparison is None:
        return None
    own = ComparedOffer(
        key="0",
        name=subject.offer,
        provider=subject.provider,
        is_current=subject.is_current,
        judgement=judgement,
        answers=given_answers(record.answers),
        gaps=_unmet(comparison.need, comparison.provision),
        transition_days=_days(comparison, 0),
    )
    others = (
        ComparedOffer(
            key=str(place),
            name=other.offer,
            provider=other.provider,
            is_current=other.is_current,
            judgement=record.judge_alternative(other, edition),
            answers=given_answers(record.answers_of(other, edition)),
            gaps=_unmet(comparison.need, other.provision),
            transition_days=_days(comparison, place),
        )
        for place, other in enumerate(comparison.alternatives, start=1)
    )
    return OffersSideBySide((own, *others), comparison.left_out)


def _unmet(need: StatedCapacity | None, provision: StatedCapacity | None) -> tuple[Gap, ...]:
    return gaps(need.capacity if need else Capacity(), provision.capacity if provision else Capacity())


def _days(comparison: OffersCompared, place: int) -> int | None:
    """The days of the shortest plan that leads there, at the likely pace."""
    found = []
    for way in comparison.ways:
        if way.to == place:
            starts = date.fromisoformat(way.starts_on)
            placed = schedule(Plan(starts, tuple(core_step(step) for step in way.steps)), starts)
            found += [placed.likely] if placed.spans else []
    return min(found, default=None)
