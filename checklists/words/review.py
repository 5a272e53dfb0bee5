"""The review of an assessment in words, for the pages and for the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Edition
from checklists.core.review import Reason, State
from checklists.packs.reports.record import ReviewedMatter, ReviewStep
from checklists.services.day_format import date_format
from checklists.words.contents import ReviewContents
from checklists.words.vocabulary import pick

ROLES = {
    "owner": _("owner"),
    "contributor": _("contributor"),
    "reviewer": _("reviewer"),
}
EYES = {
    "alone": _("An author of the content did this: nobody else in the organisation may."),
    "one": _("An author of the content did this: the organisation does not ask for a second person."),
}
"""What is said when fewer than four eyes saw it."""
REFUSALS = {
    Reason.STATE: _("Somebody acted meanwhile: see where the review stands now. Nothing was changed."),
    Reason.OWN_WORK: _(
        "You submitted this assessment or wrote most of its answers: another member has to do this. "
        "An owner can lift that rule in the settings of the organisation."
    ),
    Reason.EMPTY: _("There is nothing to judge yet: add an offer first."),
    Reason.DECIDED: _("The review has begun: it is too late to withdraw. Ask a reviewer to return it."),
    Reason.UNDECIDED: _("Accept every part, or return at least one, before you end the review."),
    Reason.CHANGED: _("What stands is not what was accepted. Send it back, to be submitted and reviewed again."),
    Reason.NO_WORDS: _("Write why: it is kept in the history and printed in the report."),
    Reason.TOO_LONG: _("The text is too long: 5,000 characters at most."),
    Reason.UNKNOWN: _("This part is not in what was submitted. Reload the page."),
}

ACTS = {
    "submitted": _("Submitted"),
    "withdrawn": _("Withdrawn"),
    "returned": _("Returned"),
    "accepted": _("Accepted"),
    "approved": _("Approved"),
    "reopened": _("Reopened"),
}
NOT_APPROVED = {
    State.DRAFT: _("Not approved: working version"),
    State.SUBMITTED: _("Not approved: under review"),
    State.RETURNED: _("Not approved: returned by the review"),
    State.ACCEPTED: _("Accepted by the review, not approved yet"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One act of the history."""

    when: str
    what: str
    who: str
    notes: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class MatterLine:
    """The last decision on one part."""

    title: str
    outcome: str
    who: str
    when: str
    remark: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """``headline`` is the line of page one; ``coverage`` says what an approval has to do with this content."""

    headline: str
    is_approved: bool
    coverage: tuple[str, ...]
    covered_sha256: str
    remarks: str
    history: tuple[StepLine, ...]
    matters: tuple[MatterLine, ...]


def present_review(review: ReviewContents, asked: Edition) -> ReviewView:
    """The frozen review in the active language; ``asked`` names the concerns."""
    account, state = review.account, State(review.account.state)
    approval = next((step for step in reversed(account.history) if step.act == "approved"), None)
    is_same = approval is not None and approval.covers == review.covered_sha256
    is_approved = state is State.APPROVED and is_same
    return ReviewView(
        headline=_headline(state, approval, is_same),
        is_approved=is_approved,
        coverage=_coverage(state, approval, is_same, account.history),
        covered_sha256=review.covered_sha256 if is_approved else "",
        remarks=ngettext("%(n)d remark was made in all.", "%(n)d remarks were made in all.", account.remarks)
        % {"n": account.remarks},
        history=tuple(_step(step) for step in account.history),
        matters=tuple(_matter(matter, asked) for matter in account.matters),
    )


def _headline(state: State, approval: ReviewStep | None, is_same: bool) -> str:
    if state is State.APPROVED and approval:
        words = {"date": _day(approval.at), "person": _who(approval)}
        if is_same:
            return gettext("Approved on %(date)s by %(person)s") % words
        return gettext("Not what was approved on %(date)s: changed since") % words
    return str(NOT_APPROVED.get(state, NOT_APPROVED[State.DRAFT]))


def _coverage(state: State, approval: ReviewStep | None, is_same: bool, history: list[ReviewStep]) -> tuple[str, ...]:
    if approval is None:
        return (gettext("This content was never approved."),)
    if state is State.APPROVED and is_same:
        eyes = EYES.get(approval.eyes)
        covers = gettext(
            "The approval covers this very content: subject, answers, plan, external frameworks, edition, "
            "date and verdict. It does not cover how far the steps of a plan are carried out."
        )
        return (covers, str(eyes)) if eyes else (covers,)
    if state is State.APPROVED:
        return (gettext("What this report says is not what was approved: it changed since."),)
    reopened = next((step for step in reversed(history) if step.act == "reopened"), None)
    words = {"date": _day(approval.at), "person": _who(approval), "reopened": _day(reopened.at) if reopened else ""}
    told = gettext(
        "An earlier approval, of %(date)s by %(person)s, ended when the content was reopened on %(reopened)s."
    )
    since = gettext("The content did not change since.") if is_same else gettext("The content changed since.")
    return (told % words, since)


def _step(step: ReviewStep) -> StepLine:
    notes = [gettext("round %(n)d") % {"n": step.round}]
    if step.unanswered is not None:
        gaps = ngettext("%(n)d question without an answer", "%(n)d questions without an answer", step.unanswered)
        notes.append(gaps % {"n": step.unanswered})
    if step.eyes in EYES:
        notes.append(str(EYES[step.eyes]))
    return StepLine(_moment(step.at), str(ACTS[step.act]), _who(step), tuple(notes), step.text)


def _matter(matter: ReviewedMatter, asked: Edition) -> MatterLine:
    concern = asked.concerns.get(matter.concern)
    if concern:
        title = pick(concern.title)
    else:
        title = matter.concern or (
            gettext("The offer itself") if matter.of_offer else gettext("The processing to be hosted")
        )
    outcome = gettext("Accepted") if matter.is_accepted else gettext("Returned")
    return MatterLine(title, outcome, _who(matter), _moment(matter.at), matter.remark)


def _who(of: ReviewStep | ReviewedMatter) -> str:
    """The name and the role as of the issue."""
    name = of.by or gettext("a person without an account any more")
    role = ROLES.get(of.role)
    return f"{name} ({role})" if role else name


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
