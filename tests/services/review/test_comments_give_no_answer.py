"""Who writes beside an answer did not give it: a comment makes nobody the author of what is reviewed."""

from __future__ import annotations

import pytest

from checklists.models import Answer, Membership, Offer, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.judging.judge_offer import edition_of
from checklists.services.review.read_review import authors_of
from tests.figures import count


def say(offer: Offer, key: str, by: User, **changed: str) -> None:
    row = Answer.objects.filter(offer=offer, question=key).first()
    stands = {name: getattr(row, name) for name in ("status", "value", "justification", "comment")} if row else {}
    save_answer(
        assessment=offer.assessment,
        offer=offer,
        question=edition_of(offer.assessment).questions[key],
        said=Said(**{"status": "unanswered", **stands, **changed}),
        revision=row.revision if row else 0,
        by=by,
    )


@pytest.fixture
def reviewer(example: Offer) -> User:
    made = User.objects.create_user("relecture@hopital.example", "x")
    Membership.objects.create(user=made, organisation=example.assessment.organisation, role="contributor")
    return made


def answered(offer: Offer) -> list[str]:
    """The questions of the offer that are answered by an option; the others are left unanswered."""
    rows = Answer.objects.filter(offer=offer, status="answered").exclude(value__contains="{")
    keys = list(rows.values_list("question", flat=True))
    Answer.objects.filter(assessment=offer.assessment).exclude(offer=offer, question__in=keys).update(
        status="unanswered", value=""
    )
    return keys


def test_whoever_comments_on_every_answer_gave_none(example: Offer, officer: User, reviewer: User) -> None:
    keys = answered(example)
    for text in ("Which clause?", "Seen.", ""):
        for key in keys:
            say(example, key, reviewer, comment=text)
    assert set(Answer.objects.filter(offer=example, question__in=keys).values_list("updated_by", flat=True)) == {
        reviewer.pk
    }
    wrong = reviewer.pk in authors_of(example.assessment)
    count("people who only commented on the answers under review", "taken for authors", tried=1, faults=wrong)
    assert authors_of(example.assessment) == {officer.pk}


def test_a_comment_before_the_answer_gives_none_and_another_answer_or_reason_does(
    example: Offer, officer: User, reviewer: User
) -> None:
    keys = answered(example)
    for key in keys:
        say(example, key, officer, status="unanswered", value="", comment="To be asked.")
        say(example, key, officer, status="unknown", value="")
    assert authors_of(example.assessment) == {officer.pk}
    for key in keys:
        say(example, key, reviewer, justification="Their letter says nothing.")
    assert reviewer.pk in authors_of(example.assessment)
    for key in keys:
        say(example, key, officer, comment="Thank you.")
    assert reviewer.pk in authors_of(example.assessment)
