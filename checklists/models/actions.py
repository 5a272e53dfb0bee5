"""What people undertake about an offer: one row for each action that somebody took in hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Offer

MAX_NOTE = 2000
"""Characters of a note."""


class OfferAction(models.Model):
    """Who does an action of ``offer``, by when, and how far it is.

    ``key`` is that of ``checklists.core.actions``. What the action is follows from the answers and is not kept: when
    they no longer ask for it, the row stays as what was done. ``revision`` grows with each change; a save that rests
    on an older one is refused.
    """

    class State(models.TextChoices):
        TO_DO = "to_do", _("To do")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Given up")

    CLOSED = (State.DONE, State.DROPPED)

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="actions")
    key = models.CharField(_("action"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("in charge"),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.TO_DO)
    note = models.TextField(_("note"), max_length=MAX_NOTE, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["offer", "key"], name="one_row_an_action_of_an_offer")]

    def __str__(self) -> str:
        return f"{self.key} · {self.offer_id}"

    @property
    def is_closed(self) -> bool:
        return self.state in self.CLOSED
