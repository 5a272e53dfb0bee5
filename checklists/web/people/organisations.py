"""Organisations: who belongs to one, what they are to it, its settings, and which one a session works in."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.core.people.permissions import Action
from checklists.core.plain_text import plain
from checklists.models import Guest, Invitation, Membership, Organisation
from checklists.services.people import keep_members
from checklists.services.people.found_organisation import create_organisation
from checklists.services.people.keep_members import LastOwnerError
from checklists.web.site.access import (
    CURRENT_ORGANISATION,
    SignedRequest,
    member_required,
    membership_or_404,
    organisation_or_404,
)

LONGEST = 600
"""Months of retention at most: fifty years."""


class OrganisationForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


class SettingsForm(OrganisationForm):
    review_takes_two = forms.BooleanField(
        label=gettext_lazy("Authors neither review nor approve their own work"),
        required=False,
        help_text=gettext_lazy(
            "Who submitted an assessment, or wrote most of its answers, leaves that to another member. "
            "Where nobody else may, they can, and the report says so."
        ),
    )
    bin_after = forms.IntegerField(
        label=gettext_lazy("Put an assessment in the bin after this many months without a change"),
        min_value=1,
        max_value=LONGEST,
        required=False,
        help_text=gettext_lazy("Empty: never. Binned assessments can be restored."),
    )
    delete_after = forms.IntegerField(
        label=gettext_lazy("Delete an assessment for good after this many months in the bin"),
        min_value=1,
        max_value=LONGEST,
        required=False,
        help_text=gettext_lazy("Empty: never. Its answers go with it; the trail tells of the deletion."),
    )
    reassess_after = forms.IntegerField(
        label=gettext_lazy("Look at an assessment again this many months after its reference date"),
        min_value=1,
        max_value=LONGEST,
        required=False,
        help_text=gettext_lazy("Empty: no usual term. A day set on an assessment goes before it."),
    )


def _by_name(membership: Membership) -> tuple[str, str]:
    return plain(membership.user.last_name), membership.user.email


@member_required
def show(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The members, for all of them; for owners, the guests and the invitations too."""
    own = membership_or_404(request, organisation_id)
    organisation = own.organisation
    context: dict[str, Any] = {
        "organisation": organisation,
        "own": own,
        "members": sorted(organisation.memberships.select_related("user"), key=_by_name),
        "roles": Membership.Role.choices,
    }
    if own.role == Membership.Role.OWNER:
        guests = Guest.objects.lasting().filter(assessment__organisation=organisation)
        context["guests"] = guests.select_related("user", "assessment").order_by("until", "pk")
        invitations = Invitation.objects.open().filter(organisation=organisation)
        context["invitations"] = invitations.select_related("invited_by", "assessment")
    return render(request, "web/people/organisation/show.html", context)


@require_POST
@member_required
def choose(request: HttpRequest) -> HttpResponse:
    """Work in another of one's organisations from now on."""
    chosen = request.POST.get("organisation", "")
    organisation = organisation_or_404(request, int(chosen) if chosen.isdecimal() else 0)
    request.session[CURRENT_ORGANISATION] = organisation.pk
    return redirect("assessments")


@member_required
def create(request: SignedRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = create_organisation(request.user, form.cleaned_data["name"])
        request.session[CURRENT_ORGANISATION] = organisation.pk
        messages.success(request, _("%(name)s is created. You are its owner.") % {"name": organisation.name})
        return redirect("organisation", organisation.pk)
    return render(request, "web/people/organisation/create.html", {"form": form}, status=422 if form.errors else 200)


@member_required
def change(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The name and how long assessments are kept."""
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    fields = ("name", "review_takes_two", "bin_after", "delete_after", "reassess_after")
    if request.method == "POST":
        form = SettingsForm(request.POST)
        if form.is_valid():
            keep_members.rename_organisation(organisation, form.cleaned_data["name"])
            keep_members.set_retention(organisation, form.cleaned_data["bin_after"], form.cleaned_data["delete_after"])
            keep_members.set_reassessment(organisation, form.cleaned_data["reassess_after"])
            keep_members.set_review(organisation, takes_two=form.cleaned_data["review_takes_two"])
            messages.success(request, _("Saved."))
            return redirect("organisation", organisation.pk)
    else:
        form = SettingsForm(initial={field: getattr(organisation, field) for field in fields})
    context = {"form": form, "organisation": organisation}
    return render(request, "web/people/organisation/change.html", context, status=422 if form.errors else 200)


def _member(request: HttpRequest, organisation_id: int, membership_id: int) -> tuple[Organisation, Membership]:
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    return organisation, get_object_or_404(organisation.memberships.select_related("user"), pk=membership_id)


def _last_owner(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    messages.error(
        request,
        _("Nothing was changed: %(name)s would have no owner. Make another member an owner first.")
        % {"name": organisation.name},
    )
    return redirect("organisation", organisation.pk)


@require_POST
@member_required
def change_role(request: HttpRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    organisation, membership = _member(request, organisation_id, membership_id)
    role = request.POST.get("role", "")
    if role not in Membership.Role.values:
        messages.error(request, _("This is not one of the roles. Choose one of those listed."))
        return redirect("organisation", organisation.pk)
    try:
        keep_members.change_role(membership, role)
    except LastOwnerError:
        return _last_owner(request, organisation)
    said = {"person": membership.user, "role": Membership.Role(role).label}
    messages.success(request, _("%(person)s: the role is now “%(role)s”.") % said)
    return redirect("organisation", organisation.pk)


@require_POST
@member_required
def remove(request: HttpRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    organisation, membership = _member(request, organisation_id, membership_id)
    try:
        keep_members.end_membership(membership)
    except LastOwnerError:
        return _last_owner(request, organisation)
    messages.success(request, _("%(person)s is not a member any more.") % {"person": membership.user})
    if membership.user == request.user:
        return redirect("assessments")
    return redirect("organisation", organisation.pk)


@require_POST
@member_required
def transfer(request: HttpRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    """Hand one's ownership over, and stay as a contributor."""
    organisation, membership = _member(request, organisation_id, membership_id)
    own = membership_or_404(request, organisation_id)
    keep_members.transfer_ownership(own, membership)
    messages.success(request, _("%(person)s is now an owner; you are a contributor.") % {"person": membership.user})
    return redirect("organisation", organisation.pk)


@require_POST
@member_required
def leave(request: HttpRequest, organisation_id: int) -> HttpResponse:
    own = membership_or_404(request, organisation_id)
    try:
        keep_members.end_membership(own)
    except LastOwnerError:
        return _last_owner(request, own.organisation)
    request.session.pop(CURRENT_ORGANISATION, None)
    messages.success(request, _("You have left %(name)s.") % {"name": own.organisation.name})
    return redirect("assessments")
