"""The parts of a checklist that move a verdict or a score, in words: what each was, and what it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from checklists.core.editions.difference import PartChange, compare
from checklists.words.editions.difference import FieldLine, Speaker, field_lines, title_of
from checklists.words.editions.parts import family_word

Words = str | Promise
BEARING = frozenset(
    ("weight", "concern", "scope", "kind", "applies", "level", "regime", "lapsed_to", "adequacy_of", "when", "ceiling",
     "from", "until", "status", "presumed", "presumed_if", "least", "to", "country", "countries", "replaces",
     "thresholds")
)  # fmt: skip
"""The fields that a judgement reads; the others are words, and move nothing."""


@dataclass(frozen=True)
class CauseLine:
    """A changed part: its family and title, whether it is 'added', 'removed' or 'changed', and the fields that count.

    ``key`` is the key under which an administration finds it, that of its question for an answer.
    """

    place: str
    family: str
    key: str
    word: Words
    title: str
    within: str
    kind: str
    fields: tuple[FieldLine, ...]


class CauseWords:
    """Says the parts that differ between two documents of a checklist."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self._old, self._new = Speaker(before), Speaker(after)
        self._changes = {(change.family, change.key): change for change in compare(before, after)}

    def lines(self, places: Iterable[str]) -> list[CauseLine]:
        """One line a place, such as 'gates/no_key' or 'questions/key_holder/options/none'; unknown ones left out."""
        return [line for place in places if (line := self._line(place))]

    def _line(self, place: str) -> CauseLine | None:
        family, key, _options, option = (place.split("/") + [""] * 3)[:4]
        change = self._changes.get(("", "") if family == "thresholds" else (family, key))
        if change is None:
            return None
        if option:
            inner = next((one for one in change.inner if one.key == option), None)
            within = title_of(change.after or change.before or {})
            return self._said(place, family, key, "options", inner, within) if inner else None
        return self._said(place, family, key, family, change, "")

    def _said(self, place: str, family: str, key: str, word: str, change: PartChange, within: str) -> CauseLine:
        is_whole = change.before is None or change.after is None
        kind = "added" if change.before is None else "removed" if change.after is None else "changed"
        fields = [] if is_whole else [one for one in change.fields if one.name in BEARING]
        return CauseLine(
            place=place,
            family=family,
            key=key,
            word=family_word(word, plural=family == "thresholds"),
            title="" if family == "thresholds" else title_of(change.after or change.before or {}),
            within=within,
            kind=kind,
            fields=tuple(line for one in fields for line in field_lines(one, self._old, self._new)),
        )
