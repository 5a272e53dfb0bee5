"""Who may open what. Not found and not allowed look the same.

A form sent after the session ended is kept with the anonymous session and given back after signing in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from checklists.models import Assessment, Offer, Organisation
from checklists.services.found_organisation import found_organisation

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

KEPT_FORM = "kept_form"
MAX_KEPT = 1_000_000
"""Characters of a form kept across signing in."""


def member_required(view: View[P]) -> View[P]:
    """Only people signed in. Asks others to sign in, losing nothing of what they sent."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if getattr(request, "htmx", False):
            return render(request, "web/questionnaire/state.html", {"state": "signed_out"}, status=401)
        target = request.get_full_path()
        if request.method == "POST":
            sent = request.POST.urlencode()
            if len(sent) <= MAX_KEPT:
                request.session[KEPT_FORM] = {"path": request.path, "sent": sent}
        return redirect_to_login(target)

    return guarded


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What was sent to this address before the session ended, once."""
    kept: dict[str, Any] | None = request.session.get(KEPT_FORM)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT_FORM]
    return QueryDict(kept["sent"])


def organisation_of(request: HttpRequest) -> Organisation:
    return found_organisation(request.user)  # type: ignore[arg-type]


def assessment_or_404(request: HttpRequest, assessment_id: UUID, *, binned: bool = False) -> Assessment:
    queryset = Assessment.objects.visible_to(request.user).select_related("edition")  # type: ignore[arg-type]
    return get_object_or_404(queryset.defer("edition__document").filter(binned_at__isnull=not binned), pk=assessment_id)


def offer_or_404(request: HttpRequest, offer_id: UUID) -> Offer:
    queryset = Offer.objects.visible_to(request.user)  # type: ignore[arg-type]
    return get_object_or_404(
        queryset.select_related("assessment__edition").defer("assessment__edition__document"), pk=offer_id
    )
