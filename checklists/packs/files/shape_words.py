"""What pydantic finds wrong with the shape of a pack, in words that can be translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checklists.packs.files.problems import gettext_noop

_CORRECT = gettext_noop("Correct the value.")
_WORDS: Mapping[str, tuple[str, str]] = {
    "extra_forbidden": (gettext_noop("unknown field"), gettext_noop("Remove the field or correct its name.")),
    "json_invalid": (gettext_noop("this is not readable as JSON"),
                     gettext_noop("Save the file again as JSON, in UTF-8.")),
    "missing": (gettext_noop("required field missing"), gettext_noop("Add it.")),
    "too_short": (gettext_noop("one at least is required"), gettext_noop("Add one.")),
    "string_type": (gettext_noop("a text is expected"), gettext_noop("Write a text; put a number between quotes.")),
    "string_too_short": (gettext_noop("the text is empty"), gettext_noop("Write it, or take the line out.")),
    "string_too_long": (gettext_noop("the text is too long"), gettext_noop("Shorten it.")),
    "int_type": (gettext_noop("a whole number is expected"), _CORRECT),
    "int_parsing": (gettext_noop("a whole number is expected"), _CORRECT),
    "int_from_float": (gettext_noop("a whole number is expected"), _CORRECT),
    "bool_type": (gettext_noop("true or false is expected"), _CORRECT),
    "bool_parsing": (gettext_noop("true or false is expected"), _CORRECT),
    "list_type": (gettext_noop("a list is expected"), gettext_noop("Begin each item with '- '.")),
    "dict_type": (gettext_noop("a mapping is expected, such as one text a language"),
                  gettext_noop("Write 'fr:' and 'en:' under it, each with its text.")),
    "model_type": (gettext_noop("a part with its fields is expected"), gettext_noop("Write its fields under it.")),
    "value_error": (gettext_noop("this is not a link that begins with https://"), _CORRECT),
}  # fmt: skip
_FORMS: Mapping[str, str] = {
    r"^[a-z][a-z0-9_-]{0,63}$": gettext_noop("Use small letters, digits, - and _, beginning with a letter."),
    r"^[a-z0-9][a-z0-9_-]{0,63}$": gettext_noop("Use small letters, digits, - and _."),
    r"^[A-Z]{2}$": gettext_noop("Write the country in two capitals: FR."),
    r"^\d{4}-\d{2}-\d{2}$": gettext_noop("Write the day as YYYY-MM-DD, between quotes."),
    r"^[a-z]{2}(-[a-z]{2,4})?$": gettext_noop("Write the language in two small letters: fr."),
}
"""How to write what has a form, by its pattern."""


def shape_words(detail: Mapping[str, Any]) -> tuple[str, str]:
    """The message and the remedy for one detail of a ``ValidationError``."""
    kind, given = detail["type"], detail.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return gettext_noop("this is not written as it should be"), _FORMS.get(given["pattern"], _CORRECT)
    if kind in ("literal_error", "enum"):
        expected = str(given["expected"]).replace("' or '", "', '")
        return gettext_noop("it is not one of the values allowed"), gettext_noop(
            "Use one of: %(known)s.", known=expected
        )
    if kind in ("greater_than_equal", "less_than_equal"):
        if "ge" in given:
            return gettext_noop("the number is too small"), gettext_noop("Use %(least)s or more.", least=given["ge"])
        return gettext_noop("the number is too large"), gettext_noop("Use %(most)s or less.", most=given["le"])
    return _WORDS.get(kind, (str(detail["msg"]), _CORRECT))
