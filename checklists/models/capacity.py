"""What a workload needs of a host, and what an offer provides, in capacity and quality of service."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment, Offer


class Capacity(models.Model):
    """The columns both share. An empty number or a ``None`` list is not stated."""

    class Support(models.TextChoices):
        OFFICE_HOURS = "office_hours", _("Working days, office hours")
        EXTENDED_HOURS = "extended_hours", _("Days and evenings")
        ALWAYS = "always", _("Round the clock")

    storage_now = models.DecimalField(
        _("storage now, in terabytes"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    storage_later = models.DecimalField(
        _("storage in three years, in terabytes"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cpu = models.PositiveIntegerField(_("processor cores"), null=True, blank=True)
    gpu = models.PositiveIntegerField(_("graphics processors"), null=True, blank=True)
    availability = models.DecimalField(
        _("availability, in per cent"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    support = models.CharField(_("support hours"), max_length=20, choices=Support, blank=True)
    services = models.JSONField(_("managed services"), null=True, blank=True)
    certifications = models.JSONField(_("certifications"), null=True, blank=True)
    note = models.TextField(_("remarks and sources"), max_length=5000, blank=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        abstract = True


class Need(Capacity):
    """What the workload of an assessment needs."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="need")

    class Meta:
        verbose_name = _("needs of a processing to be hosted")
        verbose_name_plural = _("needs of processings to be hosted")

    def __str__(self) -> str:
        return str(self.assessment)


class Provision(Capacity):
    """What an offer provides."""

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="provision")

    class Meta:
        verbose_name = _("capacity of an offer")
        verbose_name_plural = _("capacities of offers")

    def __str__(self) -> str:
        return str(self.offer)
