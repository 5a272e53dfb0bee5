"""The checklists an organisation uses, and the one proposed first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from checklists.core.people.permissions import Action
from checklists.services.editions.offer_checklists import ChoiceRefused, choices_for, choose_checklists
from checklists.web.site.access import member_required, organisation_or_404
from checklists.words.vocabulary import pick


@member_required
def used(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Which are offered when an assessment begins, and which comes first."""
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    refusal = ""
    if request.method == "POST":
        keys, default = request.POST.getlist("used"), request.POST.get("default", "")
        try:
            choose_checklists(organisation, keys, default)
        except ChoiceRefused:
            refusal = _("Tick one checklist or more, and choose which of those ticked comes first.")
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation", organisation.pk)
    lines = [
        {
            "key": each.key,
            "number": each.edition.number,
            "title": pick(each.title) or each.key,
            "is_used": each.key in request.POST.getlist("used") if refusal else each.is_chosen,
            "is_default": each.is_default,
        }
        for each in choices_for(organisation)
    ]
    context = {"organisation": organisation, "lines": lines, "refusal": refusal}
    return render(request, "web/editions/used.html", context, status=422 if refusal else 200)
