"""Form fields that several pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from checklists.words.kinds.day import DAY_FORMATS


class DayField(forms.DateField):
    """A date typed day first, in both languages."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault(
            "error_messages",
            {"invalid": gettext_lazy("This is not a date of the calendar. Write it as day/month/year: 31/12/2026.")},
        )
        super().__init__(**kwargs)
