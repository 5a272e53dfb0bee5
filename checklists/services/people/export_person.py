"""What the instance keeps about one person, whole (GDPR, Articles 15 and 20)."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import serializers
from django.db import models
from django.utils import timezone

from checklists.models import Invitation, TrailEntry, User

SECRET = frozenset({"password", "session_key"})
"""Fields that are not the person's to read: what a password is checked against, what opens a session."""


def export_person(user: User) -> dict[str, Any]:
    """The account, every row of the product that names ``user``, the invitations sent to them, and their trail.

    Rows are found by their relations to the account, so that a model added later is in the export by itself.
    """
    document: dict[str, Any] = {
        "exported_at": timezone.now().isoformat(),
        "account": _rows([user])[0],
        "email_addresses": _rows(EmailAddress.objects.filter(user=user)),
        "sessions": _rows(UserSession.objects.filter(user=user)),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "linked_accounts": _rows(SocialAccount.objects.filter(user=user)),
        "invitations_received": _rows(Invitation.objects.filter(email__iexact=user.email)),
    }
    for model, fields in _naming_people():
        condition = models.Q(*[(field, user) for field in fields], _connector=models.Q.OR)
        rows = model._default_manager.filter(condition)
        document[str(model._meta.model_name)] = _rows(rows.order_by("pk"))
    trail = TrailEntry.objects.filter(actor=user.pk) | TrailEntry.objects.filter(details__person=user.pk)
    document["trail"] = _rows(trail.order_by("at", "pk"))
    return document


def _naming_people() -> list[tuple[type[models.Model], list[str]]]:
    """The product's models with a relation to an account, and the fields that make it."""
    found: dict[type[models.Model], list[str]] = {}
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model._meta.app_label == "checklists":
            if relation.related_model._meta.auto_created:
                continue
            found.setdefault(relation.related_model, []).append(relation.field.name)
    return sorted(found.items(), key=lambda pair: str(pair[0]._meta.model_name))


def _rows(rows: Any) -> list[dict[str, Any]]:
    written = serializers.serialize("python", rows)
    return [
        {"id": row["pk"], **{name: value for name, value in row["fields"].items() if name not in SECRET}}
        for row in written
    ]
