"""The review of an assessment: submit it, decide part by part, approve it, reopen it; and the whole history."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from checklists.core.people.permissions import Action
from checklists.core.review import Act, Matter, Reason, ReviewRefused
from checklists.models import Assessment, ReviewAct
from checklists.models.review import MAX_REMARK
from checklists.services.review import review_assessment
from checklists.services.review.read_review import CurrentReview, read_review
from checklists.services.review.review_assessment import MatterDecision
from checklists.web.review.desk import Part, ReviewDesk
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required
from checklists.words.review import EYES, REFUSALS

CHOICES = ("accept", "return")
FILTERS = ("all", "changed", "undecided")


@member_required
@require_safe
def show(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """Where the review stands, what is missing or decided, what the reader may do now, and the history."""
    return _page(request, assessment_or_404(request, assessment_id))


def _desk(request: SignedRequest, assessment: Assessment) -> ReviewDesk:
    standing = read_review(assessment)
    since = standing.earlier_submission(request.user)
    return ReviewDesk(assessment, standing, since if assessment.is_closed else standing.submission)


def _page(
    request: SignedRequest,
    assessment: Assessment,
    desk: ReviewDesk | None = None,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    desk = desk or _desk(request, assessment)
    standing = desk.standing
    refusals = {act.value: standing.refusal(act, request.user) for act in Act}
    parts = desk.parts
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in FILTERS and not errors else "all"
    tests: dict[str, Callable[[Part], bool]] = {
        "all": lambda part: True,
        "changed": lambda part: part.is_changed,
        "undecided": lambda part: part.outcome == "undecided",
    }
    is_round = assessment.review_state == Assessment.ReviewState.SUBMITTED
    groups = [(group.offer, [part for part in group.parts if tests[chosen](part)]) for group in desk.groups]
    context = {
        "assessment": assessment,
        "state": assessment.review_state,
        "groups": [(offer, kept) for offer, kept in groups if kept],
        "parts": parts,
        "can": {act: reason is None for act, reason in refusals.items()},
        "why_not": next((REFUSALS[r] for r in refusals.values() if r is Reason.OWN_WORK), ""),
        "is_round": is_round,
        "decides": is_round and refusals[Act.DECIDE] is None,
        "left": sum(part.left for part in parts),
        "doubts": sum(part.doubts for part in parts),
        "counts": [(name, sum(tests[name](part) for part in parts)) for name in FILTERS],
        "chosen": chosen,
        "only_changed": chosen == "changed",
        "since": desk.since,
        "undecided": sum(tests["undecided"](part) for _offer, kept in groups for part in kept),
        "returned": [part for part in parts if part.outcome == "returned"],
        "history": [(act, EYES.get(act.eyes, "")) for act in reversed(standing.acts)],
        "standing": standing,
        "last_act": standing.acts[-1].pk if standing.acts else "",
        "sent_back": _sent_back(standing),
        "approval": next((act for act in reversed(standing.cycle) if act.kind == "approved"), None),
        "typed": request.POST,
        "errors": errors or {},
    }
    return render(request, "web/review/page.html", context, status=status)


def _sent_back(standing: CurrentReview) -> ReviewAct | None:
    """The last return, when it was for a reason of its own and not by parts."""
    last = next((act for act in reversed(standing.cycle) if act.kind == ReviewAct.Kind.RETURNED), None)
    return last if last and last.text else None


def _refused(
    request: SignedRequest, assessment: Assessment, field: str, refused: ReviewRefused, desk: ReviewDesk | None = None
) -> HttpResponse:
    """The page again, with what was typed and what is wrong beside it."""
    if refused.reason is Reason.NOT_ALLOWED:
        raise Http404("not allowed")
    assessment.refresh_from_db(fields=["review_state"])
    words = str(REFUSALS[refused.reason])
    if refused.reason not in (Reason.NO_WORDS, Reason.TOO_LONG):
        messages.error(request, words)
    status = 409 if refused.reason is Reason.CHANGED else 422
    return _page(request, assessment, desk, errors={field: words}, status=status)


def _act(
    request: SignedRequest,
    assessment_id: UUID,
    may: Action,
    field: str,
    act: Callable[[Assessment], object],
    done: str,
) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=may)
    try:
        act(assessment)
    except ReviewRefused as refused:
        return _refused(request, assessment, field, refused)
    messages.success(request, done)
    return redirect("assessment-review", assessment.pk)


@require_POST
@member_required
def submit(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    by, note = request.user, request.POST.get("note", "")
    return _act(
        request,
        assessment_id,
        Action.ANSWER,
        "note",
        lambda assessment: review_assessment.submit_for_review(assessment, note, by),
        _("Submitted for review. You can withdraw it as long as nobody has decided."),
    )


@require_POST
@member_required
def withdraw(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    by = request.user
    return _act(
        request,
        assessment_id,
        Action.ANSWER,
        "withdraw",
        lambda assessment: review_assessment.withdraw_submission(assessment, by),
        _("Withdrawn: the answers can be changed again."),
    )


@require_POST
@member_required
def send_back(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    by, reason = request.user, request.POST.get("reason", "")
    return _act(
        request,
        assessment_id,
        Action.REVIEW,
        "reason",
        lambda assessment: review_assessment.send_back(assessment, reason, by),
        _("Sent back: the answers can be changed again."),
    )


@require_POST
@member_required
def approve(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    by, note = request.user, request.POST.get("note", "")
    return _act(
        request,
        assessment_id,
        Action.APPROVE,
        "note",
        lambda assessment: review_assessment.approve(assessment, note, by, shown=request.POST.get("shown")),
        _("Approved. The content is locked until an owner reopens it."),
    )


@require_POST
@member_required
def reopen(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    by, reason = request.user, request.POST.get("reason", "")
    return _act(
        request,
        assessment_id,
        Action.APPROVE,
        "reason",
        lambda assessment: review_assessment.reopen(assessment, reason, by),
        _("Reopened: the answers can be changed again. Nothing is approved any more."),
    )


@require_POST
@member_required
def decide(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """Keep what was decided on each part sent; then, if asked, accept what is left, or end the review."""
    assessment = assessment_or_404(request, assessment_id, may=Action.REVIEW)
    desk = _desk(request, assessment)
    go = request.POST.get("go", "save")
    said: dict[Matter, MatterDecision] = {}
    errors = False
    for part in desk.parts:
        decision = _said(request, part)
        errors = errors or bool(part.error)
        is_left = part.outcome == "undecided" and f"seen-{part.name}" in request.POST
        if decision is None and go == "accept_rest" and is_left and not part.error:
            decision = MatterDecision(True)
        if decision is not None:
            said[part.matter] = decision
    if errors:
        messages.error(request, _("Nothing was kept yet: see what is marked below."))
        return _page(request, assessment, desk, errors={"decisions": _("To be mended")}, status=422)
    try:
        review_assessment.decide(assessment, said, request.user)
    except ReviewRefused as refused:
        return _refused(request, assessment, "decisions", refused, desk)
    if go != "close":
        kept = ngettext("%(n)d decision kept.", "%(n)d decisions kept.", len(said)) % {"n": len(said)}
        messages.success(request, _("Saved.") if not said else kept)
        return redirect("assessment-review", assessment.pk)
    try:
        act = review_assessment.close_round(assessment, request.user)
    except ReviewRefused as refused:
        return _refused(request, assessment, "decisions", refused)
    if act.kind == "returned":
        messages.success(request, _("Returned to those who answer, with your remarks."))
    else:
        messages.success(request, _("The review is accepted. An owner can approve it now."))
    return redirect("assessment-review", assessment.pk)


def _said(request: SignedRequest, part: Part) -> MatterDecision | None:
    """What the form says of ``part``, when it says anything else than what stands; ``part.error`` when it is wrong."""
    if f"seen-{part.name}" not in request.POST:
        return None
    standing = (part.choice, part.remark, part.mend)
    choice = request.POST.get(f"decision-{part.name}", "")
    part.choice = choice if choice in CHOICES else ""
    part.remark = request.POST.get(f"remark-{part.name}", "").replace("\r\n", "\n").strip()
    own = {line.answer.key for line in part.lines}
    part.mend = frozenset(own & set(request.POST.getlist(f"mend-{part.name}")))
    if (part.choice, part.remark, part.mend) == standing:
        return None
    if request.POST[f"seen-{part.name}"] != part.seen and part.decision:
        part.error = _("%(person)s decided on it meanwhile: %(decision)s. Send the form again to replace that.") % {
            "person": part.decision.by or _("Somebody"),
            "decision": " – ".join(filter(None, (part.outcome_words, part.decision.remark))),
        }
    elif not part.choice:
        part.error = _("Say whether you accept this part or return it.")
    elif part.choice == "return" and not part.remark:
        part.error = _("Write what is to be mended: those who answer read it beside the questions.")
    elif len(part.remark) > MAX_REMARK:
        part.error = str(REFUSALS[Reason.TOO_LONG])
    return None if part.error else MatterDecision(part.choice == "accept", part.remark, tuple(part.mend))
