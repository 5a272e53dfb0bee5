"""The front door."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.core.editions import edition as core
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.judgement import VerdictBand
from checklists.models import Edition
from checklists.services.editions.publish_edition import FLAGSHIP, current_edition, load_edition
from checklists.services.judging.judge_cases import compared_cases
from checklists.words.judging.presentation import step
from checklists.words.vocabulary import pick

SHOWN_CASE = "hdh-cnil-2020"
"""The decided case that everybody in the field knows."""


def home(request: HttpRequest) -> HttpResponse:
    """What the product is, with a real verdict, for those who do not know it; the assessments, for those who do."""
    if request.user.is_authenticated:
        return redirect("assessments")
    try:
        edition = load_edition(current_edition().sha256)
    except Edition.DoesNotExist:
        edition = None
    context = {"edition": edition, "first_verdict": settings.FIRST_VERDICT and edition is not None}
    return render(request, "web/site/home.html", context | _shown_case(edition))


def _shown_case(edition: core.Edition | None) -> dict[str, Any]:
    """The decided case that the front page shows, as the newest edition of the flagship judges it."""
    if edition is None or edition.key != FLAGSHIP:
        return {}
    cases = compared_cases(edition)
    shown = next((item for item in cases if item.case.key == SHOWN_CASE), None)
    if shown is None:
        return {}
    band = VerdictBand(shown.judged, shown.judged)
    return {
        "case": {
            "title": pick(shown.case.title),
            "authority": pick(shown.case.authority),
            "day": shown.case.reference_date,
            "scale": [step(verdict, band) for verdict in Verdict],
            "judged": step(shown.judged),
            "note": pick(shown.case.note),
        },
        "cases": len(cases),
    }


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/site/accessibility.html")
