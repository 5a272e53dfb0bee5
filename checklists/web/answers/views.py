"""Answering: one page per chapter, one request per answer as one goes, or the whole page without a script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import Established, QuestionState
from checklists.core.judging.judgement import Judgement
from checklists.core.people.permissions import Action
from checklists.models import Answer, Assessment, FrameworkChoice, Offer, ReviewDecision
from checklists.services.answers.confirm_answers import confirm_answers
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of, read_lenses
from checklists.services.judging.judge_offer import edition_of, judge_rows, rows_of
from checklists.services.moves.read_move import was_asked_before
from checklists.services.profiles.fill_from_profile import newer_facts
from checklists.services.review.read_review import remarks_on
from checklists.services.team.assign import WORKLOAD, assignments_of
from checklists.services.team.threads import talks_of
from checklists.web.answers.chapters import Chapter, chapters, with_assignments
from checklists.web.answers.conflicts import Conflict, conflict_of
from checklists.web.answers.forms import QuestionnaireForm, as_stands, is_changed, names, said_in, was_sent
from checklists.web.evidence.lines import place_on_cards, question_page
from checklists.web.site.access import (
    SignedRequest,
    assessment_or_404,
    kept_form,
    member_required,
    offer_or_404,
    permissions_here,
)
from checklists.words.contents import Lenses
from checklists.words.frameworks import Link
from checklists.words.gather import given_answers
from checklists.words.kinds import face_of
from checklists.words.offer import OfferReading, no_link
from checklists.words.profiles.facts import fact_words
from checklists.words.vocabulary import listed, pick


@dataclass
class Desk:
    """What one respondent has before them: an assessment, perhaps an offer, the answers and how they judge."""

    assessment: Assessment
    offer: Offer | None

    @property
    def edition(self) -> Edition:
        return edition_of(self.assessment)

    @cached_property
    def rows(self) -> dict[str, Answer]:
        return rows_of(self.assessment, self.offer)

    @property
    def judgement(self) -> Judgement:
        return judge_rows(self.assessment, self.rows.values())

    @cached_property
    def choices(self) -> list[FrameworkChoice]:
        return choices_of(self.assessment)

    @property
    def asked(self) -> Edition:
        """The edition and the chosen frameworks' own questions."""
        return questionnaire_of(self.assessment, self.choices)

    @property
    def established(self) -> Established:
        """What is asked now and what each answer counts as, the frameworks' own questions included."""
        return establish_rows(self.asked, self.assessment, self.rows.values())

    @property
    def lenses(self) -> Lenses:
        """The chosen frameworks' readings of the answers as they stand."""
        established = self.established
        return Lenses(tuple(read_lenses(established, self.choices)), self.asked, established)

    def reading(self, judgement: Judgement, *, lenses: Lenses | None = None, link: Link = no_link) -> OfferReading:
        """What is told of the offer as the answers stand today."""
        given, today = given_answers(self.rows), timezone.localdate()
        return OfferReading(self.edition, given, judgement, today, lenses, link)

    def question(self, key: str) -> Question | None:
        """One of the checklist's or, failing that, of the chosen frameworks' questions."""
        return self.edition.questions.get(key) or self.asked.questions.get(key)

    def states(self, judgement: Judgement) -> Mapping[str, QuestionState]:
        """Each question's state: as judged and, for the frameworks' own questions, as established."""
        if len(self.asked.questions) == len(judgement.states):
            return judgement.states
        return {**self.established.states, **judgement.states}

    def pages(self, judgement: Judgement) -> list[Chapter]:
        return chapters(self.asked, self.states(judgement), self.assessment, self.offer)

    def team(self, pages: list[Chapter]) -> list[Chapter]:
        """The same pages, each with who answers it. One query."""
        return with_assignments(pages, assignments_of(self.assessment), self.offer)

    def discussion_url(self, question: Question) -> str:
        if self.offer and question.scope == "offer":
            return reverse("offer-discussion", args=[self.offer.pk, question.key])
        return reverse("workload-discussion", args=[self.assessment.pk, question.key])

    def conflict(self, request: SignedRequest, question: Question, standing: Answer, said: Said) -> Conflict:
        """``standing`` and ``said`` in words, and whose the first is."""

        def state_of(row: Answer) -> QuestionState:
            rows = {**self.rows, question.key: row}
            return establish_rows(self.asked, self.assessment, rows.values()).states[question.key]

        return conflict_of(question, standing, said, request.user, state_of)

    def save_url(self, question: Question) -> str:
        page = face_of(question.kind).page
        if self.offer and page:
            return reverse(page, args=[self.offer.pk])
        if self.offer and question.scope == "offer":
            return reverse("save-offer-answer", args=[self.offer.pk, question.key])
        return reverse("save-workload-answer", args=[self.assessment.pk, question.key])

    def save(self, request: SignedRequest, question: Question, data: QueryDict) -> Answer:
        """Raises ``AnswerRefused`` or ``AnswerIsStale``."""
        said, revision = said_in(question, data)
        return save_answer(
            assessment=self.assessment,
            offer=self.offer if question.scope == "offer" else None,
            question=question,
            said=said,
            revision=revision,
            by=request.user,
        )


@member_required
def workload(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=_needed(request))
    offer = assessment.offers.first()
    return _page(request, Desk(assessment, offer), WORKLOAD)


@member_required
def concern(request: SignedRequest, offer_id: UUID, concern_key: str) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=_needed(request))
    return _page(request, Desk(offer.assessment, offer), concern_key)


def _needed(request: SignedRequest) -> Action:
    """A question may be opened by whoever reads the assessment, and answered by those who answer."""
    return Action.ANSWER if request.method == "POST" else Action.READ


def _page(request: SignedRequest, desk: Desk, chapter_key: str) -> HttpResponse:
    judgement = desk.judgement
    pages = desk.pages(judgement)
    here = next((page for page in pages if page.key == chapter_key), None)
    if here is None:
        raise Http404(f"no chapter {chapter_key}")
    kept = kept_form(request)
    if request.method == "POST" and not kept:
        return _save_page(request, desk, here, pages)
    if kept:
        messages.warning(
            request, _("Your session had ended. What you had typed is below, not saved yet: check it, then save.")
        )
    return _render(request, desk, here, judgement, kept)


def _save_page(request: SignedRequest, desk: Desk, here: Chapter, pages: list[Chapter]) -> HttpResponse:
    """Save every answer of the page that changed; what cannot be saved is shown again, the rest is kept."""
    problems: dict[str, AnswerRefused | AnswerIsStale] = {}
    seen: dict[str, int] = {}
    cleared, given_up = request.POST.get("clear", ""), request.POST.get("keep-theirs", "")
    sent = request.POST.copy()
    for question in here.questions:
        if not was_sent(question, request.POST):
            continue
        seen[question.key] = said_in(question, request.POST)[1]
        data = sent
        if question.key == given_up:
            sent.update(as_stands(question, desk.rows.get(question.key)))
            continue
        if question.key == cleared:
            data = data.copy()
            for part in ("answer", "value", "justification"):
                data.pop(names(question.key)[part], None)
        if not is_changed(said_in(question, data)[0], desk.rows.get(question.key)):
            continue
        try:
            desk.rows[question.key] = desk.save(request, question, data)
            seen[question.key] = desk.rows[question.key].revision
        except (AnswerRefused, AnswerIsStale) as problem:
            problems[question.key] = problem
    if problems:
        return _render(request, desk, here, desk.judgement, sent, problems)
    if cleared or given_up:
        return redirect(f"{here.url}#q-{cleared or given_up}")
    if confirm := request.POST.get("confirm", ""):
        return _confirm(request, desk, here, confirm, seen)
    if request.POST.get("evidence") in {question.key for question in here.questions}:
        return redirect(question_page(desk.asked.questions[request.POST["evidence"]], desk.assessment, desk.offer))
    return redirect(_next_url(request.POST.get("go", ""), desk, here, pages))


def _confirm(request: SignedRequest, desk: Desk, here: Chapter, which: str, seen: Mapping[str, int]) -> HttpResponse:
    """Confirm one presumed answer of the page, or all of them ('*'), each as it was seen."""
    read = seen if which == "*" else {key: revision for key, revision in seen.items() if key == which}
    if desk.offer is None or not read:
        return redirect(here.url)
    confirmed, changed = confirm_answers(desk.offer, read, request.user)
    if confirmed:
        sentence = ngettext("%(n)d answer confirmed.", "%(n)d answers confirmed.", confirmed)
        messages.success(request, sentence % {"n": confirmed})
    if changed:
        names = listed(pick(question.text) for question in here.questions if question.key in changed)
        messages.warning(request, _("Changed by somebody meanwhile, read it again: %(names)s") % {"names": names})
    return redirect(here.url if which == "*" else f"{here.url}#q-{which}")


def _next_url(go: str, desk: Desk, here: Chapter, pages: list[Chapter]) -> str:
    position = pages.index(here)
    if go == "previous" and position:
        return pages[position - 1].url
    if go == "next":
        if position + 1 < len(pages):
            return pages[position + 1].url
        if desk.offer is None:
            return reverse("new-offer", args=[desk.assessment.pk])
        return reverse("check-answers", args=[desk.offer.pk])
    return here.url if go == "stay" else reverse("assessment", args=[desk.assessment.pk])


def _render(
    request: SignedRequest,
    desk: Desk,
    here: Chapter,
    judgement: Judgement,
    data: QueryDict | None = None,
    problems: Mapping[str, AnswerRefused | AnswerIsStale] | None = None,
) -> HttpResponse:
    pages = desk.pages(judgement)
    here = next(page for page in pages if page.key == here.key)
    save_urls = {question.key: desk.save_url(question) for question in here.questions}
    states = desk.states(judgement)
    form = QuestionnaireForm(desk.asked, here.questions, states, desk.rows, save_urls, data)
    may = permissions_here(request)
    talks = talks_of(desk.assessment, desk.offer) if may["see_team"] else {}
    for question in here.questions if may["see_team"] else ():
        card = form.cards[question.key]
        card.discussion_url, card.talk = desk.discussion_url(question), talks.get(question.key)
    for question in here.questions:
        face, row = face_of(question.kind), desk.rows.get(question.key)
        if face.kind.is_table and row and row.value:
            form.cards[question.key].summary = face.summary(desk.edition, row.value, desk.assessment.reference_date)
    for key, fact in newer_facts(desk.rows.values(), desk.assessment.edition.checklist).items():
        if desk.offer and key in form.cards and may["answer"]:
            form.cards[key].newer = fact_words(fact, desk.edition)
            form.cards[key].newer_url = reverse("fill-offer", args=[desk.offer.pk]) + f"?profile={fact.profile_id}"
    remark = _remark(desk, here)
    for key in remark.questions if remark and not remark.is_accepted else ():
        if key in form.cards:
            form.cards[key].is_to_mend = True
    place_on_cards(form.cards, desk.rows, desk.asked, desk.assessment, desk.offer)
    for key, problem in (problems or {}).items():
        card = form.cards[key]
        card.state = "failed"
        if isinstance(problem, AnswerRefused):
            card.errors = problem.errors
        else:
            question = desk.asked.questions[key]
            said = said_in(question, data)[0] if data else Said(Answer.Status.UNANSWERED)
            card.conflict = desk.conflict(request, question, problem.current, said)
            card.revision = problem.current.revision
    if problems:
        saved = ngettext("%d answer is not saved yet", "%d answers are not saved yet", len(problems)) % len(problems)
        messages.error(request, _("%(saved)s: see below. The others are.") % {"saved": saved})
    pages = desk.team(pages) if may["see_team"] else pages
    position = [page.key for page in pages].index(here.key)
    context = {
        "assessment": desk.assessment,
        "offer": desk.offer,
        "edition": desk.edition,
        "pages": pages,
        "here": here,
        "remark": remark,
        "form": form,
        "failed": [form.cards[key] for key in problems or {}],
        "previous": pages[position - 1] if position else None,
        "next": pages[position + 1] if position + 1 < len(pages) else None,
        "unsaved": bool(data),
        "presumed": sum(card.is_asked and bool(card.profile_words) for card in form.cards.values()),
        "kept_answers": sum(
            not states[q.key].asked and q.key in desk.rows and desk.rows[q.key].status != "unanswered"
            for q in here.questions
        ),
    }
    return render(request, "web/answers/page.html", context, status=422 if problems else 200)


def _remark(desk: Desk, here: Chapter) -> ReviewDecision | None:
    """What the reviewer said of this chapter, while it is to be mended."""
    if desk.assessment.review_state != Assessment.ReviewState.RETURNED:
        return None
    if here.key == WORKLOAD:
        return remarks_on(desk.assessment, None).get("")
    return remarks_on(desk.assessment, desk.offer.pk).get(here.key) if desk.offer else None


@require_POST
@member_required
def save_offer_answer(request: SignedRequest, offer_id: UUID, question_key: str) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    return _save_one(request, Desk(offer.assessment, offer), question_key, "offer")


@require_POST
@member_required
def save_workload_answer(request: SignedRequest, assessment_id: UUID, question_key: str) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.ANSWER)
    return _save_one(request, Desk(assessment, assessment.offers.first()), question_key, "workload")


def _save_one(request: SignedRequest, desk: Desk, question_key: str, scope: str) -> HttpResponse:
    """Save one answer and say how it went. What follows from it is asked for next, by the progress."""
    question = desk.question(question_key)
    if question is None and was_asked_before(desk.assessment, question_key):
        words = _(
            "This question is not asked any more: the assessment was moved to another edition. Open the page again."
        )
        return render(request, "web/answers/state.html", {"state": "refused", "errors": {"answer": words}}, status=422)
    if question is None or question.scope != scope:
        raise Http404(f"no question {question_key}")
    context: dict[str, Any] = {"revision_name": names(question.key)["revision"]}
    status = 200
    try:
        row = desk.save(request, question, request.POST)
        context |= {"state": "saved", "at": row.updated_at, "revision": row.revision}
        context["settled"] = "" if row.is_presumed else question.key
    except AnswerRefused as refusal:
        status = 422
        context |= {"state": "refused", "errors": refusal.errors}
    except AnswerIsStale as stale:
        status = 409
        context |= {
            "state": "conflict",
            "conflict": desk.conflict(request, question, stale.current, said_in(question, request.POST)[0]),
            "revision": stale.current.revision,
        }
    if not request.htmx:  # type: ignore[attr-defined]
        return _without_script(request, desk, question, status)
    response = HttpResponse(render_to_string("web/answers/state.html", context), status=status)
    if status == 200:
        response["HX-Trigger"] = "porte-cles:saved"
    return response


@member_required
def workload_progress(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.ANSWER)
    return _progress(request, Desk(assessment, assessment.offers.first()), WORKLOAD)


@member_required
def concern_progress(request: SignedRequest, offer_id: UUID, concern_key: str) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    return _progress(request, Desk(offer.assessment, offer), concern_key)


def _progress(request: SignedRequest, desk: Desk, chapter_key: str) -> HttpResponse:
    """Where one stands in each chapter, and which questions of this one are asked now."""
    judgement = desk.judgement
    pages = desk.pages(judgement)
    here = next((page for page in pages if page.key == chapter_key), None)
    if here is None:
        raise Http404(f"no chapter {chapter_key}")
    context = {"pages": desk.team(pages), "here": here, "offer": desk.offer}
    response = render(request, "web/answers/progress.html", context)
    states = desk.states(judgement)
    asked = {question.key: states[question.key].asked for question in here.questions}
    response["HX-Trigger"] = json.dumps({"porte-cles:asked": asked})
    return response


def _without_script(request: SignedRequest, desk: Desk, question: Question, status: int) -> HttpResponse:
    """The address also serves a plain form: back to the page, or the page with what could not be saved."""
    pages = desk.pages(desk.judgement)
    here = next(page for page in pages if question in page.questions)
    if status == 200:
        return redirect(f"{here.url}#q-{question.key}")
    return _save_page(request, desk, here, pages)
