"""After answering: what is missing, what the answers are worth, and the report."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from checklists.core.people.permissions import Action
from checklists.documents.pages.gather import given_answers
from checklists.models import Answer
from checklists.services.changing import find_changes
from checklists.services.team.threads import talks_of
from checklists.web.answers.chapters import question_url, resume_url
from checklists.web.answers.views import Desk
from checklists.web.evidence.lines import ending_of
from checklists.web.frameworks.lenses import lens_views, link_to
from checklists.web.site.access import member_required, offer_or_404, permissions_here
from checklists.words.changing.sensitivity import present_next, present_sensitivity
from checklists.words.changing.smallest import present_changes
from checklists.words.judging.law import present_law
from checklists.words.judging.presentation import departures, lines_of, present
from checklists.words.kinds import faces_with_a_part

FILTERS = ("all", "unanswered", "unknown", "not_applicable", "commented", "presumed")


@member_required
def review(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Every question asked, what was answered, and first of all what is not."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    judgement = desk.judgement
    pages = desk.pages(judgement)
    states, day = desk.states(judgement), offer.assessment.reference_date
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in FILTERS else "all"
    given = given_answers(desk.rows)
    asked = [line for lines in lines_of(desk.asked, states, day, given, asked=True).values() for line in lines]
    tests = {
        "all": lambda line: True,
        "unanswered": lambda line: line.state == "unanswered",
        "unknown": lambda line: line.state == "unknown",
        "not_applicable": lambda line: line.state == "not_applicable",
        "commented": lambda line: bool(line.comment),
        "presumed": lambda line: line.is_presumed,
    }
    kept = {line.key: line for line in asked if tests[chosen](line)}
    sections = [(page, [kept[q.key] for q in page.questions if q.key in kept]) for page in pages]
    silent = [line for ls in lines_of(desk.asked, states, day, given, asked=False).values() for line in ls]
    proposed = present_next(desk.edition, desk.what_if)
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "pages": pages,
        "next_question": proposed,
        "next_url": question_url(pages, proposed.key) if proposed else "",
        "sections": [(page, lines) for page, lines in sections if lines],
        "counts": [(key, sum(tests[key](line) for line in asked)) for key in FILTERS],
        "chosen": chosen,
        "kept_but_not_asked": [line for line in silent if _was_answered(desk.rows.get(line.key))],
        "not_asked": [line for line in silent if not _was_answered(desk.rows.get(line.key))],
        "resume": resume_url(pages),
        "ending": ending_of(desk.rows.values(), desk.asked, offer.assessment),
        "talks": talks_of(offer.assessment, offer) if permissions_here(request)["see_team"] else {},
    }
    return render(request, "web/judging/review.html", context)


def _was_answered(row: Answer | None) -> bool:
    return row is not None and row.status != Answer.Status.UNANSWERED


@member_required
def resume(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """On to the first question that is asked and not answered; to the review once there is none."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    return redirect(resume_url(desk.pages(desk.judgement)) or reverse("review", args=[offer.pk]))


@member_required
def result(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The verdict, why, what to do; then the detail."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    judgement = desk.judgement
    pages = desk.pages(judgement)
    what_if = desk.what_if
    values = {key: row.value for key, row in desk.rows.items()}
    prospects = find_changes(desk.edition, what_if.answers, what_if.reference_date)
    sensitivity = present_sensitivity(desk.edition, judgement, values, what_if)
    context = {
        "changes": present_changes(desk.edition, judgement, values, prospects),
        "sensitivity": sensitivity,
        "next_question": sensitivity.next,
        "next_url": question_url(pages, sensitivity.next.key) if sensitivity.next else "",
        "assessment": offer.assessment,
        "offer": offer,
        "edition": desk.edition,
        "departures": departures(desk.edition, judgement, given_answers(desk.rows)),
        "faces": [face for _key, face in faces_with_a_part(desk.edition)],
        "verdict": present(desk.edition, judgement),
        "lenses": lens_views(desk, link_to(pages)),
        "law": present_law(desk.edition, what_if.answers, judgement, timezone.localdate()),
        "pages": pages,
        "resume": resume_url(pages),
        "presumed": sum(
            row.is_presumed and key in judgement.states and judgement.states[key].asked
            for key, row in desk.rows.items()
        ),
        "compares": offer.assessment.offers.count() > 1,
    }
    for key, face in faces_with_a_part(desk.edition):
        context |= face.context(desk.edition, judgement, values.get(key, ""))
        context |= face.drawings(desk.edition, judgement, values.get(key, ""))
    return render(request, "web/judging/result.html", context)
