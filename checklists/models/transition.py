"""The transition plan of an offer to be left: its steps, what guarantees hold meanwhile, until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment, Offer


class TransitionPlan(models.Model):
    """How to leave ``offer``. ``revision`` grows with each change; a save that rests on an older one is refused.

    ``last_number`` is the highest number that a step ever had: a new one gets the next, whatever was removed.
    """

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="transition_plan")
    target = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("first day"))
    asked_end = models.DateField(_("to have left by"), null=True, blank=True)
    justification = models.TextField(_("why this long"), max_length=5000, blank=True)
    legal_basis = models.TextField(_("legal basis during the transition"), max_length=5000, blank=True)
    guarantee_keys = models.TextField(_("keys"), max_length=2000, blank=True)
    guarantee_access = models.TextField(_("access"), max_length=2000, blank=True)
    guarantee_logging = models.TextField(_("logging"), max_length=2000, blank=True)
    guarantee_new_data = models.TextField(_("no new data"), max_length=2000, blank=True)
    last_number = models.PositiveIntegerField(_("last number given"), default=0)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    GUARANTEES = ("guarantee_keys", "guarantee_access", "guarantee_logging", "guarantee_new_data")

    class Meta:
        verbose_name = _("transition plan")
        verbose_name_plural = _("transition plans")

    def __str__(self) -> str:
        return str(self.offer)


class PlanStep(models.Model):
    """One step. ``number`` is what other steps name it by and never changes; ``after`` lists numbers ('1, 4').

    Durations are days. What cannot be ordered (a cycle, say) is kept as it is: the schedule tells the problem.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")

    plan = models.ForeignKey(TransitionPlan, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("step"), max_length=200)
    owner = models.CharField(_("in charge"), max_length=200, blank=True)
    low = models.PositiveIntegerField(_("at least"))
    likely = models.PositiveIntegerField(_("likely"))
    high = models.PositiveIntegerField(_("at most"))
    after = models.CharField(_("after steps"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED)
    started_on = models.DateField(_("begun on"), null=True, blank=True)
    finished_on = models.DateField(_("finished on"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_step_a_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Reminder(models.Model):
    """One reminder sent for one deadline, so that it is not sent again: of a step, or of an assessment to do again."""

    step = models.ForeignKey(PlanStep, models.CASCADE, null=True, related_name="reminders")
    assessment = models.ForeignKey(Assessment, models.CASCADE, null=True, related_name="reminders")
    due = models.DateField(_("due"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["step", "due", "user"], name="one_reminder_a_deadline"),
            models.UniqueConstraint(fields=["assessment", "due", "user"], name="one_reminder_a_reassessment"),
            models.CheckConstraint(
                condition=models.Q(step=None) ^ models.Q(assessment=None), name="a_reminder_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step or self.assessment} · {self.due}"
