"""Reports as issued: what was frozen, the file made of it, and the work of making it."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Offer, in_use, role_of
from checklists.models.editions import Edition, ImmutableError
from checklists.models.jobs import Job
from checklists.models.people.users import User

_ASSESSMENT = "report__offer__assessment"


class WrittenOnce(models.Model):
    """A row that is inserted once; triggers of the database refuse any change too (``table_rules.declared``)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("An issued report never changes: issue another one.")
        super().save(*args, force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError("An issued report is never deleted.")


class Report(WrittenOnce):
    """One report of record. ``content`` is the canonical JSON of its frozen record (see ``packs.record``).

    ``facts_sha256`` is the hash of what was found whatever the language and form; ``code`` is what a reader types
    to verify it.
    """

    class Form(models.TextChoices):
        FULL = "full", _("Full report")
        SUMMARY = "summary", _("One-page summary")
        LETTER = "letter", _("Letter to the supervisory authority")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="reports")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reports")
    code = models.CharField(_("code"), max_length=19, unique=True)
    language = models.CharField(_("language"), max_length=8)
    form = models.CharField(_("form"), max_length=10, choices=Form, default=Form.FULL)
    content = models.BinaryField(_("frozen contents"))
    content_sha256 = models.CharField(_("fingerprint of the contents"), max_length=64)
    facts_sha256 = models.CharField(_("fingerprint of what was found"), max_length=64)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    address = models.CharField(_("where it is verified"), max_length=500)
    is_signed = models.BooleanField(_("signed"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(_("issued"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-issued_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["offer", "content_sha256"], name="one_report_a_content")]
        indexes = [models.Index(fields=["offer", "-issued_at"], name="report_listing")]

    def __str__(self) -> str:
        return self.code


class PrintedReportQuerySet(models.QuerySet["PrintedReport"]):
    def with_role_of(self, user: User) -> Self:
        """Those of assessments in use, each with ``member_role``, as for assessments."""
        return self.filter(in_use(_ASSESSMENT)).annotate(**role_of(user, f"{_ASSESSMENT}__organisation"))


class PrintedReport(WrittenOnce):
    """The bytes of a report as they are served. ``plain_sha256`` is the hash before signing: it can be made again."""

    report = models.OneToOneField(Report, models.PROTECT, primary_key=True, related_name="printed")
    pdf = models.BinaryField(_("file"))
    pdf_sha256 = models.CharField(_("fingerprint of the file"), max_length=64, unique=True)
    plain_sha256 = models.CharField(_("fingerprint before signing"), max_length=64)
    printed_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = PrintedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")

    def __str__(self) -> str:
        return str(self.report_id)


class PrintJob(Job):
    """The work of making a report's file: where it stands, and why it failed if it did."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    class Stage(models.TextChoices):
        READING = "reading", _("Reading the frozen answers")
        SETTING = "setting", _("Setting the pages")
        SIGNING = "signing", _("Signing")
        STORING = "storing", _("Storing the file")

    class Failure(models.TextChoices):
        CONTENTS = "contents", _("The contents could not be set in pages.")
        SIGNATURE = "signature", _("The report could not be signed: the key or the timestamp server did not answer.")
        JUDGE = "judge", _("This version of the software no longer gives the frozen verdict.")
        LENGTH = "length", _("The pages are too many: shorten the longest texts, or choose the one-page summary.")
        STOPPED = "stopped", _("The site stopped twice while the report was being made.")

    report = models.OneToOneField(Report, models.PROTECT, primary_key=True, related_name="job")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, blank=True)
    failure = models.CharField(_("failure"), max_length=10, choices=Failure, blank=True)

    class Meta:
        verbose_name = _("report to be made")
        verbose_name_plural = _("reports to be made")
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["state", "asked_at"], name="print_job_queue")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.state}"
