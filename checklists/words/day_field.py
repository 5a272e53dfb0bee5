"""The form field that every page asks a day with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from checklists.core.typed_day import read_day


class DayField(forms.DateField):
    """A date typed day first, in both languages, in any form that ``read_day`` reads."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages",
            {"invalid": gettext_lazy("This is not a date of the calendar. Write it as day/month/year: 31/12/2026.")},
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        day = read_day(value) if isinstance(value, str) else None
        read: date | None = day or super().to_python(value)
        return read
