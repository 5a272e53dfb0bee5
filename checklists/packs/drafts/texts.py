"""Every text of a checklist in a table for translators, and the table's changes back into the checklist.

A row carries the place of its text and a stamp of what the text said when the table was made: what was changed on
both sides meanwhile is told, never overwritten.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from checklists.core.editions.edition import canonical_bytes
from checklists.packs.editions.parts import part_model
from checklists.packs.editions.schema import Pack, Text

LEFT_OUT = ("changelog",)
"""Written when publication is asked for, not with the checklist."""
MAX_TEXT = 4_000
NO_TEXT = "\0"
"""Begins what stands for a cell that holds no text, before what it holds: 'formula', 'date', 'number', 'truth' or
'error'. No text can begin so."""

PathOfText = tuple[str | int, ...]


@dataclass(frozen=True)
class TextRow:
    """One text: its place (``questions/key_holder/options/none/label``), and what it says in each language."""

    place: str
    path: PathOfText
    texts: Mapping[str, str]

    @property
    def stamp(self) -> str:
        """Differs when the text does, in whichever language. Begins with a letter: no spreadsheet takes it for a
        number."""
        return "t" + hashlib.sha256(canonical_bytes(self.texts)).hexdigest()[:12]


@dataclass(frozen=True)
class SentRow:
    """A row of a table that came back; ``number`` is where it stands in the file."""

    number: int
    place: str
    stamp: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class RefusedRow:
    """A row that was left out. ``reason`` is 'unknown', 'twice', 'changed', 'too long' or what a cell holds
    instead of text; ``standing`` is
    what the text says now, where it exists."""

    row: SentRow
    reason: str
    standing: Mapping[str, str]


@dataclass(frozen=True)
class Rewritten:
    """A document with the accepted texts in it; ``accepted`` counts the texts that changed, ``emptied`` the cells that
    are empty where a text stands: it stays."""

    document: Mapping[str, Any]
    accepted: int
    emptied: int
    refused: tuple[RefusedRow, ...]


def text_rows(document: Mapping[str, Any]) -> list[TextRow]:
    """Every text of the settled ``document``, and every one it lacks and must have, in the order of the schema."""
    return list(_rows(Pack, document, (), ""))


def _rows(model: type[BaseModel], item: Mapping[str, Any], path: PathOfText, place: str) -> Iterator[TextRow]:
    for name, field in model.model_fields.items():
        alias = field.alias or name
        here = f"{place}/{alias}".lstrip("/")
        if inner := part_model(field):
            for index, part in enumerate(item.get(alias, ())):
                if "key" in part:
                    yield from _rows(inner, part, (*path, alias, index), f"{here}/{part['key']}")
        elif _is_text(field) and alias not in LEFT_OUT and (alias in item or field.is_required()):
            yield TextRow(here, (*path, alias), item.get(alias, {}))


def _is_text(field: FieldInfo) -> bool:
    return Text in (field.annotation, *get_args(field.annotation))


def states(document: Mapping[str, Any], base: Mapping[str, Any] | None) -> dict[str, str]:
    """By place: 'missing' in one language or more, 'changed' since ``base``, or ''."""
    before = {row.place: row.texts for row in text_rows(base)} if base else {}
    languages = document.get("languages", ())
    return {
        row.place: "missing"
        if any(code not in row.texts for code in languages)
        else "changed"
        if base and before.get(row.place) != row.texts
        else ""
        for row in text_rows(document)
    }


def rewrite(document: Mapping[str, Any], sent: Iterable[SentRow]) -> Rewritten:
    """``document`` (settled) with the texts of ``sent`` that may go in."""
    rows = {row.place: row for row in text_rows(document)}
    after = copy.deepcopy(dict(document))
    accepted = emptied = 0
    refused: list[RefusedRow] = []
    seen: set[str] = set()
    for given in sent:
        row = rows.get(given.place)
        if row is None or given.place in seen:
            refused.append(RefusedRow(given, "twice" if row else "unknown", row.texts if row else {}))
            continue
        seen.add(given.place)
        fresh = {code: text for code, text in given.texts.items() if plain(text) != plain(row.texts.get(code, ""))}
        emptied += sum(not plain(text) for text in fresh.values())
        fresh = {code: plain(text) for code, text in fresh.items() if plain(text)}
        if not fresh:
            continue
        if odd := next((text for text in fresh.values() if text.startswith(NO_TEXT)), ""):
            refused.append(RefusedRow(given, odd.removeprefix(NO_TEXT), row.texts))
        elif given.stamp != row.stamp:
            refused.append(RefusedRow(given, "changed", row.texts))
        elif any(len(text) > MAX_TEXT for text in fresh.values()):
            refused.append(RefusedRow(given, "too long", row.texts))
        else:
            accepted += len(fresh)
            _put(after, row.path, {**row.texts, **fresh})
    return Rewritten(after, accepted, emptied, tuple(refused))


def plain(text: str) -> str:
    """``text`` as the schema keeps it: spreadsheets change the ends of lines, and add spaces."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _put(document: Any, path: PathOfText, texts: Mapping[str, str]) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = dict(texts)
