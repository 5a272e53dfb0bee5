"""Review an assessment: submit, withdraw, decide, close, send back, approve, reopen. The rules are ``core.review``'s.

Each act locks the assessment first, so that two people act one after the other, on what then stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from checklists.core import review as core
from checklists.core.people.permissions import Action
from checklists.core.review import Act, Matter, Reason, Review, ReviewRefused
from checklists.models import Answer, Assessment, Notice, ReviewAct, ReviewDecision, User
from checklists.models.review import MAX_REMARK
from checklists.services.notices.notify import notify
from checklists.services.review.fingerprint_content import cover_offers, fingerprint_content
from checklists.services.review.read_review import CurrentReview, authors_of, read_review

Kind = ReviewAct.Kind
JUDGING = {Kind.ACCEPTED: Action.REVIEW, Kind.RETURNED: Action.REVIEW, Kind.APPROVED: Action.APPROVE}
"""The acts that judge the content, and the permission each asks."""


@dataclass(frozen=True, slots=True)
class MatterDecision:
    """What a reviewer says of one matter; ``questions`` are the keys of those to be mended."""

    is_accepted: bool
    remark: str = ""
    questions: tuple[str, ...] = ()


@transaction.atomic
def submit_for_review(assessment: Assessment, note: str, by: User) -> ReviewAct:
    """Open a round on what stands now, and close the content to changes. Gaps are counted, not refused.

    Raises ``ReviewRefused``.
    """
    standing = _locked(assessment, Act.SUBMIT, by)
    locked = standing.assessment
    found = fingerprint_content(locked)
    after = core.submit(standing.review, found.matters, authors_of(locked) | {by.pk})
    act = _write(
        standing,
        after,
        Kind.SUBMITTED,
        by,
        text=note,
        round=standing.round + 1,
        unanswered=found.unanswered,
        content_sha256=found.sha256,
        covers=cover_offers(locked),
        matters={str(matter): sha256 for matter, sha256 in found.matters.items()},
    )
    for matter in after.decisions:
        earlier = standing.latest[matter]
        ReviewDecision.objects.create(
            submission=act,
            offer_id=earlier.offer_id,
            concern=earlier.concern,
            is_accepted=True,
            remark=earlier.remark,
            carried_from=earlier.carried_from or earlier.submission.round,
            content_sha256=earlier.content_sha256,
            by=earlier.by,
            role=earlier.role,
            at=earlier.at,
        )
    reviewers = standing.panel.others(Action.REVIEW, after.authors) or standing.panel.able[Action.REVIEW]
    _tell(Notice.Kind.SUBMITTED, reviewers, locked, by, Action.REVIEW)
    return act


@transaction.atomic
def withdraw_submission(assessment: Assessment, by: User) -> ReviewAct:
    """Take a submission back while nobody decided on it. Raises ``ReviewRefused``."""
    standing = _locked(assessment, Act.WITHDRAW, by)
    was_returned = any(act.kind == Kind.RETURNED for act in standing.cycle)
    after = core.withdraw(standing.review, core.State.RETURNED if was_returned else core.State.DRAFT)
    return _write(standing, after, Kind.WITHDRAWN, by)


@transaction.atomic
def decide(assessment: Assessment, said: Mapping[Matter, MatterDecision], by: User) -> None:
    """Keep what ``by`` decides on each matter, in place of what was decided in this round. All or nothing.

    Raises ``ReviewRefused``.
    """
    standing = _locked(assessment, Act.DECIDE, by)
    review = standing.review
    now = timezone.now()
    for matter, decision in said.items():
        remark = _words(decision.remark)
        review = core.decide(review, matter, is_accepted=decision.is_accepted, remark=remark, by=by.pk)
        row = standing.decided.get(matter)
        questions = [] if decision.is_accepted else sorted(decision.questions)
        if row and [row.is_accepted, row.remark, row.questions] == [decision.is_accepted, remark, questions]:
            continue
        row = row or ReviewDecision(
            submission=standing.submission, offer_id=matter.offer or None, concern=matter.concern
        )
        row.is_accepted, row.remark, row.questions = decision.is_accepted, remark, questions
        row.content_sha256, row.carried_from = review.matters[matter], None
        row.by, row.role, row.at = by, standing.roles.get(by.pk, ""), now
        row.save()


@transaction.atomic
def close_round(assessment: Assessment, by: User) -> ReviewAct:
    """End the round: returned to the contributors, or accepted whole. Raises ``ReviewRefused``."""
    standing = _locked(assessment, Act.CLOSE, by)
    after = core.close(standing.review)
    if after.state is core.State.RETURNED:
        act = _write(standing, after, Kind.RETURNED, by)
        _tell(Notice.Kind.RETURNED, _contributors(standing), standing.assessment, by)
        return act
    act = _write(standing, after, Kind.ACCEPTED, by, **_coverage(standing))
    others = standing.panel.others(Action.APPROVE, standing.review.authors) or standing.panel.able[Action.APPROVE]
    _tell(Notice.Kind.APPROVED, {*others, *_submitter(standing)}, standing.assessment, by)
    return act


@transaction.atomic
def send_back(assessment: Assessment, reason: str, by: User) -> ReviewAct:
    """Return what was accepted, before its approval. Raises ``ReviewRefused``."""
    standing = _locked(assessment, Act.SEND_BACK, by)
    act = _write(standing, core.send_back(standing.review, reason), Kind.RETURNED, by, text=reason)
    _tell(Notice.Kind.RETURNED, _contributors(standing), standing.assessment, by)
    return act


@transaction.atomic
def approve(assessment: Assessment, note: str, by: User, *, shown: str | None = None) -> ReviewAct:
    """Approve the content that was accepted, if it is still the same to the letter. Raises ``ReviewRefused``.

    ``shown`` is the number of the last act of the review that ``by`` was shown: another acceptance than that one, of
    other contents, is not approved.
    """
    standing = _locked(assessment, Act.APPROVE, by)
    if shown is not None and shown != str(standing.acts[-1].pk):
        raise ReviewRefused(Reason.CHANGED)
    after = core.approve(standing.review, fingerprint_content(standing.assessment).matters)
    act = _write(standing, after, Kind.APPROVED, by, text=note, **_coverage(standing))
    _tell(Notice.Kind.APPROVED, {*_contributors(standing), *_reviewers(standing)}, standing.assessment, by)
    return act


@transaction.atomic
def reopen(assessment: Assessment, reason: str, by: User) -> ReviewAct:
    """Open approved content to changes again. Raises ``ReviewRefused``."""
    standing = _locked(assessment, Act.REOPEN, by)
    act = _write(standing, core.reopen(standing.review, reason), Kind.REOPENED, by, text=reason)
    _tell(Notice.Kind.REOPENED, {*_contributors(standing), *_reviewers(standing)}, standing.assessment, by)
    return act


def _locked(assessment: Assessment, act: Act, by: User) -> CurrentReview:
    """Where the review stands, nobody else's to change before the transaction ends. Raises ``ReviewRefused``."""
    queryset = Assessment.objects.select_for_update(of=("self",), no_key=True)
    queryset = queryset.select_related("edition", "organisation").defer("edition__document")
    standing = read_review(queryset.get(pk=assessment.pk))
    if reason := standing.refusal(act, by):
        raise ReviewRefused(reason)
    return standing


def _words(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_REMARK or "\x00" in text:
        raise ReviewRefused(Reason.TOO_LONG)
    return text


def _write(standing: CurrentReview, after: Review, kind: Kind, by: User, *, text: str = "", **fields: Any) -> ReviewAct:
    assessment = standing.assessment
    values: dict[str, Any] = {"round": standing.round, **fields}
    if action := JUDGING.get(kind):
        values["eyes"] = core.eyes(action, by.pk, standing.review.authors, standing.panel)
    act = ReviewAct.objects.create(
        assessment=assessment,
        kind=kind,
        by=by,
        role=standing.roles.get(by.pk, ""),
        at=timezone.now(),
        text=_words(text),
        **values,
    )
    assessment.review_state = after.state
    assessment.save(update_fields=["review_state", "updated_at"])
    return act


def _coverage(standing: CurrentReview) -> dict[str, Any]:
    return {
        "content_sha256": fingerprint_content(standing.assessment).sha256,
        "covers": cover_offers(standing.assessment),
    }


def _submitter(standing: CurrentReview) -> set[int]:
    return {standing.submission.by_id} if standing.submission and standing.submission.by_id else set()


def _contributors(standing: CurrentReview) -> set[int]:
    """Who submitted, and everybody whose answers stand."""
    written = Answer.objects.filter(assessment=standing.assessment, updated_by__isnull=False)
    return _submitter(standing) | set(written.order_by().values_list("updated_by", flat=True).distinct())


def _reviewers(standing: CurrentReview) -> set[int]:
    return {decision.by_id for decision in standing.latest.values() if decision.by_id}


def _tell(
    kind: Notice.Kind, people: Iterable[int], assessment: Assessment, by: User, may: Action = Action.READ
) -> None:
    notify(kind, people, assessment, link=reverse("assessment-review", args=[assessment.pk]), by=by, may=may)
