"""Notices: that something awaits a person, in the product and by e-mail; and what each person wants by e-mail."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.models.assessments import Assessment, Offer
from checklists.models.people.users import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def shown_to(self, user: User) -> Self:
        """Those of ``user`` about assessments in use that they may still read."""
        return self.filter(user=user, assessment__in=Assessment.objects.visible_to(user).in_use().values("pk"))

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something awaits ``user`` at ``link``, an address of this site. It says where, never what was written there.

    ``part`` is the key of the question or the concern it is about, if there is one.
    """

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("A part is assigned to me")
        UNASSIGNED = "unassigned", _("A part has nobody any more")
        MENTIONED = "mentioned", _("Somebody mentions me in a discussion")
        REPLIED = "replied", _("Somebody replies in a discussion where I wrote")
        DUE = "due", _("Something of mine falls due")
        SUBMITTED = "submitted", _("Answers are submitted for review")
        RETURNED = "returned", _("Answers come back from review")
        APPROVED = "approved", _("Answers are accepted or approved")
        REOPENED = "reopened", _("What was approved is reopened")
        PROVIDER_ANSWERED = "provider_answered", _("A provider answers questions that I sent")

    class Mail(models.TextChoices):
        NONE = "none", _("none")
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="+")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="+")
    part = models.CharField(_("part"), max_length=64, blank=True)
    link = models.CharField(_("address"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    due = models.DateField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail = models.CharField(_("e-mail"), max_length=10, choices=Mail, default=Mail.NONE)
    mail_tried_at = models.DateTimeField(_("e-mail tried"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "link"], condition=Q(read_at=None), name="one_unread_notice_a_matter"
            )
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_listing"),
            models.Index(fields=["mail_tried_at"], condition=Q(mail="waiting"), name="notice_waiting_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.link}"


class MailChoice(models.Model):
    """What ``user`` wants by e-mail. Without a row: every kind, at once, in the site's first language."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice")
    language = models.CharField(_("language of e-mails"), max_length=10, blank=True)
    daily = models.BooleanField(_("one e-mail a day"), default=False)
    refused = models.JSONField(_("kinds refused"), default=list, blank=True)
    last_daily = models.DateField(_("last daily e-mail"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice of e-mails")
        verbose_name_plural = _("choices of e-mails")

    def __str__(self) -> str:
        return f"{self.user} · {self.language}"
