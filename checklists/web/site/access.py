"""Who may open what, as ``checklists.core.people.permissions`` has it. Not found and not allowed look the same.

A form sent after the session ended is kept with the anonymous session and given back after signing in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from checklists.core.people.permissions import Action, allows, granted
from checklists.core.plain_text import plain
from checklists.models import Assessment, Guest, Membership, Offer, Organisation, User
from checklists.services.review.content_lock import ContentIsLocked
from checklists.web.site.errors import typed_in
from checklists.web.site.limits import is_too_often

P = ParamSpec("P")


class SignedRequest(HttpRequest):
    """A request of somebody signed in: what ``member_required`` hands to a view."""

    user: User


View = Callable[Concatenate[SignedRequest, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

KEPT_FORM = "kept_form"
MOST_KEPT_AN_HOUR = 30
"""Forms kept for one address in an hour."""
MOST_KEPT_IN_ALL = 600
"""Forms kept in an hour, for whomever: a few hundred megabytes of a day at the very worst."""


def member_required(view: View[P]) -> Guarded[P]:
    """Only people signed in. Asks others to sign in, losing nothing of what they sent.

    Writing to what was submitted or approved is refused here, in words, for every view.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            try:
                return view(cast(SignedRequest, request), *args, **kwargs)
            except ContentIsLocked as locked:
                return content_is_locked(request, locked.assessment)
        if getattr(request, "htmx", False):
            return render(request, "web/answers/state.html", {"state": "signed_out"}, status=401)
        target = request.get_full_path()
        keep_form(request)
        return redirect_to_login(target)

    return guarded


def content_is_locked(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """423: nothing was written. Said in the answer's own line; else by a page with what was typed, to be copied."""
    context = {"state": "locked", "assessment": assessment, "typed": typed_in(request)}
    template = "answers/state.html" if getattr(request, "htmx", False) else "review/locked.html"
    return render(request, f"web/{template}", context, status=423)


def keep_form(request: HttpRequest) -> None:
    """Keep what was sent, in the session, until its address is opened again.

    Strangers can send forms too: how large, how many and for how long is bounded.
    """
    if request.method == "POST":
        sent = request.POST.urlencode()
        if len(sent) > settings.LARGEST_KEPT_FORM:
            return
        if not request.user.is_authenticated:
            if is_too_often(request, "keep-form", MOST_KEPT_AN_HOUR, 3600):
                return
            if is_too_often(None, "keep-any-form", MOST_KEPT_IN_ALL, 3600):
                return
            Session.objects.filter(expire_date__lt=timezone.now()).delete()
        request.session[KEPT_FORM] = {"path": request.path, "sent": sent}


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What was sent to this address before the session ended, once."""
    kept: dict[str, Any] | None = request.session.get(KEPT_FORM)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT_FORM]
    return QueryDict(kept["sent"])


CURRENT_ORGANISATION = "organisation"


def memberships_of(request: HttpRequest) -> list[Membership]:
    """The reader's memberships by name of the organisation: one query a request."""
    kept: list[Membership] | None = getattr(request, "_memberships", None)
    if kept is None:
        kept = []
        if request.user.is_authenticated:
            mine = Membership.objects.filter(user=request.user).select_related("organisation")
            kept = sorted(mine.order_by("pk"), key=lambda membership: plain(membership.organisation.name))
        request._memberships = kept  # type: ignore[attr-defined]
    return kept


def current_membership(request: HttpRequest) -> Membership | None:
    """In the organisation chosen in this session, else in the one joined first; ``None`` for who belongs nowhere."""
    mine = memberships_of(request)
    chosen = request.session.get(CURRENT_ORGANISATION)
    joined_first = min(mine, key=lambda membership: membership.pk, default=None)
    return next((membership for membership in mine if membership.organisation_id == chosen), joined_first)


def membership_or_404(
    request: HttpRequest, organisation_id: int | None = None, *, may: Action | str = Action.READ
) -> Membership:
    """The reader's own membership of that organisation (``None``: the current one), if it allows to do that there."""
    membership = current_membership(request)
    if organisation_id is not None:
        mine = memberships_of(request)
        membership = next((each for each in mine if each.organisation_id == organisation_id), None)
    if membership is None or not allows(membership.role, may):
        raise Http404("no organisation where that is allowed")
    request.role_here = membership.role  # type: ignore[attr-defined]
    return membership


def organisation_or_404(
    request: HttpRequest, organisation_id: int | None = None, *, may: Action | str = Action.READ
) -> Organisation:
    """That organisation (``None``: the current one), if the reader may do that in it."""
    return membership_or_404(request, organisation_id, may=may).organisation


def assessment_or_404(
    request: HttpRequest, assessment_id: UUID, *, may: Action | str = Action.READ, binned: bool = False
) -> Assessment:
    """The assessment, if the reader may do that on it; from then on the page's permissions are those on it."""
    queryset = Assessment.objects.with_role_of(request.user)  # type: ignore[arg-type]
    queryset = queryset.select_related("edition").defer("edition__document")
    assessment = get_object_or_404(queryset.in_the_bin() if binned else queryset.in_use(), pk=assessment_id)
    require(request, assessment.member_role, assessment.pk, may)  # type: ignore[attr-defined]
    return assessment


def offer_or_404(request: HttpRequest, offer_id: UUID, *, may: Action | str = Action.READ) -> Offer:
    """The offer, if the reader may do that on its assessment; the page's permissions are those on it."""
    queryset = Offer.objects.with_role_of(request.user)  # type: ignore[arg-type]
    queryset = queryset.select_related("assessment__edition").defer("assessment__edition__document")
    offer = get_object_or_404(queryset.in_use(), pk=offer_id)
    require(request, offer.member_role, offer.assessment_id, may)  # type: ignore[attr-defined]
    return offer


def require(request: HttpRequest, member_role: str | None, assessment_id: UUID, may: Action | str) -> None:
    """Raises ``Http404`` unless the reader's role on the assessment allows that; only guests cost a query."""
    role = member_role or Guest.objects.role_of(request.user, assessment_id)  # type: ignore[arg-type]
    if not allows(role, may):
        raise Http404("no assessment where that is allowed")
    request.role_here = role  # type: ignore[attr-defined]


def permissions_here(request: HttpRequest) -> dict[str, bool]:
    """What the reader may do with what this page shows, by action: ``may`` in templates."""
    if (role := getattr(request, "role_here", None)) is None:
        membership = current_membership(request)
        role = membership.role if membership else None
    return granted(role)
