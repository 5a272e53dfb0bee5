"""The letterhead of an organisation's reports, kept by its owners."""

from __future__ import annotations

import base64
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.people.permissions import Action
from checklists.services.branding.keep_branding import branding_of, keep_branding
from checklists.services.branding.receive_logo import MAX_BYTES, LogoRefused, receive_logo
from checklists.web.site.access import member_required, organisation_or_404


class BrandingForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        help_text=gettext_lazy("Printed under the name of the organisation."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/svg+xml"}),
        help_text=gettext_lazy("PNG or plain SVG, 500 kB at most, legible on white. It is redrawn as a PNG."),
    )
    without_logo = forms.BooleanField(label=gettext_lazy("No logo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("address", "logo", "without_logo")

    def clean_logo(self) -> bytes | None:
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        try:
            return receive_logo(sent.read(MAX_BYTES + 1))
        except LogoRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


@member_required
def branding(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Only an owner of the organisation: anyone else finds nothing."""
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    kept = branding_of(organisation)
    if request.method == "POST":
        form = BrandingForm(request.POST, request.FILES)
        if form.is_valid():
            logo = b"" if form.cleaned_data["without_logo"] else form.cleaned_data["logo"]
            keep_branding(organisation, address=form.cleaned_data["address"], logo=logo)
            messages.success(request, _("Saved."))
            return redirect("branding", organisation.pk)
    else:
        form = BrandingForm(initial={"address": kept.address})
    context = {
        "form": form,
        "organisation": organisation,
        "logo": base64.b64encode(bytes(kept.logo)).decode(),
    }
    return render(request, "web/branding/branding.html", context, status=422 if form.errors else 200)
