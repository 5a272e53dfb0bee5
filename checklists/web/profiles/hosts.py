"""Who could host this? The workload of an assessment against every profile; one of them is made an offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from checklists.core.editions.edition import Edition
from checklists.core.people.permissions import Action
from checklists.models import ProviderProfile
from checklists.services.judging.judge_offer import edition_of
from checklists.services.profiles.fill_from_profile import Choice, usable_profiles, variants_of
from checklists.services.profiles.shortlist import QUALIFICATIONS, Filters, Host, make_offer, shortlist
from checklists.web.site.access import SignedRequest, assessment_or_404, member_required
from checklists.words.judging.presentation import step
from checklists.words.profiles.hosts import NAMES, country_lines, counts, host_lines, host_name


@member_required
def who_could_host(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Every service, by name, with the band it could reach; what is chosen narrows the list, and never orders it."""
    assessment = assessment_or_404(request, assessment_id)
    context = listing(request, edition_of(assessment), shortlist(assessment)) | {"assessment": assessment}
    return render(request, "web/profiles/hosts.html", context)


def listing(request: HttpRequest, edition: Edition, hosts: list[Host]) -> dict[str, Any]:
    """What the page shows of ``hosts``, narrowed to what the address asks for."""
    filters = filters_of(request)
    kept = [host for host in hosts if filters.keeps(host)]
    required = hosts[0].prospect.required if hosts else None
    return {
        "hosts": host_lines(kept, edition),
        "total": len(hosts),
        "counts": counts(hosts),
        "filters": filters,
        "qualifications": [(key, NAMES[key], key == filters.qualification) for key in QUALIFICATIONS],
        "countries": country_lines(hosts, filters.country),
        "required": step(required.worst, required) if required else None,
    }


def filters_of(request: HttpRequest) -> Filters:
    """What the address narrows the list to; what it does not know is left out."""
    qualification, country = request.GET.get("qualification", ""), request.GET.get("country", "")
    return Filters(
        qualification=qualification if qualification in QUALIFICATIONS else "",
        country=country if len(country) == 2 and country.isascii() and country.isupper() else "",
        keys_outside="keys" in request.GET,
        within_reach="reach" in request.GET,
    )


@require_POST
@member_required
def choose_host(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """Make an offer of a service, filled in as presumed."""
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    profile = _profile(request.POST)
    variant = request.POST.get("variant", "")
    if profile is None or variant not in variants_of(profile):
        messages.error(request, _("Choose one of the services listed."))
        return redirect("who-could-host", assessment.pk)
    offer, filled = make_offer(
        assessment,
        profile,
        Choice(variant),
        host_name(profile, variant),
        request.user,
    )
    sentence = ngettext(
        "“%(name)s” is an offer now, with %(n)d answer filled in, to be confirmed.",
        "“%(name)s” is an offer now, with %(n)d answers filled in, to be confirmed.",
        filled,
    )
    messages.success(request, sentence % {"name": offer.name, "n": filled})
    return redirect(reverse("check-answers", args=[offer.pk]) + "?show=presumed")


def _profile(sent: Any) -> ProviderProfile | None:
    number = sent.get("profile", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return usable_profiles().filter(pk=int(number)).first()
