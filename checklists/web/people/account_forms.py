"""The account library's forms where they would tell, or allow, too much: signing up, a second address, a reset."""

from __future__ import annotations

from typing import Any

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.forms import AddEmailForm, ResetPasswordForm, SignupForm
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.models import User
from checklists.services.people.prove_mailbox import is_proven

ORGANISATION = "organisation_to_found"
"""Where the session keeps the name given at sign-up until the first sign-in founds the organisation."""


class QuietSignupForm(SignupForm):
    """Signing up with an address that has an account: its holder gets an e-mail, the page says what it says to all."""

    organisation = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Optional: it heads the reports and can be changed later."),
    )

    def validate_unique_email(self, value: str) -> str:
        try:
            return str(super().validate_unique_email(value))
        except ValidationError:
            self.account_already_exists = True
            return value

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        if name := self.cleaned_data["organisation"].strip():
            request.session[ORGANISATION] = name
        if not self.account_already_exists:
            saved: tuple[Any, Any] = super().try_save(request)
            return saved
        # The time that hashing takes must not tell either.
        make_password(self.cleaned_data["password1"])
        login = Login(
            email=self.cleaned_data["email"], email_verification=EmailVerificationMethod.MANDATORY, signup=True
        )
        return None, perform_login(request, login)


class SecondAddressForm(AddEmailForm):
    def clean_email(self) -> str:
        if not is_proven(self.user):
            raise ValidationError(_("Verify the address of your account first: then you can add another."))
        return str(super().clean_email())


class OwnResetForm(ResetPasswordForm):
    """Sends the link of an account whose address was never verified to that address alone."""

    users: list[User]

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users = [user for user in self.users if is_proven(user) or user.email.lower() == email.lower()]
        return email
