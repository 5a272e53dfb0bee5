"""How an organisation's reports are headed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from checklists.models.people.organisations import Organisation


class Branding(models.Model):
    """The letterhead of an organisation. ``logo`` is a PNG made by us, whatever was sent; empty for none."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="branding")
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    logo = models.BinaryField(_("logo"), blank=True, default=bytes)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        return str(self.organisation)
