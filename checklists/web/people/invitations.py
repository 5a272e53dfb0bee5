"""Inviting by e-mail, to the organisation or to one assessment, and accepting, with or without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.utils import perform_login
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from checklists.core.people.permissions import Action
from checklists.models import Assessment, Guest, Invitation, Membership, User
from checklists.services.people import invite, keep_members
from checklists.services.people.invite import InvitationRefused
from checklists.services.people.open_account import open_account
from checklists.web.site.access import (
    CURRENT_ORGANISATION,
    SignedRequest,
    assessment_or_404,
    member_required,
    organisation_or_404,
)
from checklists.words.day_field import DayField

GUEST_DAYS = 30
"""The last day proposed for a guest, in days from today."""
LONGEST_GUEST_DAYS = 366
"""A guest's last day is at most a year and a day away: it can be moved later, knowingly."""


def address_of(token: str) -> str:
    return str(settings.SITE_URL).rstrip("/") + reverse("invitation", args=[token])


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


class InvitationForm(_Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.CONTRIBUTOR,
        widget=forms.RadioSelect,
    )


class LastDayForm(_Form):
    until = DayField(
        label=gettext_lazy("Last day of access"),
        help_text=gettext_lazy("That day included. Day/month/year, a year from now at most."),
    )

    def clean_until(self) -> Any:
        until, today = self.cleaned_data["until"], timezone.localdate()
        if not today <= until <= today + timedelta(days=LONGEST_GUEST_DAYS):
            raise ValidationError(_("Choose a day from today to a year from now."))
        return until


class GuestForm(LastDayForm):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    field_order = ["email", "until"]


class NewAccountForm(_Form):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    password1 = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, User(email=self.email))
        return password

    def clean_password2(self) -> str:
        password: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1") not in (None, password):
            raise ValidationError(_("The two passwords differ."))
        return password


@member_required
def invite_member(request: SignedRequest, organisation_id: int) -> HttpResponse:
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invite.invite_member(organisation, by=request.user, address_of=address_of, **form.cleaned_data)
        except InvitationRefused as refusal:
            form.add_error("email", refusal.reason)
        else:
            _say_sent(request, sent)
            return redirect("organisation", organisation.pk)
    context = {"form": form, "organisation": organisation, "days": settings.INVITATION_DAYS}
    return render(request, "web/people/organisation/invite.html", context, status=422 if form.errors else 200)


def _say_sent(request: SignedRequest, sent: Invitation) -> None:
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": sent.email})


@require_POST
@member_required
def withdraw(request: SignedRequest, organisation_id: int, invitation_id: UUID) -> HttpResponse:
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    invitation = get_object_or_404(organisation.invitations.open(), pk=invitation_id)
    invite.withdraw(invitation)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("organisation", organisation.pk)


@member_required
def guests(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """The guests of one assessment, and a form to invite another."""
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ORGANISATION)
    if request.method == "POST":
        form = GuestForm(request.POST)
        if form.is_valid():
            try:
                sent = invite.invite_guest(assessment, by=request.user, address_of=address_of, **form.cleaned_data)
            except InvitationRefused as refusal:
                form.add_error("email", refusal.reason)
            else:
                _say_sent(request, sent)
                return redirect("guests", assessment.pk)
    else:
        proposed = timezone.localdate() + timedelta(days=GUEST_DAYS)
        form = GuestForm(initial={"until": proposed.strftime("%d/%m/%Y")})
    context = {
        "form": form,
        "assessment": assessment,
        "guests": assessment.guests.lasting().select_related("user").order_by("until", "pk"),
        "invitations": assessment.invitations.open(),
    }
    return render(request, "web/people/organisation/guests.html", context, status=422 if form.errors else 200)


def _guest(request: SignedRequest, assessment_id: UUID, guest_id: int) -> tuple[Assessment, Guest]:
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ORGANISATION)
    return assessment, get_object_or_404(assessment.guests.select_related("user"), pk=guest_id)


@require_POST
@member_required
def change_guest(request: SignedRequest, assessment_id: UUID, guest_id: int) -> HttpResponse:
    assessment, guest = _guest(request, assessment_id, guest_id)
    form = LastDayForm(request.POST)
    if form.is_valid():
        keep_members.change_guest(guest, form.cleaned_data["until"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["until"]))
    return redirect("guests", assessment.pk)


@require_POST
@member_required
def remove_guest(request: SignedRequest, assessment_id: UUID, guest_id: int) -> HttpResponse:
    assessment, guest = _guest(request, assessment_id, guest_id)
    keep_members.end_guest(guest)
    messages.success(request, _("%(person)s no longer has access to this assessment.") % {"person": guest.user})
    return redirect("guests", assessment.pk)


@never_cache
def answer(request: SignedRequest, token: str) -> HttpResponse:
    """What a link opens: accept with one's account, or open one. A link that does not work any more says no more."""
    invitation = invite.read_token(token)
    if invitation is None:
        return render(request, "web/people/organisation/invitation_void.html", status=404)
    has_account = User.objects.filter(email__iexact=invitation.email).exists()
    is_theirs = request.user.is_authenticated and request.user.email.lower() == invitation.email.lower()
    context = {"invitation": invitation, "has_account": has_account, "is_theirs": is_theirs, "path": request.path}
    if request.user.is_authenticated or has_account:
        if request.method == "POST" and is_theirs:
            return _accept(request, invitation, request.user)
        return render(request, "web/people/organisation/invitation.html", context)
    form = NewAccountForm(invitation.email, request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = {field: form.cleaned_data[field] for field in ("first_name", "last_name")}
        try:
            with transaction.atomic():
                user = open_account(email=invitation.email, password=form.cleaned_data["password1"], **names)
                invite.accept(invitation, user)
        except (IntegrityError, InvitationRefused):
            # The form was sent twice: the first one opened the account.
            return redirect("invitation", token)
        response = perform_login(request, user, redirect_url=_opened(invitation))
        request.session[CURRENT_ORGANISATION] = invitation.organisation_id
        return response
    context["form"] = form
    return render(request, "web/people/organisation/invitation.html", context, status=422 if form.errors else 200)


def _accept(request: SignedRequest, invitation: Invitation, user: User) -> HttpResponse:
    try:
        invite.accept(invitation, user, session=request.session.session_key)
    except InvitationRefused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("assessments")
    if invitation.assessment is None:
        request.session[CURRENT_ORGANISATION] = invitation.organisation_id
    messages.success(request, _("Welcome: %(name)s is open to you.") % {"name": invitation.organisation.name})
    return redirect(_opened(invitation))


def _opened(invitation: Invitation) -> str:
    return resolve_url("assessment", invitation.assessment_id) if invitation.assessment_id else reverse("assessments")
