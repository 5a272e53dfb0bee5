"""Offers of an assessment."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.people.permissions import Action
from checklists.models import Offer, ProviderProfile
from checklists.services.assessments import keep_assessment
from checklists.services.judging.judge_offer import edition_of
from checklists.services.profiles.fill_from_profile import usable_profiles
from checklists.web.site.access import assessment_or_404, kept_form, member_required, offer_or_404


class OfferForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the offer"),
        max_length=200,
        help_text=gettext_lazy("The service and, if it matters, the region: “Managed database, Paris region”."),
    )
    provider = forms.CharField(
        label=gettext_lazy("Provider"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The company you sign the contract with."),
    )
    is_current = forms.BooleanField(
        label=gettext_lazy("The data are hosted there today"),
        required=False,
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("name", "provider", "is_current", "token")


class NewOfferForm(OfferForm):
    """An offer, and the profile to fill it in from once it exists."""

    profile = forms.ModelChoiceField(
        label=gettext_lazy("Fill in from a profile"),
        queryset=ProviderProfile.objects.none(),
        required=False,
        empty_label=gettext_lazy("No profile"),
        help_text=gettext_lazy(
            "Facts about the service, each with its source. What they would fill in is shown first, and is to be "
            "confirmed."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = usable_profiles()
        if usable.exists():
            self.fields["profile"].queryset = usable  # type: ignore[attr-defined]
            self.helper.layout.insert(3, "profile")
        else:
            del self.fields["profile"]


class CopyForm(forms.Form):
    """Which offer of the same assessment to copy from."""

    source = forms.ModelChoiceField(
        label=gettext_lazy("Copy from"), queryset=Offer.objects.none(), empty_label=gettext_lazy("Choose an offer")
    )

    def __init__(self, target: Offer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        source.queryset = Offer.objects.filter(assessment=target.assessment_id).exclude(pk=target.pk)  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


@member_required
def create(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    kept = kept_form(request)
    if request.method == "POST" or kept:
        form = NewOfferForm(kept or request.POST)
        if not kept and form.is_valid():
            profile = form.cleaned_data.pop("profile", None)
            offer = keep_assessment.add_offer(assessment, **form.cleaned_data)
            if profile:
                return redirect(reverse("fill-offer", args=[offer.pk]) + f"?profile={profile.pk}")
            return redirect("concern", offer.pk, next(iter(edition_of(assessment).concerns)))
    else:
        form = NewOfferForm(initial={"token": uuid4()})
    context = {"form": form, "assessment": assessment}
    return render(
        request, "web/assessments/offers/create.html", context, status=422 if form.errors and not kept else 200
    )


@member_required
def change(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.MANAGE_ASSESSMENT)
    if request.method == "POST":
        form = OfferForm(request.POST)
        if form.is_valid():
            values = {field: form.cleaned_data[field] for field in ("name", "provider", "is_current")}
            keep_assessment.change_offer(offer, **values)
            messages.success(request, _("Saved."))
            return redirect("assessment", offer.assessment_id)
    else:
        form = OfferForm(initial={field: getattr(offer, field) for field in ("name", "provider", "is_current")})
    context = {"form": form, "assessment": offer.assessment, "offer": offer, "copy_form": CopyForm(offer)}
    return render(request, "web/assessments/offers/change.html", context, status=422 if form.errors else 200)
