"""People answering together: who answers what, and what they say to each other about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment, Offer

MAX_COMMENT = 5000
"""Characters of a comment."""


class Assignment(models.Model):
    """Who answers one concern of one offer, or the workload (``offer`` empty, ``concern`` 'workload').

    ``assignee`` is empty for nobody, above all since somebody left. ``reminded_for``: the due day already reminded of.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assignments")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="assignments")
    concern = models.CharField(_("part"), max_length=64)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="assignments", verbose_name=_("who answers")
    )
    due = models.DateField(_("due"), null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    reminded_for = models.DateField(_("reminded of"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "concern"], condition=Q(offer=None), name="one_assignment_a_workload"
            ),
            models.UniqueConstraint(
                fields=["offer", "concern"], condition=~Q(offer=None), name="one_assignment_a_concern_of_an_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concern} · {self.assignee_id}"


class Discussion(models.Model):
    """One thread: on a question of an offer, on a question about the workload (``offer`` empty), or on the assessment
    (``question`` empty too)."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="discussions")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="discussions")
    question = models.CharField(_("question"), max_length=64, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], condition=Q(offer=None), name="one_discussion_without_an_offer"
            ),
            models.UniqueConstraint(
                fields=["offer", "question"], condition=~Q(offer=None), name="one_discussion_a_question_of_an_offer"
            ),
        ]

    def __str__(self) -> str:
        return self.question or str(self.assessment_id)


class Comment(models.Model):
    """What one person said in a discussion. Deleted, it keeps its place without its text."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    text = models.TextField(_("text"), max_length=MAX_COMMENT)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment of a discussion")
        verbose_name_plural = _("comments of discussions")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at=None) & ~Q(text="") | Q(deleted_at__isnull=False, text=""),
                name="a_comment_has_a_text_until_it_is_deleted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.discussion_id} · {self.created_at:%Y-%m-%d}"
