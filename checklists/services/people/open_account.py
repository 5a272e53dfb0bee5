"""Open an account for the holder of an address that is known to be theirs."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from checklists.models import User


@transaction.atomic
def open_account(*, email: str, password: str, first_name: str = "", last_name: str = "") -> User:
    """A new person with a verified ``email``. The password must have been validated."""
    user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
