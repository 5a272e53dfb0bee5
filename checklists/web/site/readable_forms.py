"""Every field of text refuses what no file and nobody can read, whichever form it is in."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from checklists.core.readable import TURNING, unreadable_in

LONGEST_NAME = 300
"""A field that takes no more is the name of something, not a text."""


class ReadableText:
    """A validator of text."""

    def __call__(self, value: object) -> None:
        if isinstance(value, str) and (found := unreadable_in(value)):
            raise ValidationError(
                _("Remove the characters that cannot be read: %(characters)s.") % {"characters": ", ".join(found[:5])},
                code="unreadable",
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReadableText)

    def __hash__(self) -> int:
        return hash(ReadableText)


class ReadableName(ReadableText):
    """A validator of a name, in which no character turns the direction of others."""

    def __call__(self, value: object) -> None:
        super().__call__(value)
        if isinstance(value, str) and TURNING.search(value):
            raise ValidationError(_("Remove the characters that change the direction of the text."), code="unreadable")


def connect() -> None:
    """Once, when the site starts: the form library asks each kind of field for its validators."""
    forms.CharField.default_validators = [*forms.CharField.default_validators, ReadableText()]
    begin = forms.CharField.__init__

    def begin_readable(self: forms.CharField, *args: object, **kwargs: object) -> None:
        begin(self, *args, **kwargs)  # type: ignore[arg-type]
        is_secret = isinstance(self.widget, forms.PasswordInput)
        is_name = self.max_length is not None and self.max_length <= LONGEST_NAME and not is_secret
        if is_name and not isinstance(self.widget, forms.Textarea):
            self.validators.append(ReadableName())

    if not getattr(forms.CharField, "is_readable", False):
        forms.CharField.__init__ = begin_readable  # type: ignore[method-assign]
        forms.CharField.is_readable = True  # type: ignore[attr-defined]
