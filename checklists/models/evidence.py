"""What answers rest on: files kept by the instance, links, references to a paper held elsewhere."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from checklists.models.answers import Answer
from checklists.models.assessments import Assessment


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def in_use(self) -> Self:
        return self.filter(removed_at=None)

    def of_assessment(self, assessment: Assessment) -> Self:
        return self.filter(answer__assessment=assessment)

    def weight(self) -> int:
        """Bytes of the files kept, those in the bin included."""
        return self.exclude(stored_as="").aggregate(total=Sum("size"))["total"] or 0


class Evidence(models.Model):
    """One piece of evidence for one answer.

    ``valid_from`` and ``valid_until`` are its first and last day. ``stored_as`` names the file under ``EVIDENCE_ROOT``,
    random; ``original_name`` is kept as text only. ``sha256`` and ``size`` are the file's, empty for a mere link.
    ``removed_at`` says since when it is in the bin: it carries nothing any more, and can be restored.
    """

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract clause")
        CERTIFICATE = "certificate", _("Certificate")
        AUDIT_REPORT = "audit_report", _("Audit report")
        OTHER = "other", _("Other")

    class Strength(models.TextChoices):
        CLAIM = "claim", _("Claim by the provider")
        DOCUMENT = "document", _("Document")
        DEMONSTRATED = "demonstrated", _("Demonstrated")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    strength = models.CharField(_("strength"), max_length=20, choices=Strength)
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    original_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    stored_as = models.CharField(_("stored as"), max_length=64, blank=True)
    media_type = models.CharField(_("type of the file"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    is_scanned = models.BooleanField(_("scanned for viruses"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    reminded_of = models.DateField(_("end reminded of"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lte=F("valid_until")),
                name="evidence_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["stored_as"], condition=~Q(stored_as=""), name="one_evidence_a_file"),
        ]

    def __str__(self) -> str:
        return self.title


def with_evidence() -> models.Prefetch[str, models.QuerySet[Evidence], str]:
    """For a query of answers: each with its evidence that is not in the bin, in one query more."""
    return models.Prefetch("evidence", Evidence.objects.in_use())
