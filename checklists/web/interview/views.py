"""The interview of an offer: one question a screen, the one that leaves least to ask, until nothing is left to ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.interview.choose import Interview
from checklists.core.people.permissions import Action
from checklists.models import Offer
from checklists.services.answers.confirm_answers import confirm_answers
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused
from checklists.services.interview.read_interview import interview_of
from checklists.services.languages import site_languages
from checklists.web.answers.views import Desk
from checklists.web.evidence.lines import question_page
from checklists.web.interview.progress import Progress, keep_progress, read_progress
from checklists.web.interview.screen import (
    end_screen,
    question_screen,
    said_here,
    said_of_question,
    standing,
    unknown_here,
)
from checklists.web.site.access import SignedRequest, kept_form, member_required, offer_or_404
from checklists.words.clauses import clauses_to_obtain
from checklists.words.gather import given_answers
from checklists.words.interview import WHOM, whom_in
from checklists.words.judging.presentation import profile_words, value_text
from checklists.words.vocabulary import pick


@member_required
def interview(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Ask the next question, or the one named by ``question``; save what is sent."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    progress = read_progress(request, str(offer.pk))
    here = interview_of(desk.assessment, desk.rows.values(), progress.skipped)
    kept = kept_form(request)
    if request.method == "POST" and not kept:
        return _take(request, desk, here, progress)
    if kept:
        messages.warning(
            request, _("Your session had ended. What you had typed is below, not saved yet: check it, then save.")
        )
    key = (kept or request.GET).get("question", "")
    return _show(request, desk, here, progress, key, further="further" in (kept or request.GET), data=kept)


def _show(
    request: SignedRequest,
    desk: Desk,
    here: Interview,
    progress: Progress,
    key: str = "",
    *,
    further: bool = False,
    data: QueryDict | None = None,
    problem: AnswerRefused | AnswerIsStale | None = None,
) -> HttpResponse:
    state = here.what_if.established.states.get(key)
    if key and (state is None or not state.asked):
        raise Http404("no such question here")
    if not key:
        if presumed := _presumed(desk, progress):
            return _render(request, desk, standing(here, progress) | {"presumed": presumed}, "presumed")
        choice = here.next() or (here.further() if further else None)
        if choice is None:
            return _render(request, desk, end_screen(here, desk.rows, progress), "end")
        key = choice.question
    context = question_screen(here, desk.rows, progress, key, data, problem)
    question = here.edition.questions[key]
    context |= {
        "further": further,
        "evidence_url": question_page(question, desk.assessment, desk.offer),
        "discussion_url": desk.discussion_url(question),
        "table_url": desk.save_url(question) if context["is_table"] else "",
    }
    return _render(request, desk, context, "question", status=422 if problem else 200)


def _render(
    request: SignedRequest, desk: Desk, context: dict[str, Any], screen: str, status: int = 200
) -> HttpResponse:
    context |= {
        "screen": f"web/interview/{screen}.html",
        "assessment": desk.assessment,
        "offer": desk.offer,
        "here_url": _address(desk),
        "result_url": reverse("result", args=[_offer(desk).pk]),
    }
    return render(request, "web/interview/page.html", context, status=status)


def _presumed(desk: Desk, progress: Progress) -> list[dict[str, Any]]:
    """What a profile presumes, to be confirmed together; nothing once that was put off."""
    if progress.later:
        return []
    given = given_answers(desk.rows)
    return [
        {
            "key": key,
            "text": pick(desk.edition.questions[key].text),
            "answer": value_text(desk.edition.questions[key], row.value),
            "source": profile_words(given[key]),
            "revision": row.revision,
        }
        for key, row in desk.rows.items()
        if row.is_presumed and key in desk.edition.questions
    ]


def _take(request: SignedRequest, desk: Desk, here: Interview, progress: Progress) -> HttpResponse:
    go, key = request.POST.get("go", ""), request.POST.get("question", "")
    further = "further" in request.POST
    onward = _address(desk) + ("?further" if further else "")
    if go in ("confirm", "later"):
        return _confirm(request, desk, here, progress, go)
    question = here.edition.questions.get(key)
    if question is None:
        return redirect(onward)
    if go == "skip":
        progress.skip(key)
        keep_progress(request, str(_offer(desk).pk), progress)
        return redirect(onward)
    sent = said_here(here, key, request.POST)
    try:
        said_of_question(here, key, sent)
        desk.save(request, question, sent)
    except (AnswerRefused, AnswerIsStale) as problem:
        return _show(request, desk, here, progress, key, further=further, data=sent, problem=problem)
    progress.answered(key, here.verdict)
    keep_progress(request, str(_offer(desk).pk), progress)
    return redirect(onward)


def _confirm(request: SignedRequest, desk: Desk, here: Interview, progress: Progress, go: str) -> HttpResponse:
    """Confirm the presumed answers that were ticked, each as it was seen; ask the others one by one."""
    seen = {}
    for key in request.POST.getlist("presumed") if go == "confirm" else ():
        revision = request.POST.get(f"revision-{key}", "")
        if revision.isdecimal() and len(revision) < 9:
            seen[key] = int(revision)
    if seen:
        confirmed, changed = confirm_answers(_offer(desk), seen, request.user)
        sentence = ngettext("%(n)d answer confirmed.", "%(n)d answers confirmed.", confirmed)
        messages.success(request, sentence % {"n": confirmed})
        if changed:
            messages.warning(request, _("Some answers were changed by somebody meanwhile: read them again."))
        progress.before = here.verdict
    progress.later = True
    keep_progress(request, str(_offer(desk).pk), progress)
    return redirect(_address(desk))


def _offer(desk: Desk) -> Offer:
    """The desk of an interview always has an offer."""
    if desk.offer is None:
        raise Http404("no offer")
    return desk.offer


def _address(desk: Desk) -> str:
    return reverse("interview", args=[_offer(desk).pk])


@member_required
def to_ask(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """What was answered "I don’t know": whom to ask, and where to look. Also as a text to send."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    groups: dict[str, list[dict[str, str]]] = {}
    for key in unknown_here(desk.edition, desk.rows, desk.judgement.states):
        question = desk.edition.questions[key]
        whom = whom_in(desk.rows[key].comment, site_languages()) or (
            "provider" if question.scope == "offer" else "colleague"
        )
        line = {"key": key, "text": pick(question.text), "where": pick(question.where), "whom": whom}
        groups.setdefault(whom, []).append(line)
    listed = [(whom, WHOM[whom], groups[whom]) for whom in WHOM if whom in groups]
    if request.GET.get("form") == "text":
        return _as_text(request, desk, [group for group in listed if request.GET.get("whom", group[0]) == group[0]])
    clauses = clauses_to_obtain(desk.edition, desk.judgement)
    context = {"assessment": offer.assessment, "offer": offer, "groups": listed, "clauses": clauses}
    return render(request, "web/interview/to_ask.html", context)


def _as_text(request: SignedRequest, desk: Desk, groups: list[Any]) -> HttpResponse:
    clauses = clauses_to_obtain(desk.edition, desk.judgement)
    context = {"assessment": desk.assessment, "offer": desk.offer, "groups": groups, "clauses": clauses}
    response = render(request, "web/interview/to_ask.txt", context, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="questions.txt"'
    return response
