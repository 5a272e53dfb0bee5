"""Provider profiles: the library to read, and filling in an offer from it after seeing what that would do."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.people.permissions import Action
from checklists.core.plain_text import plain
from checklists.core.profiles.facts import DEFAULT
from checklists.models import Offer, ProviderProfile
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.plain_search import with_words
from checklists.services.profiles.fill_from_profile import (
    Choice,
    fill_from_profile,
    proposals,
    usable_profiles,
    variants_of,
)
from checklists.web.site.access import SignedRequest, kept_form, member_required, offer_or_404
from checklists.words.profiles.facts import proposal_lines
from checklists.words.profiles.parts import company_lines, customer_lines, fact_groups, variant_lines
from checklists.words.vocabulary import listed, pick

REVISION = "revision-"
"""Before a question's key: the revision of the answer that was shown beside the fact."""


@member_required
def listing(request: SignedRequest) -> HttpResponse:
    """Which profiles there are, those that the words looked for name. They hold no organisation's data."""
    searched = request.GET.get("q", "").strip()[:100]
    profiles = ProviderProfile.objects.annotate(held=Count("facts")).order_by("pk")
    found = with_words(profiles, ("provider", "service"), searched)
    in_order = sorted(found, key=lambda row: (row.is_withdrawn, plain(row.provider), plain(row.service)))
    context = {"profiles": in_order, "searched": searched, "any": ProviderProfile.objects.exists()}
    return render(request, "web/profiles/list.html", context)


@member_required
def read(request: SignedRequest, profile_id: int) -> HttpResponse:
    """One profile: each fact with its source and the day it was checked."""
    profile = ProviderProfile.objects.filter(pk=profile_id).first()
    if profile is None:
        raise Http404(f"no profile {profile_id}")
    context = {
        "profile": profile,
        "scope": pick(profile.scope) or profile.note,
        "groups": fact_groups(profile, timezone.localdate()),
        "variants": variant_lines(profile),
        "customers": customer_lines(profile),
        "companies": company_lines(profile),
        "chain_note": pick((profile.chain or {}).get("note")),
        "not_known": pick(profile.not_known),
        "reply": profile.reply and {**profile.reply, "date": date.fromisoformat(profile.reply["date"])},
    }
    return render(request, "web/profiles/profile.html", context)


@member_required
def fill(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Choose a profile, see what it would fill in, confirm. Nothing is written before."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    kept = kept_form(request)
    if request.method == "POST" and not kept:
        return _fill(request, offer)
    sent = kept or request.GET
    profile = _chosen(sent)
    if profile is None and "profile" in request.GET and request.GET["profile"]:
        messages.error(request, _("Choose one of the profiles listed."))
    chosen = frozenset(kept.getlist("fact")) if kept else None
    return _page(request, offer, profile, _choice(sent, profile), chosen)


def _choice(sent: Any, profile: ProviderProfile | None) -> Choice:
    """The variant and the customer's country that were chosen; the first ones for any that the profile has not."""
    if profile is None:
        return Choice()
    variant, customer = sent.get("variant", ""), sent.get("customer", "")
    return Choice(
        variant if variant in variants_of(profile) else DEFAULT,
        customer if customer in {line.value for line in customer_lines(profile)} else "",
    )


def _fill(request: SignedRequest, offer: Offer) -> HttpResponse:
    profile = _chosen(request.POST)
    if profile is None:
        messages.error(request, _("Choose one of the profiles listed."))
        return _page(request, offer, None, Choice(), status=422)
    choice = _choice(request.POST, profile)
    chosen = {key: _revision(request.POST.get(REVISION + key, "")) for key in request.POST.getlist("fact")}
    if not chosen:
        messages.error(request, _("Tick at least one fact to fill in."))
        return _page(request, offer, profile, choice, frozenset(), status=422)
    filled, left = fill_from_profile(offer, profile, chosen, request.user, choice)
    sentence = ngettext(
        "%(n)d answer filled in, to be confirmed: until then it is not counted as established.",
        "%(n)d answers filled in, to be confirmed: until then they are not counted as established.",
        filled,
    )
    if filled:
        messages.success(request, sentence % {"n": filled})
    if left:
        names = listed(_titles(offer, left))
        messages.warning(request, _("Answered by somebody meanwhile, left as it is: %(names)s") % {"names": names})
        return _page(request, offer, profile, choice, frozenset(left), status=409)
    return redirect(reverse("check-answers", args=[offer.pk]) + "?show=presumed")


def _titles(offer: Offer, keys: list[str]) -> list[str]:
    choices = offer.assessment.framework_choices.select_related("framework")
    questions = questionnaire_of(offer.assessment, choices).questions
    return [pick(questions[key].text) if key in questions else key for key in keys]


def _chosen(sent: Any) -> ProviderProfile | None:
    number = sent.get("profile", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return usable_profiles().filter(pk=int(number)).first()


def _revision(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else -1


def _page(
    request: SignedRequest,
    offer: Offer,
    profile: ProviderProfile | None,
    choice: Choice,
    chosen: frozenset[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = proposals(offer, profile, choice) if profile else []
    lines = proposal_lines(found, timezone.localdate(), chosen)
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "profiles": usable_profiles(),
        "profile": profile,
        "scope": pick(profile.scope) or profile.note if profile else "",
        "choice": choice,
        "variants": variant_lines(profile, choice.variant) if profile else [],
        "customers": customer_lines(profile, choice.customer) if profile else [],
        "companies": company_lines(profile) if profile else [],
        "lines": [line for line in lines if line.can_be_chosen],
        "skipped": [line for line in lines if not line.can_be_chosen],
    }
    return render(request, "web/profiles/fill.html", context, status=status)
