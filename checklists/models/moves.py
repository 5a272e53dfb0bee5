"""Assessments moved to a newer edition: from which, to which, the answers at that moment, and what was confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checklists.models.answers import Answer
from checklists.models.assessments import Assessment
from checklists.models.editions import Edition


class EditionMove(models.Model):
    """One move of an assessment. While it is open it can be undone; closed, it never changes.

    ``answers`` are all its answers at that moment, each with its offer, question and revision; with ``reference_date``
    and ``from_edition`` they give the old judgement again. ``set_aside`` are answers given since to questions that
    changed, which undoing put back: they are offered again by the next move to the same edition.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting to be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        UNDONE = "undone", _("Undone")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="moves")
    from_edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    to_edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    reference_date = models.DateField(_("reference date"))
    answers = models.JSONField(_("answers"))
    set_aside = models.JSONField(_("answers set aside"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    moved_at = models.DateTimeField(_("moved"), auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(_("confirmed or undone"), null=True)

    class Meta:
        verbose_name = _("move to another edition")
        verbose_name_plural = _("moves to another edition")
        ordering = ["-moved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["assessment"], condition=Q(state="open"), name="one_open_move")]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.from_edition_id} to {self.to_edition_id}"


class AnswerConfirmation(models.Model):
    """Somebody read a carried answer again under the newer edition and said that it still holds."""

    move = models.ForeignKey(EditionMove, models.CASCADE, related_name="confirmations")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("confirmation of an answer")
        verbose_name_plural = _("confirmations of answers")
        constraints = [models.UniqueConstraint(fields=["move", "answer"], name="one_confirmation_an_answer")]

    def __str__(self) -> str:
        return f"{self.move_id}: {self.answer_id}"
