"""The texts of a draft as a table for translators, and a table that comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from checklists.files.tables import Table, TableRefused
from checklists.packs.drafts.texts import PathOfText, SentRow, states, text_rows
from checklists.packs.json_schema import LANGUAGE
from checklists.words.editions.difference import title_of
from checklists.words.editions.parts import family_word, field_word

PLACE, STAMP = "place", "stamp"
"""The two columns a table must bring back, by these names in every language."""


def text_table(document: Mapping[str, Any], base: Mapping[str, Any] | None) -> list[list[str]]:
    """The settled ``document``, one line a text; ``base`` is the edition it came from."""
    languages = list(document.get("languages", ()))
    state_of = states(document, base)
    words = {"missing": pgettext("text", "missing"), "changed": pgettext("text", "changed"), "": ""}
    lines = [[PLACE, _("context"), _("state"), *languages, STAMP]]
    for row in text_rows(document):
        said = [row.texts.get(code, "") for code in languages]
        lines.append([row.place, context(document, row.path), words[state_of[row.place]], *said, row.stamp])
    return lines


def context(document: Mapping[str, Any], path: PathOfText) -> str:
    """What the text at ``path`` belongs to, in words: the parts around it, then its field."""
    words: list[str] = []
    item = document
    for step in path[:-1]:
        item = item[step]  # type: ignore[index]
        if isinstance(step, int):
            words[-1] += f" “{Truncator(title_of(item)).chars(90)}”"
        else:
            words.append(str(family_word(step)))
    return " › ".join([*words, str(field_word(str(path[-1])))])


def sent_rows(table: Table, languages: list[str]) -> list[SentRow]:
    """The rows of ``table``; empty ones left out. Raises ``TableRefused`` when its columns are not those exported."""
    header = [cell.strip() for cell in table.header]
    if PLACE not in header or STAMP not in header:
        raise TableRefused(
            _(
                "The columns “place” and “stamp” are missing from the first row: export the texts again and "
                "keep every column."
            )
        )
    if len(set(filter(None, header))) < len([*filter(None, header)]):
        raise TableRefused(_("Two columns have the same name in the first row."))
    columns = {code: header.index(code) for code in languages if code in header}
    strangers = [name for name in header if re.fullmatch(LANGUAGE, name) and name not in languages]
    if strangers or not columns:
        raise TableRefused(
            _("The columns of texts must be those of the checklist’s languages: %(languages)s.")
            % {"languages": ", ".join(languages)}
        )
    rows = []
    for number, cells in zip(table.numbers, table.rows, strict=True):
        if any(cell.strip() for cell in cells):
            whole = [*cells, *[""] * (len(header) - len(cells))]
            texts = {code: whole[at] for code, at in columns.items()}
            place, stamp = whole[header.index(PLACE)].strip(), whole[header.index(STAMP)].strip()
            rows.append(SentRow(number, place, stamp, texts))
    return rows
