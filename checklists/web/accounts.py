"""Signing up and in, on top of allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)


def connect() -> None:
    """A person who signs in for the first time gets an organisation."""
    user_logged_in.connect(_on_login, dispatch_uid="found-organisation")


def _on_login(sender: Any, user: Any, **kwargs: Any) -> None:
    from checklists.services.found_organisation import found_organisation

    found_organisation(user)
