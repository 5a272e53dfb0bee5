"""Answers, one row per question and offer, and every change made to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment, Offer

MAX_VALUE = 65_536
"""Characters of a value: a control chain of the largest size allowed fits."""


class Answer(models.Model):
    """What was said of one question. ``offer`` is empty for a question about the workload.

    ``revision`` grows by one with each change; a save that rests on an older one is refused. ``from_profile`` says
    which fact of a provider profile filled the answer in (name, day, source), ``is_presumed`` that nobody
    has confirmed it since.
    """

    class Status(models.TextChoices):
        UNANSWERED = "unanswered", _("Not answered")
        ANSWERED = "answered", _("Answered")
        UNKNOWN = "unknown", _("I don’t know")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="answers")
    question = models.CharField(_("question"), max_length=64)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.UNANSWERED)
    value = models.TextField(_("value"), max_length=MAX_VALUE, blank=True)
    justification = models.TextField(_("justification"), max_length=5000, blank=True)
    comment = models.TextField(_("comment"), max_length=5000, blank=True)
    from_profile = models.JSONField(_("from a profile"), null=True, blank=True)
    is_presumed = models.BooleanField(_("to be confirmed"), default=False)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], condition=Q(offer=None), name="one_answer_a_workload_question"
            ),
            models.UniqueConstraint(
                fields=["offer", "question"], condition=~Q(offer=None), name="one_answer_an_offer_question"
            ),
            models.CheckConstraint(
                condition=Q(status="answered") & ~Q(value="") | ~Q(status="answered") & Q(value=""),
                name="a_value_if_and_only_if_answered",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("value"), MAX_VALUE), name="a_value_of_sane_length"
            ),
            models.CheckConstraint(
                condition=~Q(status="not_applicable") | ~Q(justification=""), name="not_applicable_is_justified"
            ),
            models.CheckConstraint(
                condition=Q(is_presumed=False) | Q(status="answered", from_profile__isnull=False),
                name="presumed_from_a_profile",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value or self.status}"


class AnswerChange(models.Model):
    """One change of an answer: who, when, before, after. Only ever added."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField(_("revision"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"))

    class Meta:
        verbose_name = _("change of an answer")
        verbose_name_plural = _("changes of answers")
        ordering = ["answer", "revision"]
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="one_change_a_revision")]

    def __str__(self) -> str:
        return f"{self.answer_id} r{self.revision}"
