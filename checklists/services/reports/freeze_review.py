"""Freeze where the review of an assessment stands, as a report of one of its offers tells it."""

from __future__ import annotations

from typing import Any

from checklists.models import Offer, ReviewAct, ReviewDecision, User
from checklists.packs.reports.record import ReviewAccount, ReviewedMatter, ReviewStep
from checklists.services.judging.judge_offer import edition_of
from checklists.services.review.read_review import read_review


def freeze_review(offer: Offer) -> ReviewAccount:
    """The state, the acts in order, and the last decision on the workload and on each concern of ``offer``.

    People are named as they are called now; whoever has no account any more has no name.
    """
    standing = read_review(offer.assessment)
    own = (None, offer.pk)
    order = {concern: place for place, concern in enumerate(("", *edition_of(offer.assessment).concerns))}
    decisions = [decision for decision in standing.latest.values() if decision.offer_id in own]
    decisions.sort(key=lambda decision: (decision.offer_id is not None, order.get(decision.concern, len(order))))
    remarks = ReviewDecision.objects.filter(submission__assessment=offer.assessment_id, carried_from=None)
    return ReviewAccount(
        state=standing.review.state.value,
        remarks=remarks.exclude(remark="").count(),
        history=[_step(act, offer) for act in standing.acts],
        matters=[_matter(decision) for decision in decisions],
    )


def _who(by: User | None, role: str) -> dict[str, Any]:
    return {"by": str(by)[:200] if by else "", "role": role}


def _step(act: ReviewAct, offer: Offer) -> ReviewStep:
    return ReviewStep(
        act=act.kind,
        round=act.round,
        at=act.at,
        text=act.text,
        unanswered=act.unanswered,
        eyes=act.eyes,
        covers=act.covers.get(str(offer.pk)),
        **_who(act.by, act.role),
    )


def _matter(decision: ReviewDecision) -> ReviewedMatter:
    return ReviewedMatter(
        of_offer=decision.offer_id is not None,
        concern=decision.concern,
        is_accepted=decision.is_accepted,
        remark=decision.remark,
        round=decision.carried_from or decision.submission.round,
        at=decision.at,
        **_who(decision.by, decision.role),
    )
