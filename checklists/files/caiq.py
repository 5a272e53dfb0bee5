"""A CAIQ of version 4 that a provider filled in: its columns are found by their headers, never by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from checklists.core.profiles.caiq import NO, NOT_APPLICABLE, NUMBERS, YES
from checklists.files.tables import MAX_BYTES
from checklists.services.foreign_files import ForeignRefused, read_bounded

NUMBER_HEADERS = frozenset({"question id"})
ANSWER_HEADERS = frozenset({"csp caiq answer"})
SAID = {"yes": YES, "y": YES, "no": NO, "n": NO, "na": NOT_APPLICABLE, "n/a": NOT_APPLICABLE,
        "not applicable": NOT_APPLICABLE}  # fmt: skip
_NUMBER = re.compile(r"[A-Z&]{3}-\d\d\.\d")


class CaiqRefused(ValueError):
    """The file is no CAIQ that can be read; the message, in the active language, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Caiq:
    """The provider's answers to the questions that are used, by number; ``total`` counts all those of the file."""

    answers: dict[str, str]
    total: int


def read_caiq(raw: bytes) -> Caiq:
    """The answers of a filled CAIQ. Raises ``CaiqRefused``."""
    if len(raw) > MAX_BYTES:
        raise CaiqRefused(_("The file is larger than 2 MB."))
    try:
        cells = read_bounded("workbook", raw)
    except ForeignRefused as refusal:
        raise CaiqRefused(str(refusal)) from refusal
    for sheet in cells["sheets"]:
        for at, row in enumerate(sheet["rows"]):
            number, answer = _column(row, NUMBER_HEADERS), _column(row, ANSWER_HEADERS)
            if number and answer:
                rows = sheet["rows"][at + 1 :]
                return _answers(rows, number, answer, sheet["title"], frozenset(cells["formulas"]))
    raise CaiqRefused(
        _(
            "No row of the file has the headers “Question ID” and “CSP CAIQ Answer”. It is not a CAIQ of "
            "version 4, or its headers were changed. Ask the provider for the workbook as the Cloud Security "
            "Alliance publishes it."
        )
    )


def _column(row: Sequence[Any], headers: frozenset[str]) -> int:
    """Where one of ``headers`` stands in a row, from 1; 0 where none does."""
    return next((at for at, text in enumerate(row) if at and " ".join(str(text).lower().split()) in headers), 0)


def _answers(rows: Iterable[Sequence[Any]], number: int, answer: int, title: str, formulas: frozenset[str]) -> Caiq:
    found: dict[str, str] = {}
    total = 0
    for line, *texts in rows:
        key = texts[number - 1].strip().upper() if number <= len(texts) else ""
        if not _NUMBER.fullmatch(key):
            continue
        total += 1
        if key not in NUMBERS:
            continue
        if f"{title} {get_column_letter(answer)}{line}" in formulas:
            raise CaiqRefused(
                _("Row %(row)d: the answer to %(number)s is a formula, which is never run here. Paste its value.")
                % {"row": line, "number": key}
            )
        text = " ".join(texts[answer - 1].lower().split()) if answer <= len(texts) else ""
        if text and text not in SAID:
            raise CaiqRefused(
                _("Row %(row)d: “%(text)s” is no answer to %(number)s. Write Yes, No or NA.")
                % {"row": line, "number": key, "text": text[:60]}
            )
        if text and found.setdefault(key, SAID[text]) != SAID[text]:
            raise CaiqRefused(
                _("Row %(row)d answers %(number)s otherwise than a row before. Keep one.")
                % {"row": line, "number": key}
            )
    if not total:
        raise CaiqRefused(
            _("The file holds no question of the CAIQ: no number such as CEK-08.1 stands below its headers.")
        )
    return Caiq(found, total)
