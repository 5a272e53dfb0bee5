"""Where the review of an assessment stands: rows in, the pure form out, and who takes part in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from checklists.core.people.permissions import Action, allows
from checklists.core.review import Act, Decision, Matter, Panel, Reason, Review, State, refusal
from checklists.models import Answer, AnswerChange, Assessment, Membership, ReviewAct, ReviewDecision, User

Kind = ReviewAct.Kind


@dataclass(frozen=True, slots=True)
class CurrentReview:
    """The review of ``assessment`` as it stands.

    ``acts``: the whole history, oldest first; ``cycle``: since the content was last reopened. ``submission``: the last
    one of the cycle, whose round goes on or was closed. ``decided``: the decisions of that round. ``latest``: the last
    decision on each matter in the cycle, of whichever round: what contributors have to look at.
    """

    assessment: Assessment
    review: Review
    panel: Panel
    roles: Mapping[int, str]
    acts: tuple[ReviewAct, ...]
    cycle: tuple[ReviewAct, ...]
    submission: ReviewAct | None
    decided: Mapping[Matter, ReviewDecision]
    latest: Mapping[Matter, ReviewDecision]

    @property
    def round(self) -> int:
        """The last round of all; 0 before the first submission."""
        return self.acts[-1].round if self.acts else 0

    def refusal(self, act: Act, who: User) -> Reason | None:
        return refusal(self.review, act, who.pk, self.panel)

    def earlier_submission(self, reader: User) -> ReviewAct | None:
        """The submission before this one that ``reader`` decided on, else the one before: what was last looked at."""
        earlier = [act for act in self.acts if act.kind == Kind.SUBMITTED and act != self.submission]
        if not earlier:
            return None
        read = ReviewDecision.objects.filter(submission__in=earlier, by=reader, carried_from=None)
        last = read.order_by("-submission").values_list("submission", flat=True).first()
        return next((act for act in earlier if act.pk == last), earlier[-1])


def matter_of(decision: ReviewDecision) -> Matter:
    return Matter(str(decision.offer_id or ""), decision.concern)


def read_review(assessment: Assessment) -> CurrentReview:
    """Four queries, whatever the length of the history."""
    acts = tuple(ReviewAct.objects.filter(assessment=assessment).select_related("by"))
    cycle = _since_reopened(acts)
    submission = next((act for act in reversed(cycle) if act.kind == Kind.SUBMITTED), None)
    decisions = ReviewDecision.objects.filter(submission__in=cycle).select_related("by", "submission") if cycle else ()
    latest: dict[Matter, ReviewDecision] = {}
    decided: dict[Matter, ReviewDecision] = {}
    for decision in decisions:
        latest[matter_of(decision)] = decision
        if submission and decision.submission_id == submission.pk:
            decided[matter_of(decision)] = decision
    state = State(assessment.review_state)
    counted = latest if state in (State.DRAFT, State.RETURNED) else decided
    roles = _roles(assessment)
    review = Review(
        state=state,
        matters={Matter.of(key): sha256 for key, sha256 in submission.matters.items()} if submission else {},
        decisions={matter: _pure(decision) for matter, decision in counted.items()},
        authors=_authors(assessment, submission),
    )
    able = {action: frozenset(who for who, role in roles.items() if allows(role, action)) for action in Action}
    panel = Panel(able, assessment.organisation.review_takes_two)
    return CurrentReview(assessment, review, panel, roles, acts, cycle, submission, decided, latest)


def _since_reopened(acts: tuple[ReviewAct, ...]) -> tuple[ReviewAct, ...]:
    reopened = [index for index, act in enumerate(acts) if act.kind == Kind.REOPENED]
    return acts[reopened[-1] + 1 :] if reopened else acts


def _pure(decision: ReviewDecision) -> Decision:
    return Decision(
        is_accepted=decision.is_accepted,
        content=decision.content_sha256,
        by=decision.by_id,
        is_carried=decision.carried_from is not None,
    )


def _roles(assessment: Assessment) -> dict[int, str]:
    members = Membership.objects.filter(organisation=assessment.organisation_id, user__is_active=True)
    return dict(members.values_list("user", "role"))


def _authors(assessment: Assessment, submission: ReviewAct | None) -> frozenset[int]:
    """Who submitted, and whoever gave the most of the answers that stand."""
    if submission is None:
        return frozenset()
    return authors_of(assessment) | ({submission.by_id} if submission.by_id else set())


def authors_of(assessment: Assessment) -> frozenset[int]:
    """Whoever gave the most of the answers that stand; several when they gave as many."""
    standing = Answer.objects.filter(assessment=assessment).exclude(status=Answer.Status.UNANSWERED).order_by()
    given: dict[int, int | None] = dict(standing.values_list("pk", "updated_by"))
    # Who wrote a comment on an answer did not give it: the last change of what it says counts.
    changes = AnswerChange.objects.filter(answer__in=given, revision__gt=1).order_by("answer", "-revision")
    rewritten: dict[int, list[AnswerChange]] = {}
    for change in changes if given else ():
        rewritten.setdefault(change.answer_id, []).append(change)
    for answer, told in rewritten.items():
        given[answer] = next((each.by_id for each in told if _says(each.before) != _says(each.after)), None)
    first = [answer for answer, by in given.items() if by is None and answer in rewritten]
    if first:
        given |= dict(AnswerChange.objects.filter(answer__in=first, revision=1).values_list("answer", "by"))
    counts = Counter(by for by in given.values() if by is not None)
    return frozenset(who for who, count in counts.items() if count == max(counts.values()))


def _says(kept: dict[str, Any] | None) -> dict[str, Any]:
    """What an answer says, without what is said about it."""
    return {name: value for name, value in (kept or {}).items() if name != "comment"}


def remarks_on(assessment: Assessment, offer_id: UUID | None) -> dict[str, ReviewDecision]:
    """What a reviewer had to say of an offer (``None``: of the workload) since the content was last reopened: the last
    decision on each concern, if it has a remark or returned it. One query."""
    reopened = ReviewAct.objects.filter(assessment=OuterRef("submission__assessment"), kind=Kind.REOPENED)
    last = Coalesce(Subquery(reopened.order_by("-pk").values("round")[:1]), 0)
    decisions = ReviewDecision.objects.filter(submission__assessment=assessment, offer=offer_id)
    latest = {each.concern: each for each in decisions.filter(submission__round__gt=last).select_related("by")}
    return {concern: each for concern, each in latest.items() if each.remark or not each.is_accepted}
