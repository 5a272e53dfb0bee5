"""Approving, sending back and saving at the same instant: what is approved is what was accepted."""

from __future__ import annotations

import pytest

from checklists.core.review import ReviewRefused
from checklists.models import Answer, Assessment, Membership, Offer, ReviewAct, User
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.judging.judge_offer import edition_of
from checklists.services.review.content_lock import ContentIsLocked
from checklists.services.review.fingerprint_content import fingerprint_content
from checklists.services.review.read_review import read_review
from checklists.services.review.review_assessment import (
    MatterDecision,
    approve,
    close_round,
    decide,
    send_back,
    submit_for_review,
)
from tests.at_once import at_once
from tests.figures import count

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "encryption_at_rest"


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("edition", "organisation").get(pk=assessment.pk)


def test_approved_is_what_was_accepted_whoever_acts_at_the_same_instant(example: Offer, officer: User) -> None:
    reviewer = User.objects.create_user("relecture@hopital.example", "x")
    Membership.objects.create(user=reviewer, organisation=example.assessment.organisation, role="owner")
    submit_for_review(fresh(example.assessment), "", officer)
    matters = read_review(fresh(example.assessment)).review.matters
    decide(fresh(example.assessment), {matter: MatterDecision(True) for matter in matters}, reviewer)
    accepted = close_round(fresh(example.assessment), reviewer)
    row = Answer.objects.get(offer=example, question=KEY)
    question = edition_of(example.assessment).questions[KEY]
    other = next(key for key in question.options if key != row.value)

    def save() -> Answer:
        assessment = fresh(example.assessment)
        return save_answer(
            assessment=assessment,
            offer=Offer.objects.get(pk=example.pk),
            question=question,
            said=Said("answered", other, "Otherwise."),
            revision=row.revision,
            by=officer,
        )

    came = at_once(
        lambda: approve(fresh(example.assessment), "", reviewer, shown=str(accepted.pk)),
        lambda: approve(fresh(example.assessment), "", reviewer, shown=str(accepted.pk)),
        lambda: send_back(fresh(example.assessment), "Clause 12.", reviewer),
        save,
    )
    allowed = ReviewRefused | ContentIsLocked | AnswerRefused | AnswerIsStale
    faults = [each for each in came if isinstance(each, Exception) and not isinstance(each, allowed)]
    count("acts on one review at the same instant", "broken", tried=len(came), faults=len(faults))
    assert faults == []
    approvals = ReviewAct.objects.filter(kind="approved")
    assert approvals.count() <= 1
    standing = fresh(example.assessment)
    if standing.review_state == Assessment.ReviewState.APPROVED:
        assert approvals.get().content_sha256 == fingerprint_content(standing).sha256 == accepted.content_sha256
        row.refresh_from_db()
        assert row.value != other
    else:
        assert standing.review_state == Assessment.ReviewState.RETURNED
