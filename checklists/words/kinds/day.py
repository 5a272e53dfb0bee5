"""A date."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Question
from checklists.core.typed_day import read_day
from checklists.services.day_format import date_format
from checklists.words.kinds.face import Face


class Day(Face):
    key = "date"
    name = _("a date")
    radio = _("On this date:")
    written = _("the date written below")

    def said(self, question: Question, value: str) -> str:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")

    def field(self) -> forms.Field:
        return forms.CharField(
            label=_("Date"),
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            help_text=_("Day/month/year, for example 31/12/2026."),
        )

    def shown(self, value: str) -> str:
        return date.fromisoformat(value).strftime("%d/%m/%Y") if value else ""

    def read(self, typed: str) -> str:
        """A typed date as ISO 8601; anything unreadable is passed on, for the service to refuse by name."""
        day = read_day(typed)
        return day.isoformat() if day else typed.strip()
