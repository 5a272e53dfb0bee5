"""A draft as a respondent would see it. The answers given here stay in the session: nothing is saved, nobody's
assessment is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checklists.core.editions.edition import Edition, EditionError, Question
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.core.kinds import kind_of
from checklists.models import Answer, Draft
from checklists.packs.files.problems import PackError
from checklists.services.answers.save_answer import AnswerRefused, check_said
from checklists.services.drafts.compile_draft import compile_draft
from checklists.services.editions.own_checklists import powers_on
from checklists.services.judging.judge_offer import core_answers
from checklists.services.team.assign import WORKLOAD
from checklists.web.answers.chapters import Chapter, chapter_of
from checklists.web.answers.forms import QuestionnaireForm, names, said_in, was_sent
from checklists.web.site.access import member_required
from checklists.words.day_field import DayField
from checklists.words.gather import given_answers
from checklists.words.offer import OfferReading
from checklists.words.vocabulary import pick


class CannotBeShown(Exception):
    """The draft has errors that keep it from being compiled."""


@dataclass
class Scratch:
    """A draft compiled, and what this session answered to it."""

    request: HttpRequest
    draft: Draft

    @cached_property
    def edition(self) -> Edition:
        """Raises ``CannotBeShown``."""
        try:
            return Edition.from_document(compile_draft(self.draft).to_document())
        except (PackError, EditionError) as error:
            raise CannotBeShown from error

    @property
    def _name(self) -> str:
        return f"draft-preview-{self.draft.pk}"

    @cached_property
    def kept(self) -> dict[str, Any]:
        return dict(self.request.session.get(self._name) or {"day": timezone.localdate().isoformat(), "answers": {}})

    def keep(self) -> None:
        self.request.session[self._name] = self.kept

    def forget(self) -> None:
        self.request.session.pop(self._name, None)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.kept["day"])

    @property
    def rows(self) -> dict[str, Answer]:
        """The answers of the session, as rows that are never saved; those to questions gone meanwhile left out."""
        answers = {key: Answer(question=key, **said) for key, said in self.kept["answers"].items()}
        return {key: row for key, row in answers.items() if key in self.edition.questions}

    @property
    def judgement(self) -> Judgement:
        return judge(self.edition, core_answers(self.rows.values()), self.day)

    def reading(self, judgement: Judgement) -> OfferReading:
        """What is told of an offer with these answers, seen from the day chosen."""
        return OfferReading(self.edition, given_answers(self.rows), judgement, self.day)

    def answer(self, question: Question, data: Mapping[str, Any]) -> None:
        """Raises ``AnswerRefused``."""
        said, _revision = said_in(question, data)  # type: ignore[arg-type]
        check_said(question, said)
        fields = ("status", "value", "justification", "comment")
        self.kept["answers"][question.key] = {field: str(getattr(said, field)) for field in fields}

    def pages(self, judgement: Judgement) -> list[Chapter]:
        edition, states = self.edition, judgement.states
        workload = [question for question in edition.questions.values() if question.scope == "workload"]
        listed = [(WORKLOAD, _("The processing to be hosted"), _("What is to be hosted."), workload)]
        for concern in edition.concerns.values():
            asked = [edition.questions[key] for key in concern.questions if edition.questions[key].scope == "offer"]
            listed.append((concern.key, pick(concern.title), pick(concern.summary), asked))
        return [
            chapter_of(key, title, summary, self.url("page", key), self.url("progress", key), asked, states)
            for key, title, summary, asked in listed
        ]

    def url(self, name: str, *args: str) -> str:
        return reverse(f"draft-preview-{name}", args=[self.draft.pk, *args])


def _scratch(request: HttpRequest, draft_id: int) -> Scratch:
    """For who may read drafts; not found otherwise."""
    draft = get_object_or_404(Draft, pk=draft_id)
    if "view" not in powers_on(request.user, draft.checklist):
        raise Http404("no draft")
    return Scratch(request, draft)


@member_required
def enter(request: HttpRequest, draft_id: int) -> HttpResponse:
    scratch = _scratch(request, draft_id)
    try:
        judgement = scratch.judgement
    except CannotBeShown:
        messages.error(request, _("This draft cannot be shown before its errors are mended: the checks list them."))
        return redirect("admin:checklists_draft_checks", draft_id)
    return redirect(scratch.pages(judgement)[0].url)


@member_required
def page(request: HttpRequest, draft_id: int, chapter: str) -> HttpResponse:
    scratch = _scratch(request, draft_id)
    try:
        judgement = scratch.judgement
    except CannotBeShown:
        return redirect("draft-preview", draft_id)
    pages = scratch.pages(judgement)
    here = _here(pages, chapter)
    refused: dict[str, AnswerRefused] = {}
    if request.method == "POST":
        sent = request.POST.copy()
        cleared = sent.get("clear", "")
        for part in ("answer", "value", "justification"):
            sent.pop(names(cleared)[part], None)
        for question in here.questions:
            if was_sent(question, sent):
                try:
                    scratch.answer(question, sent)
                except AnswerRefused as refusal:
                    refused[question.key] = refusal
        scratch.keep()
        if not refused:
            return redirect(_next_url(request.POST.get("go", ""), scratch, here, pages))
        judgement = scratch.judgement
    # A table belongs to an offer: here the questions it would answer are answered directly.
    shown = [question for question in here.questions if not kind_of(question.kind).is_table]
    save_urls = {question.key: scratch.url("save", question.key) for question in shown}
    data = request.POST if refused else None
    form = QuestionnaireForm(scratch.edition, shown, judgement.states, scratch.rows, save_urls, data)
    for key, why in refused.items():
        form.cards[key].errors, form.cards[key].state = why.errors, "failed"
    pages = scratch.pages(judgement)
    at = [chapter.key for chapter in pages].index(here.key)
    context = {
        "draft": scratch.draft,
        "pages": pages,
        "here": pages[at],
        "form": form,
        "leaves_out_tables": len(shown) < len(here.questions),
        "failed": [form.cards[key] for key in refused],
        "following": pages[at + 1] if at + 1 < len(pages) else None,
    }
    return render(request, "web/drafts/page.html", context, status=422 if refused else 200)


def _here(pages: list[Chapter], key: str) -> Chapter:
    here = next((chapter for chapter in pages if chapter.key == key), None)
    if here is None:
        raise Http404(f"no chapter {key}")
    return here


def _next_url(go: str, scratch: Scratch, here: Chapter, pages: list[Chapter]) -> str:
    at = pages.index(here)
    if go == "next":
        return pages[at + 1].url if at + 1 < len(pages) else scratch.url("result")
    return here.url


@require_POST
@member_required
def save(request: HttpRequest, draft_id: int, question_key: str) -> HttpResponse:
    """One answer, kept in the session."""
    scratch = _scratch(request, draft_id)
    try:
        question = scratch.edition.questions.get(question_key)
    except CannotBeShown:
        question = None
    if question is None:
        raise Http404(f"no question {question_key}")
    context: dict[str, Any] = {"state": "saved", "at": timezone.localtime()}
    try:
        scratch.answer(question, request.POST)
    except AnswerRefused as refusal:
        context = {"state": "refused", "errors": refusal.errors}
        return render(request, "web/answers/state.html", context, status=422)
    scratch.keep()
    response = render(request, "web/answers/state.html", context)
    response["HX-Trigger"] = "porte-cles:saved"
    return response


@member_required
def progress(request: HttpRequest, draft_id: int, chapter: str) -> HttpResponse:
    scratch = _scratch(request, draft_id)
    try:
        judgement = scratch.judgement
    except CannotBeShown:
        raise Http404("the draft cannot be shown") from None
    pages = scratch.pages(judgement)
    here = _here(pages, chapter)
    response = render(request, "web/answers/progress.html", {"pages": pages, "here": here})
    asked = {question.key: judgement.states[question.key].asked for question in here.questions}
    response["HX-Trigger"] = json.dumps({"porte-cles:asked": asked})
    return response


@member_required
def result(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What those answers would be judged under the draft, on a day of one's choice."""
    scratch = _scratch(request, draft_id)
    if day := request.GET.get("day"):
        try:
            scratch.kept["day"] = DayField().clean(day).isoformat()
            scratch.keep()
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
    try:
        judgement = scratch.judgement
    except CannotBeShown:
        return redirect("draft-preview", draft_id)
    context = {
        "draft": scratch.draft,
        "day": scratch.day,
        "assessment": {"reference_date": scratch.day},
        "pages": scratch.pages(judgement),
        "verdict": scratch.reading(judgement).verdict,
    }
    return render(request, "web/drafts/result.html", context)


@require_POST
@member_required
def restart(request: HttpRequest, draft_id: int) -> HttpResponse:
    _scratch(request, draft_id).forget()
    return redirect("draft-preview", draft_id)
