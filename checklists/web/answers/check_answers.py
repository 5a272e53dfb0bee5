"""Checking the answers of an offer: what is missing, and where to go on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from checklists.core.people.permissions import Action
from checklists.core.plain_text import plain
from checklists.models import Answer
from checklists.services.team.threads import talks_of
from checklists.web.answers.chapters import question_url, resume_url
from checklists.web.answers.views import Desk
from checklists.web.evidence.lines import ending_of
from checklists.web.site.access import SignedRequest, member_required, offer_or_404, permissions_here
from checklists.words.judging.presentation import AnswerLine, lines_of

FILTERS = ("all", "unanswered", "unknown", "not_applicable", "commented", "presumed")


@member_required
def check_answers(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Every question asked, what was answered, and first of all what is not."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    judgement = desk.judgement
    pages = desk.pages(judgement)
    states, day = desk.states(judgement), offer.assessment.reference_date
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in FILTERS else "all"
    reading = desk.reading(judgement)
    given = reading.answers
    asked = [line for lines in lines_of(desk.asked, states, day, given, asked=True).values() for line in lines]
    tests: dict[str, Callable[[AnswerLine], bool]] = {
        "all": lambda line: True,
        "unanswered": lambda line: line.state == "unanswered",
        "unknown": lambda line: line.state == "unknown",
        "not_applicable": lambda line: line.state == "not_applicable",
        "commented": lambda line: bool(line.comment),
        "presumed": lambda line: line.is_presumed,
    }
    searched = request.GET.get("q", "").strip()[:100]
    kept = {line.key: line for line in asked if tests[chosen](line) and _says(line, searched)}
    sections = [(page, [kept[q.key] for q in page.questions if q.key in kept]) for page in pages]
    silent = [line for ls in lines_of(desk.asked, states, day, given, asked=False).values() for line in ls]
    proposed = reading.next_question
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "pages": pages,
        "next_question": proposed,
        "next_url": question_url(pages, proposed.key) if proposed else "",
        "sections": [(page, lines) for page, lines in sections if lines],
        "counts": [(key, sum(tests[key](line) for line in asked)) for key in FILTERS],
        "chosen": chosen,
        "searched": searched,
        "is_folded": chosen == "all" and not searched,
        "kept_but_not_asked": [line for line in silent if _was_answered(desk.rows.get(line.key))],
        "not_asked": [line for line in silent if not _was_answered(desk.rows.get(line.key))],
        "resume": resume_url(pages),
        "ending": ending_of(desk.rows.values(), desk.asked, offer.assessment),
        "talks": talks_of(offer.assessment, offer) if permissions_here(request)["see_team"] else {},
    }
    return render(request, "web/answers/check_answers.html", context)


def _says(line: AnswerLine, searched: str) -> bool:
    """Whether question, answer or comment hold every word of ``searched``, whatever accents and capitals."""
    text = plain(f"{line.text} {line.answer} {line.comment}")
    return all(word in text for word in plain(searched).split())


def _was_answered(row: Answer | None) -> bool:
    return row is not None and row.status != Answer.Status.UNANSWERED


@member_required
def resume(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """On to the first question that is asked and not answered; to checking them once there is none."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    return redirect(resume_url(desk.pages(desk.judgement)) or reverse("check-answers", args=[offer.pk]))
