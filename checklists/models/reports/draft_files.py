"""Files of drafts: what the answers say at this moment, made in the background and kept for a day."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Offer
from checklists.models.jobs import Job


class DraftFile(Job):
    """The file of one draft, and the work of making it. Whoever asks for the same contents gets the same file.

    ``contents`` is the canonical record that the file shows, ``contents_sha256`` its hash; ``asked_by`` is who asked
    first.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    class Failure(models.TextChoices):
        CONTENTS = "contents", _("The contents could not be set in pages.")
        LENGTH = "length", _("The pages are too many: shorten the longest texts, or choose the one-page summary.")
        STOPPED = "stopped", _("The site stopped twice while the report was being made.")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="draft_files", verbose_name=_("offer"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    extension = models.CharField(_("format"), max_length=4)
    language = models.CharField(_("language"), max_length=5)
    form = models.CharField(_("form"), max_length=10)
    contents = models.BinaryField(_("contents"))
    contents_sha256 = models.CharField(_("fingerprint of the contents"), max_length=64)
    file = models.BinaryField(_("file"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(_("failure"), max_length=10, choices=Failure, blank=True)

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "contents_sha256", "extension"], name="one_draft_file_a_content")
        ]
        indexes = [
            models.Index(fields=["state", "asked_at"], name="draft_file_queue"),
            models.Index(fields=["asked_by", "asked_at"], name="draft_file_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"
