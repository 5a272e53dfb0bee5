"""Discussions of the team: on the assessment, on each of its questions. Guests neither see nor take part in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.core.editions.edition import Question
from checklists.core.people.permissions import Action, allows
from checklists.models import Assessment, Comment, Discussion, Offer, User
from checklists.services.notices.read_notices import read_notices_at
from checklists.services.team.discuss import (
    CommentRefused,
    add_comment,
    address_of,
    change_comment,
    delete_comment,
    handles,
    may_change,
    resolve,
)
from checklists.services.team.threads import comments_in, discussions_of
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, assessment_or_404, kept_form, member_required, offer_or_404
from checklists.words.judging.presentation import answer_text
from checklists.words.vocabulary import pick


class CommentForm(forms.Form):
    # The service says what is too long or missing, in its own words.
    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For the team: not printed in reports, not shown to guests. 5,000 characters at most."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("text")

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


@dataclass(frozen=True)
class Place:
    """What is discussed: an assessment, or one of its questions."""

    assessment: Assessment
    offer: Offer | None
    question: Question | None
    url: str

    @property
    def key(self) -> str:
        return self.question.key if self.question else ""


@dataclass(frozen=True)
class CommentLine:
    comment: Comment
    is_mine: bool
    may_change: bool
    may_delete: bool


def _action(request: SignedRequest) -> Action:
    return Action.COMMENT if request.method == "POST" else Action.SEE_TEAM


@member_required
def of_assessment(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """The discussion of the assessment as a whole, and where else something is discussed."""
    assessment = assessment_or_404(request, assessment_id, may=_action(request))
    place = Place(assessment, None, None, reverse("discussions", args=[assessment.pk]))
    desk = Desk(assessment, None)
    threads = []
    for row in discussions_of(assessment):
        question = desk.question(row.question)
        row.assessment = assessment
        threads.append((row, pick(question.text) if question else row.question, address_of(row)))
    return _thread(request, place, {"threads": threads})


@member_required
def of_offer_question(request: SignedRequest, offer_id: UUID, question_key: str) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=_action(request))
    return _of_question(request, Desk(offer.assessment, offer), question_key, "offer")


@member_required
def of_workload_question(request: SignedRequest, assessment_id: UUID, question_key: str) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=_action(request))
    return _of_question(request, Desk(assessment, None), question_key, "workload")


def _of_question(request: SignedRequest, desk: Desk, key: str, scope: str) -> HttpResponse:
    question = desk.question(key)
    if question is None or question.scope != scope:
        raise Http404(f"no question {key}")
    place = Place(desk.assessment, desk.offer, question, desk.discussion_url(question))
    row = desk.rows.get(key)
    state = desk.established.states[key]
    if desk.offer:
        url = reverse("concern", args=[desk.offer.pk, question.concern])
    else:
        url = reverse("workload", args=[desk.assessment.pk])
    context = {
        "row": row,
        "answer": answer_text(question, state, row.value if row else ""),
        "answer_url": f"{url}#q-{key}",
    }
    return _thread(request, place, context)


def _thread(request: SignedRequest, place: Place, context: dict[str, Any]) -> HttpResponse:
    """The comments and the form to add one; what cannot be kept is shown again with the reason."""
    user: User = request.user
    kept = kept_form(request) if request.method == "GET" else None
    form = CommentForm(request.POST if request.method == "POST" else None, initial=kept and kept.dict())
    if form.is_bound and form.is_valid():
        try:
            comment = add_comment(place.assessment, place.offer, place.key, form.cleaned_data["text"], user)
        except CommentRefused as refused:
            form.add_error("text", refused.reasons)
        else:
            return redirect(f"{place.url}#comment-{comment.pk}")
    if request.method == "GET":
        read_notices_at(user, place.url)
    found = Discussion.objects.filter(assessment=place.assessment, offer=place.offer, question=place.key)
    discussion = found.select_related("resolved_by").first()
    owns = allows(getattr(request, "role_here", None), Action.MANAGE_ORGANISATION)
    comments = comments_in(discussion) if discussion else []
    context |= {
        "place": place,
        "assessment": place.assessment,
        "title": pick(place.question.text) if place.question else _("Discussion of the assessment"),
        "discussion": discussion,
        "lines": [_line(comment, user, owns) for comment in comments],
        "form": form,
        "handles": handles(place.assessment).items(),
    }
    return render(request, "web/team/discussion.html", context, status=422 if form.errors else 200)


def _line(comment: Comment, user: User, owns: bool) -> CommentLine:
    is_mine = comment.author_id == user.pk
    return CommentLine(comment, is_mine, may_change(comment, user), _may_delete(comment, user, owns))


def _may_delete(comment: Comment, user: User, owns: bool) -> bool:
    """Its author, or an owner, who answers for what is kept here."""
    return comment.deleted_at is None and (owns or comment.author_id == user.pk)


def _comment(request: SignedRequest, comment_id: int) -> Comment:
    """One comment of an assessment on which the reader may comment; not found and not allowed look the same."""
    found = Comment.objects.select_related("discussion__offer", "author")
    comment = get_object_or_404(found, pk=comment_id)
    comment.discussion.assessment = assessment_or_404(request, comment.discussion.assessment_id, may=Action.COMMENT)
    return comment


@member_required
def change(request: SignedRequest, comment_id: int) -> HttpResponse:
    comment = _comment(request, comment_id)
    user: User = request.user
    place = address_of(comment.discussion)
    back = f"{place}#comment-{comment.pk}"
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"text": comment.text})
    if not may_change(comment, user) and not form.is_bound:
        messages.error(request, _("A comment is changed only by who wrote it, within an hour. Write another one."))
        return redirect(back)
    if form.is_bound and form.is_valid():
        try:
            change_comment(comment, form.cleaned_data["text"], user)
        except CommentRefused as refused:
            form.add_error("text", refused.reasons)
        else:
            return redirect(back)
    context = {"form": form, "back": back, "assessment": comment.discussion.assessment,
               "handles": handles(comment.discussion.assessment).items()}  # fmt: skip
    return render(request, "web/team/change_comment.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def delete(request: SignedRequest, comment_id: int) -> HttpResponse:
    comment = _comment(request, comment_id)
    owns = allows(getattr(request, "role_here", None), Action.MANAGE_ORGANISATION)
    if _may_delete(comment, request.user, owns):
        delete_comment(comment)
        messages.success(request, _("The comment is deleted."))
    else:
        messages.error(request, _("A comment is deleted by who wrote it, or by an owner."))
    return redirect(f"{address_of(comment.discussion)}#comment-{comment.pk}")


@require_POST
@member_required
def mark(request: SignedRequest, discussion_id: int) -> HttpResponse:
    """Resolve the discussion, or open it again."""
    discussion = get_object_or_404(Discussion.objects.select_related("offer"), pk=discussion_id)
    discussion.assessment = assessment_or_404(request, discussion.assessment_id, may=Action.COMMENT)
    is_resolved = request.POST.get("resolved") == "yes"
    resolve(discussion, request.user if is_resolved else None)
    messages.success(request, _("Marked as resolved.") if is_resolved else _("Open again."))
    return redirect(address_of(discussion))
