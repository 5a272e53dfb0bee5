"""A date as people write it: Django's formats, and "1er avril" where the first of a month is an ordinal."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.defaultfilters import date as date_filter
from django.utils import formats
from django.utils.translation import pgettext

register = Library()


def date_format(value: Any, format: str | None = None, use_l10n: bool | None = None) -> str:
    """As :func:`django.utils.formats.date_format`, in the active language."""
    return _first_of_month(formats.date_format(value, format, use_l10n))


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date_in_words(value: Any, format: str | None = None) -> str:
    """The template filter ``date``, with the same ordinal."""
    return _first_of_month(date_filter(value, format))


def _first_of_month(text: str) -> str:
    if not text.startswith("1 "):
        return text
    return pgettext("first day of a month, then the rest of the date", "1 %(rest)s") % {"rest": text[2:]}
