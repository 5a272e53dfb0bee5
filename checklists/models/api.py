"""Tokens that open the programming interface, and the requests that are made once however often they are sent."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment
from checklists.models.people.organisations import Organisation


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def working(self, now: datetime) -> Self:
        """Those that open something at ``now``: neither revoked nor past their end."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """What lets a program act for one person, or for one organisation. The secret itself is never stored.

    ``scopes`` are words of the permission table. ``assessments`` limits the token to some; none means all that its
    holder may open. ``hint`` is the visible beginning of the token, by which people tell tokens apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100)
    hint = models.CharField(_("beginning"), max_length=16, unique=True)
    sha256 = models.CharField(_("fingerprint of the secret"), max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="api_tokens")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="api_tokens")
    scopes = models.JSONField(_("what it may do"), default=list)
    assessments = models.ManyToManyField(Assessment, blank=True, related_name="+")
    is_limited = models.BooleanField(_("limited to some assessments"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) & ~Q(organisation=None) | ~Q(user=None) & Q(organisation=None),
                name="a_token_of_a_person_or_of_an_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_working(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class IdempotentRequest(models.Model):
    """The answer to a request that carried an ``Idempotency-Key``: sent again, it is answered the same."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_an_idempotency_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
