"""Questions sent to a provider by a link, and what the provider answers: claims beside the offer's own answers."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.models.answers import MAX_VALUE, Answer
from checklists.models.assessments import Offer


class ProviderRequestQuerySet(models.QuerySet["ProviderRequest"]):
    def open(self) -> Self:
        """Those whose link still works."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), offer__assessment__binned_at=None)


class ProviderRequest(models.Model):
    """Questions of ``offer`` sent to ``email``. ``questions`` lists their keys, in the order of the checklist.

    ``service`` and ``asked_by`` are all that the provider reads of the offer and of who asks. ``token_sha256`` is the
    fingerprint of the link's token, made of ``nonce`` and the secret key of the instance. ``code_hash`` is that
    of the one-time code last mailed, ``code_tries`` how often a wrong one was typed since. ``version`` counts sendings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="provider_requests")
    email = models.EmailField(_("e-mail address"))
    service = models.CharField(_("service, as the provider names it"), max_length=200)
    asked_by = models.CharField(_("asked by"), max_length=200)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    questions = models.JSONField(_("questions"), default=list)
    language = models.CharField(_("language"), max_length=10)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    nonce = models.CharField(max_length=64)
    token_sha256 = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("answers received"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)

    objects = ProviderRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("questions to a provider")
        verbose_name_plural = _("questions to providers")
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.service

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class ProviderAnswer(models.Model):
    """What the provider says of one question, sent or not yet. Never an answer of the offer by itself."""

    request = models.ForeignKey(ProviderRequest, models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=64)
    status = models.CharField(_("status"), max_length=20, choices=Answer.Status, default=Answer.Status.UNANSWERED)
    value = models.TextField(_("value"), max_length=MAX_VALUE, blank=True)
    justification = models.TextField(_("justification"), max_length=5000, blank=True)
    comment = models.TextField(_("comment"), max_length=5000, blank=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("provider’s answer")
        verbose_name_plural = _("providers’ answers")
        constraints = [models.UniqueConstraint(fields=["request", "question"], name="one_provider_answer_a_question")]

    def __str__(self) -> str:
        return f"{self.question}: {self.value or self.status}"


class ProviderDocument(models.Model):
    """A file that the provider attached to its answer to one question, kept where evidence lies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ProviderRequest, models.CASCADE, related_name="documents")
    question = models.CharField(_("question"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    original_name = models.CharField(_("name of the file"), max_length=200)
    stored_as = models.CharField(_("stored as"), max_length=64, unique=True)
    media_type = models.CharField(_("type of the file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    is_scanned = models.BooleanField(_("scanned for viruses"), default=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("provider’s document")
        verbose_name_plural = _("providers’ documents")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.title


class ProviderVersion(models.Model):
    """The answers as sent the ``number``-th time. ``answers``: by question, what was said and its documents."""

    request = models.ForeignKey(ProviderRequest, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    submitted_at = models.DateTimeField(_("answers received"), auto_now_add=True)
    answers = models.JSONField(_("answers"))

    class Meta:
        verbose_name = _("answers sent by a provider")
        verbose_name_plural = _("answers sent by providers")
        ordering = ["request", "number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="one_provider_version_a_number")]

    def __str__(self) -> str:
        return f"{self.request_id} v{self.number}"


class ProviderDecision(models.Model):
    """What a member decided of one answer as sent: accepted as a claim, or set aside. Only ever added."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted as a claim")
        SET_ASIDE = "set_aside", _("Set aside")

    version = models.ForeignKey(ProviderVersion, models.CASCADE, related_name="decisions")
    question = models.CharField(_("question"), max_length=64)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision on a provider’s answer")
        verbose_name_plural = _("decisions on providers’ answers")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.question}: {self.outcome}"
