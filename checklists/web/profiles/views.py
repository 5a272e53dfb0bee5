"""Provider profiles: the library to read, and filling in an offer from it after seeing what that would do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.people.permissions import Action
from checklists.models import Offer, ProviderProfile
from checklists.services.judging.judge_offer import edition_of
from checklists.services.profiles.fill_from_profile import fill_from_profile, proposals, usable_profiles
from checklists.web.site.access import kept_form, member_required, offer_or_404
from checklists.words.profiles import FactLine, fact_line, facts_in_order, proposal_lines
from checklists.words.vocabulary import listed, pick

REVISION = "revision-"
"""Before a question's key: the revision of the answer that was shown beside the fact."""


@member_required
def listing(request: HttpRequest) -> HttpResponse:
    """Which profiles there are. They hold no organisation's data."""
    profiles = ProviderProfile.objects.annotate(held=Count("facts")).order_by("is_withdrawn", "provider", "service")
    return render(request, "web/profiles/list.html", {"profiles": profiles})


@member_required
def read(request: HttpRequest, profile_id: int) -> HttpResponse:
    """One profile: each fact with its source and the day it was checked."""
    profile = ProviderProfile.objects.filter(pk=profile_id).first()
    if profile is None:
        raise Http404(f"no profile {profile_id}")
    today = timezone.localdate()
    groups: dict[str, list[FactLine]] = {}
    for fact, edition in facts_in_order(profile):
        title = pick(edition.title) if edition else fact.checklist
        groups.setdefault(title, []).append(fact_line(fact, edition, today))
    return render(request, "web/profiles/profile.html", {"profile": profile, "groups": groups.items()})


@member_required
def fill(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Choose a profile, see what it would fill in, confirm. Nothing is written before."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    kept = kept_form(request)
    if request.method == "POST" and not kept:
        return _fill(request, offer)
    profile = _chosen(kept or request.GET)
    if profile is None and "profile" in request.GET and request.GET["profile"]:
        messages.error(request, _("Choose one of the profiles listed."))
    chosen = frozenset(kept.getlist("fact")) if kept else None
    return _page(request, offer, profile, chosen)


def _fill(request: HttpRequest, offer: Offer) -> HttpResponse:
    profile = _chosen(request.POST)
    if profile is None:
        messages.error(request, _("Choose one of the profiles listed."))
        return _page(request, offer, None, status=422)
    chosen = {key: _revision(request.POST.get(REVISION + key, "")) for key in request.POST.getlist("fact")}
    if not chosen:
        messages.error(request, _("Tick at least one fact to fill in."))
        return _page(request, offer, profile, frozenset(), status=422)
    filled, left = fill_from_profile(offer, profile, chosen, request.user)  # type: ignore[arg-type]
    sentence = ngettext(
        "%(n)d answer filled in, to be confirmed: until then it is not counted as established.",
        "%(n)d answers filled in, to be confirmed: until then they are not counted as established.",
        filled,
    )
    if filled:
        messages.success(request, sentence % {"n": filled})
    if left:
        questions = edition_of(offer.assessment).questions
        names = listed(pick(questions[key].text) for key in left)
        messages.warning(request, _("Answered by somebody meanwhile, left as it is: %(names)s") % {"names": names})
        return _page(request, offer, profile, frozenset(left), status=409)
    return redirect(reverse("review", args=[offer.pk]) + "?show=presumed")


def _chosen(sent: Any) -> ProviderProfile | None:
    number = sent.get("profile", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return usable_profiles().filter(pk=int(number)).first()


def _revision(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else -1


def _page(
    request: HttpRequest,
    offer: Offer,
    profile: ProviderProfile | None,
    chosen: frozenset[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    edition = edition_of(offer.assessment)
    found = proposals(offer, profile) if profile else []
    lines = proposal_lines(found, edition, timezone.localdate(), chosen)
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "profiles": usable_profiles(),
        "profile": profile,
        "lines": [line for line in lines if line.can_be_chosen],
        "skipped": [line for line in lines if not line.can_be_chosen],
    }
    return render(request, "web/profiles/fill.html", context, status=status)
