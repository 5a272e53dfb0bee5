"""Read the file of an assessment where it can do no harm, and say what is wrong with it, place by place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from checklists.packs.files.problems import Said
from checklists.packs.files.shape_words import shape_words
from checklists.packs.reports.record import RecordError, try_attached

SHOWN = 20
"""Faults told of one file; the rest are counted."""


def try_record(raw: bytes) -> None:
    """Read the attached file in ``raw`` and keep nothing of it.

    Raises ``RecordError``; for a shape that is not the schema's, the message has one line a fault: a JSON Pointer, a
    tab, and what to mend in the active language.
    """
    try:
        try_attached(raw)
    except RecordError as error:
        if not error.faults:
            raise
        lines = [f"{_pointer(fault)}\t{_words(fault)}" for fault in error.faults[:SHOWN]]
        left = len(error.faults) - len(lines)
        if left > 0:
            lines.append("\t" + _("%(left)d more are not listed.") % {"left": left})
        raise RecordError("\n".join(lines), error.reason) from None


def faults_in(message: str) -> list[tuple[str, str]]:
    """The pointer and the words of each line that ``try_record`` told."""
    pairs = (line.partition("\t") for line in message.splitlines())
    return [(pointer, words) for pointer, _tab, words in pairs if words]


def _pointer(fault: Mapping[str, Any]) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in fault["loc"])
    return " ".join("".join(f"/{step[:100]}" for step in steps).split())


def _words(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "value_error" and isinstance(said := fault["ctx"]["error"].args[0], Said):
        return _sentence(said)
    message, remedy = shape_words(fault)
    return f"{_sentence(message)} {_translated(remedy)}"


def _sentence(said: str) -> str:
    text = _translated(said)
    return f"{text[:1].upper()}{text[1:]}."


def _translated(said: str) -> str:
    return _(said.template) % said.values if isinstance(said, Said) and said.values else _(said)
