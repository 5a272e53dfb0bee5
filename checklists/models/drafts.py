"""Drafts: the next edition of a checklist while it is written, one row per part, and every change made to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checklists.models.editions import Edition


class Draft(models.Model):
    """The next edition of a checklist. ``head`` holds what is not a list of parts: title, summary, languages.

    ``revision`` grows by one with each change of the draft or of any of its parts.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being written")
        SUBMITTED = "submitted", _("Waiting for approval")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Dropped")

    checklist = models.SlugField(_("checklist"), max_length=64)
    base = models.ForeignKey(
        Edition, models.PROTECT, null=True, related_name="drafts", verbose_name=_("made from the edition")
    )
    head = models.JSONField(_("title, summary and languages"))
    changelog = models.JSONField(_("changelog"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by")
    )
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by")
    )
    published_as = models.OneToOneField(
        Edition, models.PROTECT, null=True, related_name="draft", verbose_name=_("published as")
    )

    class Meta:
        verbose_name = _("draft of a checklist")
        verbose_name_plural = _("drafts of checklists")
        ordering = ["-updated_at", "pk"]
        permissions = [("publish_draft", _("Can approve and publish a draft"))]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist"], condition=Q(state__in=["open", "submitted"]), name="one_draft_a_checklist"
            ),
            models.CheckConstraint(
                condition=Q(state="published") & ~Q(published_as=None) | ~Q(state="published") & Q(published_as=None),
                name="an_edition_if_and_only_if_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} ({self.get_state_display()})"


class DraftPart(models.Model):
    """One part of a draft: a concern, a question, an option (its ``owner`` is the question), a gate, a source...

    ``family`` is the name of the list it stands in, in a pack. ``body`` is the part as a pack writes it, less its
    key and the parts that are rows themselves. ``revision`` grows by one with each change of the body.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="parts")
    family = models.CharField(_("family"), max_length=40)
    owner = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    key = models.CharField(_("key"), max_length=64, blank=True)
    position = models.PositiveIntegerField(_("position"))
    body = models.JSONField(_("contents"))
    revision = models.PositiveIntegerField(_("revision"), default=1)

    class Meta:
        verbose_name = _("part of a draft")
        verbose_name_plural = _("parts of drafts")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "family", "key"],
                condition=Q(owner=None) & ~Q(key=""),
                name="one_part_a_key",
            ),
            models.UniqueConstraint(
                fields=["owner", "family", "key"], condition=~Q(owner=None) & ~Q(key=""), name="one_inner_part_a_key"
            ),
        ]
        indexes = [models.Index(fields=["draft", "family", "position"], name="draft_parts_in_order")]

    def __str__(self) -> str:
        return f"{self.family}/{self.key}"

    @property
    def place(self) -> str:
        """Where the part stands in its pack: ``questions/key_holder/options/none``."""
        own = f"{self.family}/{self.key}".rstrip("/")
        return f"{self.owner.place}/{own}" if self.owner else own


class DraftChange(models.Model):
    """One change of a draft: who, when, which part, before, after. Only ever added.

    ``place`` names the part as a pack does, ``head`` the title, summary and languages. A part that did not exist
    has no ``before``, one taken out no ``after``; a move keeps both with the new ``position``.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="changes")
    place = models.CharField(_("place"), max_length=200)
    family = models.CharField(_("family"), max_length=40)
    owner_key = models.CharField(_("key of the owner"), max_length=64, blank=True)
    key = models.CharField(_("key"), max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("change of a draft")
        verbose_name_plural = _("changes of drafts")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["draft", "place", "-at"], name="draft_changes_of_a_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.at:%Y-%m-%d %H:%M}"
