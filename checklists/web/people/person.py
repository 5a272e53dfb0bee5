"""One's own data: take it away, delete the account; and the page that says what is stored."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.models import User
from checklists.services.people.end_session import end_own_session
from checklists.services.people.erase_person import alone_in, erase_person
from checklists.services.people.export_person import export_person
from checklists.services.people.keep_members import LastOwnerError, sole_owner_with_others
from checklists.services.trail.record import record_of_person
from checklists.web.site.access import SignedRequest, member_required, memberships_of


class EraseForm(forms.Form):
    """Deleting asks for one's own address, typed, so that no click does it by accident, and for the password again.

    Who proved who they are a few minutes ago, or has no password, is not asked for it here.
    """

    email = forms.CharField(label=gettext_lazy("To confirm, type your e-mail address"), max_length=254)

    def __init__(self, user: User, *args: Any, asks_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if asks_password:
            self.fields["password"] = forms.CharField(
                label=_("Your password"),
                strip=False,
                max_length=1_000,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not get_account_adapter().reauthenticate(self.user, typed):
            raise ValidationError(_("This is not the password of your account."))
        return typed

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].strip()
        if typed.lower() != self.user.email.lower():
            raise ValidationError(_("This is not the address of your account: %(email)s.") % {"email": self.user.email})
        return typed


@member_required
def show(request: HttpRequest) -> HttpResponse:
    context = {
        "mine": memberships_of(request),
        "has_second_factor": is_mfa_enabled(request.user),
        "links_offered": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
    }
    return render(request, "web/people/person/show.html", context)


@member_required
@require_POST
def end_session(request: SignedRequest) -> HttpResponse:
    """End one of one's own sessions. One that has ended already, or somebody else's, changes nothing."""
    user: User = request.user
    chosen = request.POST.get("session", "")
    if end_own_session(user, int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0):
        messages.success(request, _("The session is ended."))
    return redirect("usersessions_list")


@member_required
def export(request: SignedRequest) -> HttpResponse:
    user: User = request.user
    record_of_person("person.exported", user)
    response = JsonResponse(export_person(user), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="porte-cles-my-data.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@member_required
def erase(request: SignedRequest) -> HttpResponse:
    """What deleting would do, what must be done first, then the deletion."""
    user: User = request.user
    orphaned = sole_owner_with_others(user)
    is_fresh = did_recently_reauthenticate(request)
    if not is_fresh and not user.has_usable_password():
        return redirect_to_login(request.get_full_path(), reverse("account_reauthenticate"))
    form = EraseForm(user, request.POST or None, asks_password=not is_fresh)
    if request.method == "POST" and not orphaned and form.is_valid():
        logout(request)
        try:
            erase_person(user)
        except LastOwnerError:
            return redirect("erase-person")
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    context = {"form": form, "orphaned": orphaned, "alone": alone_in(user)}
    return render(request, "web/people/person/erase.html", context, status=422 if form.errors else 200)


def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, why, how long: the sentences must stay true of this software."""
    context = {"hours": settings.SESSION_COOKIE_AGE // 3600, "days": settings.INVITATION_DAYS}
    return render(request, "web/people/person/privacy.html", context)
