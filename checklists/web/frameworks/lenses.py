"""Frameworks as lenses: choose them, read one on an offer, say what the buyer requires."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checklists.core.frameworks.framework import TOP_SEAL
from checklists.core.people.permissions import Action
from checklists.models import FrameworkChoice
from checklists.services.frameworks.choose_frameworks import MinimumRefused, choose_frameworks, require_levels
from checklists.services.frameworks.publish_framework import load_framework
from checklists.services.frameworks.read_lenses import read_lenses
from checklists.web.answers.chapters import Chapter, chapters
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required, offer_or_404
from checklists.words.frameworks import Link, present_lens
from checklists.words.gather import given_answers
from checklists.words.vocabulary import pick


@require_POST
@member_required
def choose(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    choose_frameworks(assessment, request.POST.getlist("framework"), request.user)
    messages.success(request, _("Saved."))
    return redirect(reverse("assessment", args=[assessment.pk]) + "#frameworks")


@member_required
def lens(request: SignedRequest, offer_id: UUID, key: str) -> HttpResponse:
    """One framework's own words for this offer: every outcome, the answers it came from, what is missing."""
    offer = offer_or_404(request, offer_id)
    return _show(request, Desk(offer.assessment, offer), key)


@require_POST
@member_required
def require(request: SignedRequest, offer_id: UUID, key: str) -> HttpResponse:
    """The buyer's minimum level of each objective: it holds for every offer of the assessment."""
    offer = offer_or_404(request, offer_id, may=Action.MANAGE_ASSESSMENT)
    desk = Desk(offer.assessment, offer)
    choice = _choice(desk, key)
    try:
        require_levels(choice, _minimums(request, choice))
    except (MinimumRefused, ValueError):
        return _show(request, desk, key, _("A minimum is a level from 0 to %(top)d.") % {"top": TOP_SEAL})
    messages.success(request, _("Saved."))
    return redirect("lens", offer.pk, key)


def _choice(desk: Desk, key: str) -> FrameworkChoice:
    choice = next((choice for choice in desk.choices if choice.framework.key == key), None)
    if choice is None:
        raise Http404(f"the framework {key} is not chosen")
    return choice


def _minimums(request: SignedRequest, choice: FrameworkChoice) -> dict[str, int]:
    """Raises ``ValueError`` on anything but a figure or nothing."""
    sent = {
        objective.key: request.POST.get(f"minimum-{objective.key}", "")
        for objective in load_framework(choice.framework.sha256).objectives
    }
    return {key: int(level) for key, level in sent.items() if level}


def _show(request: SignedRequest, desk: Desk, key: str, error: str = "") -> HttpResponse:
    choice = _choice(desk, key)
    established = desk.established
    pages = chapters(desk.asked, established.states, desk.assessment, desk.offer)
    (result,) = read_lenses(established, [choice])
    given = given_answers(desk.rows)
    link = link_to(pages)
    context = {
        "assessment": desk.assessment,
        "offer": desk.offer,
        "lens": present_lens(result, desk.asked, established, given, desk.assessment.reference_date, link),
        "levels": range(TOP_SEAL + 1),
        "error": error,
        "others": [
            {"key": other.framework.key, "title": pick(load_framework(other.framework.sha256).title)}
            for other in desk.choices
            if other.pk != choice.pk
        ],
    }
    return render(request, "web/frameworks/lenses/lens.html", context, status=422 if error else 200)


def link_to(pages: list[Chapter]) -> Link:
    """From a question to its card in the questionnaire."""
    cards = {question.key: f"{page.url}#q-{question.key}" for page in pages for question in page.questions}
    return lambda key: cards.get(key, "")
