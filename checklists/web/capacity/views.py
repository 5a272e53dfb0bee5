"""What the workload needs, what an offer provides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.capacity import CERTIFICATIONS, SERVICES
from checklists.core.people.permissions import Action
from checklists.models import Need, Provision
from checklists.models.capacity import Capacity
from checklists.services.capacity import state_need, state_provision
from checklists.web.site.access import assessment_or_404, member_required, offer_or_404
from checklists.words.capacity import CERTIFICATION_WORDS, SERVICE_WORDS

FIELDS = (
    "storage_now",
    "storage_later",
    "cpu",
    "gpu",
    "availability",
    "support",
    "services",
    "certifications",
    "note",
)


class CapacityForm(forms.ModelForm):
    """Needs or capacities: the same fields. Lists left blank are 'not stated' for an offer, 'none' for a need."""

    services = forms.MultipleChoiceField(
        label=gettext_lazy("Managed services"),
        required=False,
        choices=[(key, SERVICE_WORDS[key]) for key in SERVICES],
        widget=forms.CheckboxSelectMultiple,
    )
    certifications = forms.MultipleChoiceField(
        label=gettext_lazy("Certifications"),
        required=False,
        choices=[(key, CERTIFICATION_WORDS[key]) for key in CERTIFICATIONS],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        fields = FIELDS
        localized_fields = ("storage_now", "storage_later", "availability")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "storage_now": gettext_lazy("At the start; 1 terabyte = 1,000 gigabytes."),
            "availability": gettext_lazy("As the contract commits to, for example 99.9."),
            "note": gettext_lazy("Where the figures come from: page, contract clause, date."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*FIELDS)

    def clean_services(self) -> list[str] | None:
        return self.cleaned_data["services"] or None

    def clean_certifications(self) -> list[str] | None:
        return self.cleaned_data["certifications"] or None

    def stated(self) -> dict[str, Any]:
        return {field: self.cleaned_data[field] for field in FIELDS}


class NeedForm(CapacityForm):
    class Meta(CapacityForm.Meta):
        model = Need


class ProvisionForm(CapacityForm):
    class Meta(CapacityForm.Meta):
        model = Provision


@member_required
def needs(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, assessment_id, may=Action.ANSWER)
    form = NeedForm(request.POST or None, instance=_row(Need, assessment=assessment))
    if request.method == "POST" and form.is_valid():
        state_need(assessment, form.stated())
        messages.success(request, _("Saved."))
        return redirect("comparison", assessment.pk)
    context = {"form": form, "assessment": assessment}
    return render(request, "web/capacity/needs.html", context, status=422 if form.errors else 200)


@member_required
def provision(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    form = ProvisionForm(request.POST or None, instance=_row(Provision, offer=offer))
    if request.method == "POST" and form.is_valid():
        state_provision(offer, form.stated())
        messages.success(request, _("Saved."))
        return redirect("comparison", offer.assessment_id)
    context = {"form": form, "assessment": offer.assessment, "offer": offer}
    return render(request, "web/capacity/provision.html", context, status=422 if form.errors else 200)


def _row(model: type[Capacity], **owner: Any) -> Capacity:
    """The row of ``owner``, or one not saved yet."""
    return model._default_manager.filter(**owner).first() or model(**owner)
