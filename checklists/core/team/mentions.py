"""Whom a text mentions: ``@`` and a name, found among given people. Pure; whoever calls says who may be mentioned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_][\w.\-'’+]*")
_INSIDE = frozenset(".-'’+")
"""Characters that go on with a name when a letter or a digit follows, and end a sentence when none does."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be mentioned, by ``number``; ``names`` are the ways to write them, in any case or accents."""

    number: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """``people``: those meant, by number. ``unknown``: words after an ``@`` that name nobody. ``ambiguous``: names
    that several people bear, each with those people's numbers. Both as written, in the order of the text."""

    people: frozenset[int] = frozenset()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[tuple[str, frozenset[int]], ...] = ()


def find_mentions(text: str, people: Iterable[Person]) -> Mentions:
    """Read ``text`` for mentions of ``people``: the longest name that stands after an ``@`` counts.

    The ``@`` inside an e-mail address is none, nor is one followed by a space: so it can be written without meaning
    anybody. Total: any text gives an answer, and every ``@`` that starts a word is found, unknown or ambiguous.
    """
    bearers: dict[str, set[int]] = {}
    for person in people:
        for name in person.names:
            if folded := _folded(name.strip()):
                bearers.setdefault(folded, set()).add(person.number)
    lengths = sorted({len(name) for name in bearers}, reverse=True)
    found: set[int] = set()
    unknown: dict[str, None] = {}
    ambiguous: dict[str, frozenset[int]] = {}
    for before, rest in _places(text):
        if before and (before.isalnum() or before in "._-+"):
            continue
        folded = _folded(rest)
        names = (folded[:length] for length in lengths if _ends(folded, length))
        name = next((name for name in names if name in bearers), "")
        if not name:
            if word := _WORD.match(rest):
                unknown.setdefault(word[0].rstrip(".-'’+"))
        elif len(bearers[name]) == 1:
            found |= bearers[name]
        else:
            ambiguous.setdefault(name, frozenset(bearers[name]))
    return Mentions(frozenset(found), tuple(unknown), tuple(ambiguous.items()))


def _places(text: str) -> Iterable[tuple[str, str]]:
    """For each ``@``: the character before, and up to 400 characters after, in which any name fits."""
    for match in re.finditer("@", text):
        at = match.start()
        yield text[at - 1 : at], text[at + 1 : at + 401]


def _folded(text: str) -> str:
    """Without case and accents, so that ``@helene`` finds Hélène."""
    spread = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _ends(text: str, at: int) -> bool:
    """Whether a name that stands before ``at`` ends there."""
    follows, beyond = text[at : at + 1], text[at + 1 : at + 2]
    if follows in _INSIDE:
        return not (beyond.isalnum() or beyond == "@")
    return not (follows.isalnum() or follows in {"_", "@"})
