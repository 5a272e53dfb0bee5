"""What differs between two editions, in words: for whoever must know what a new edition asks that the old did not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from checklists.core.editions.difference import FieldChange, PartChange, compare
from checklists.words.editions.conditions import Catalogue, catalogue, sentence
from checklists.words.editions.parts import choice_word, family_word, field_word
from checklists.words.vocabulary import pick

Words = str | Promise
CONDITIONS = ("when", "applies", "presumed_if")
NOTHING = "—"


@dataclass(frozen=True)
class FieldLine:
    name: Words
    before: str
    after: str


@dataclass(frozen=True)
class PartLine:
    """One part that differs; ``kind`` is 'added', 'removed', 'changed' or 'moved'."""

    kind: str
    key: str
    title: str
    fields: tuple[FieldLine, ...]
    inner: tuple[PartLine, ...] = ()
    is_moved: bool = False


@dataclass
class Chapter:
    """The parts of one family that differ, and how many of each kind."""

    title: Words
    lines: list[PartLine] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(line.kind == kind for line in self.lines)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(kind, self.count(kind)) for kind in ("added", "removed", "changed", "moved") if self.count(kind)]


def difference_chapters(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Chapter]:
    """The differences of two documents, family by family, in the active language; empty when there are none."""
    old, new = Speaker(before), Speaker(after)
    chapters: dict[str, Chapter] = {}
    for change in compare(before, after):
        title = family_word(change.family, plural=True) if change.family else _("The checklist as a whole")
        chapters.setdefault(change.family, Chapter(title)).lines.append(part_line(change, old, new))
    return list(chapters.values())


class Speaker:
    """Says the values of one document in words."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.facts: Catalogue = catalogue({"concerns": [], "questions": [], "durations": [], "laws": [], **document})
        self.titles = {
            name: {item["key"]: title_of(item) for item in document.get(family, ())}
            for name, family in (("sources", "sources"), ("concern", "concerns"), ("regime", "laws"))
        }

    def say(self, name: str, value: Any) -> str:
        """The value of the field ``name``."""
        if value in (None, "", []):
            return NOTHING
        if name in CONDITIONS:
            return sentence(value, self.facts)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dict):
            if _is_text(value):
                return pick(value)
            return ", ".join(f"{field_word(inner)} = {self.say(inner, item)}" for inner, item in value.items())
        if isinstance(value, list):
            return " · ".join(self.say(name, item) for item in value)
        if isinstance(value, str):
            return self.titles.get(name, {}).get(value) or str(choice_word(value))
        return str(value)


def _is_text(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is a text in several languages: short codes to sentences."""
    return all(len(key.split("-")[0]) == 2 and isinstance(text, str) for key, text in value.items())


def title_of(item: Mapping[str, Any]) -> str:
    """What a part is called where it is listed: its title, question, answer or term; its key for want of one."""
    return pick(item.get("title") or item.get("text") or item.get("label") or item.get("term")) or item.get("key", "")


def part_line(change: PartChange, old: Speaker, new: Speaker) -> PartLine:
    if change.before is None or change.after is None:
        item = change.after if change.before is None else change.before
        return PartLine("added" if change.before is None else "removed", change.key, title_of(item or {}), ())
    fields = tuple(line for one in change.fields for line in field_lines(one, old, new))
    inner = tuple(part_line(one, old, new) for one in change.inner)
    kind = "changed" if fields or inner else "moved"
    return PartLine(kind, change.key, title_of(change.after), fields, inner, change.is_moved)


def field_lines(change: FieldChange, old: Speaker, new: Speaker) -> Iterable[FieldLine]:
    """One line; for a text that changes in one language only, or in several, one line a language that differs."""
    before, after = change.before, change.after
    name = field_word(change.name) if change.name not in ("thresholds",) else family_word(change.name, plural=True)
    if change.name not in CONDITIONS and isinstance(after or before, dict) and _is_text(after or before):
        for language in {**(before or {}), **(after or {})}:
            was, now = (before or {}).get(language, NOTHING), (after or {}).get(language, NOTHING)
            if was != now:
                yield FieldLine(f"{name} ({language})", was, now)
        return
    yield FieldLine(name, old.say(change.name, before), new.say(change.name, after))
