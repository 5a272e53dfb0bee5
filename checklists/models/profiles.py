"""Facts about providers' services, each with its sources and the day it was checked. No claim without one."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checklists.models.editions import Edition


class ProviderProfile(models.Model):
    """One service of one provider. A withdrawn profile is kept, and fills nothing any more.

    Texts are per language (``{"fr": …, "en": …}``). ``variants``, ``contracting``, ``chain`` and ``reply`` are the
    parts of the same names of a profile's file (``packs.profiles.schema``); ``sources`` are those that the chain and
    the contracting companies cite, each with its ``key``.
    """

    key = models.CharField(_("key"), max_length=64, unique=True, null=True, blank=True)
    provider = models.CharField(_("provider"), max_length=200)
    service = models.CharField(_("service"), max_length=200)
    note = models.TextField(_("what the profile covers"), max_length=2000, blank=True)
    scope = models.JSONField(_("what it covers, by language"), default=dict, blank=True)
    variants = models.JSONField(_("variants"), default=list, blank=True)
    sources = models.JSONField(_("sources of the chain"), default=list, blank=True)
    contracting = models.JSONField(_("contracting company by country"), default=list, blank=True)
    chain = models.JSONField(_("control chain"), null=True, blank=True)
    not_known = models.JSONField(_("what is not established"), default=dict, blank=True)
    reply = models.JSONField(_("reply of the provider"), null=True, blank=True)
    read_on = models.DateField(_("last read on"), null=True, blank=True)
    library = models.CharField(_("loaded from"), max_length=250, blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("provider profile")
        verbose_name_plural = _("provider profiles")
        ordering = ["provider", "service", "pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "service"], name="one_profile_a_service")]

    def __str__(self) -> str:
        return f"{self.provider} – {self.service}"


class ProfileFactQuerySet(models.QuerySet["ProfileFact"]):
    def with_newest_edition(self) -> Self:
        """Each with ``newest_edition``, the fingerprint of the newest edition of its checklist, or ``None``."""
        editions = Edition.objects.filter(checklist=models.OuterRef("checklist")).order_by("-number")
        return self.annotate(newest_edition=models.Subquery(editions.values("sha256")[:1]))


class ProfileFact(models.Model):
    """What is known of a service on one question of a checklist, by its keys, and where it can be read.

    ``value`` is empty for a fact without an answer, shown beside its question or under its ``topic``. The columns of
    the source are those of the first one that says it; ``more_sources`` holds the others, each a source of the file
    with ``says``: whether it says the fact, or only bears on it.
    """

    class SourceKind(models.TextChoices):
        CONTRACT = "contract", _("contract text")
        REGISTER = "register", _("public register or certificate")
        JUDGMENT = "judgment", _("judgment or supervisory authority’s decision")
        ANNUAL_REPORT = "annual_report", _("annual report or legal notice")
        VENDOR_PAGE = "vendor_page", _("provider’s own page")
        PRESS = "press", _("press")
        COMPILATION = "compilation", _("third party’s compilation")

    profile = models.ForeignKey(ProviderProfile, models.CASCADE, related_name="facts", verbose_name=_("profile"))
    checklist = models.CharField(_("checklist"), max_length=64)
    framework = models.CharField(_("external framework"), max_length=64, blank=True)
    question = models.CharField(_("question"), max_length=64, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    variant = models.CharField(_("variant"), max_length=64, default="default")
    topic = models.JSONField(_("topic"), default=dict, blank=True)
    text = models.JSONField(_("what is known"), default=dict, blank=True)
    source_key = models.CharField(_("key of the source"), max_length=64, blank=True)
    source_kind = models.CharField(
        _("kind of source"), max_length=20, choices=SourceKind, default=SourceKind.VENDOR_PAGE
    )
    source_title = models.CharField(_("source"), max_length=200)
    source_url = models.CharField(
        _("address of the source"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )
    source_date = models.DateField(_("date of the source"), null=True, blank=True)
    source_note = models.JSONField(_("how the source was read"), default=dict, blank=True)
    more_sources = models.JSONField(_("other sources"), default=list, blank=True)
    checked_on = models.DateField(_("checked on"))
    valid_from = models.DateField(_("true from"), null=True, blank=True)
    valid_until = models.DateField(_("true until"), null=True, blank=True)
    review_by = models.DateField(_("to be checked again by"), null=True, blank=True)
    contested = models.JSONField(_("contested"), default=dict, blank=True)
    inferred = models.JSONField(_("inferred from"), default=dict, blank=True)
    place = models.PositiveIntegerField(_("place"), default=0)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ProfileFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact of a profile")
        verbose_name_plural = _("facts of profiles")
        ordering = ["profile", "checklist", "place", "question", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "checklist", "variant", "question"],
                condition=~Q(value="") & ~Q(question=""),
                name="one_answer_a_variant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class ProfileChange(models.Model):
    """One change of a profile or of a fact of it: who, when, before, after. Only ever added.

    ``loaded_from`` names the file that brought it; ``before`` and ``after`` are then the parts that differ.
    """

    profile = models.ForeignKey(ProviderProfile, models.CASCADE, related_name="changes")
    question = models.CharField(_("question"), max_length=64, blank=True)
    loaded_from = models.CharField(_("loaded from"), max_length=250, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("change of a profile")
        verbose_name_plural = _("changes of profiles")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.question}"
