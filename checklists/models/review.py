"""The review of assessments: its acts, only ever added, and the decisions of each round."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment, Offer

MAX_REMARK = 5000


class ReviewAct(models.Model):
    """One act of the history. ``round`` counts submissions from 1; ``text`` is the note, the reason or ''.

    ``content_sha256`` is the fingerprint of the whole content at that moment; ``covers`` that of each offer's part of
    it, by the offer's number, as a report of that offer states it; ``matters``, for a submission, that of each thing
    to decide on, by 'offer/concern'. ``eyes`` tells how an act that
    judges stands with four eyes: see ``core.review.Eyes``.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")
        APPROVED = "approved", _("Approved")
        REOPENED = "reopened", _("Reopened")

    class Eyes(models.TextChoices):
        TWO = "two", _("by another than the authors")
        ALONE = "alone", _("by an author: nobody else in the organisation may do it")
        ONE = "one", _("by an author: the organisation does not ask for two")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="review_acts")
    round = models.PositiveSmallIntegerField(_("round"))
    kind = models.CharField(_("act"), max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=20, blank=True)
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("words"), max_length=MAX_REMARK, blank=True)
    unanswered = models.PositiveIntegerField(_("questions not answered"), null=True)
    eyes = models.CharField(_("four eyes"), max_length=5, choices=Eyes, blank=True)
    content_sha256 = models.CharField(_("fingerprint of the content"), max_length=64, blank=True)
    covers = models.JSONField(_("fingerprint of each offer"), default=dict)
    matters = models.JSONField(_("fingerprint of each matter"), default=dict)

    class Meta:
        verbose_name = _("act of a review")
        verbose_name_plural = _("acts of reviews")
        ordering = ["pk"]
        indexes = [models.Index(fields=["assessment", "kind", "-at"], name="review_history")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.round} {self.kind}"


class ReviewDecision(models.Model):
    """What was decided on one matter of a round. It may change until the round is closed.

    Without ``offer``, on the workload; without ``concern``, on the offer itself. ``questions`` are the keys of those to
    be mended. ``carried_from`` is the round of the acceptance that was carried over, when it was.
    """

    submission = models.ForeignKey(ReviewAct, models.CASCADE, related_name="decisions")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="+")
    concern = models.CharField(_("topic"), max_length=64, blank=True)
    is_accepted = models.BooleanField(_("accepted"))
    remark = models.TextField(_("remark"), max_length=MAX_REMARK, blank=True)
    questions = models.JSONField(_("questions to mend"), default=list)
    carried_from = models.PositiveSmallIntegerField(_("carried from round"), null=True)
    content_sha256 = models.CharField(_("fingerprint of what was decided on"), max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=20, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("decision of a review")
        verbose_name_plural = _("decisions of reviews")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "concern"], condition=Q(offer=None), name="one_decision_on_the_workload"
            ),
            models.UniqueConstraint(
                fields=["submission", "offer", "concern"], condition=~Q(offer=None), name="one_decision_on_an_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.offer_id or ''} {self.concern}"
