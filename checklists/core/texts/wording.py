"""Words to avoid, each with what to say instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from checklists.core.texts.plain import plain


@dataclass(frozen=True)
class Avoided:
    """``words`` are avoided in one language, whole and in any case, and ``use`` is said instead.

    ``but`` lists longer phrases in which the word is right, such as the name of a law.
    """

    words: tuple[str, ...]
    use: str
    but: tuple[str, ...] = field(default=())

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        either = "|".join(_spaced(word) for word in sorted(self.words, key=len, reverse=True))
        return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.I)

    @cached_property
    def allowed(self) -> re.Pattern[str]:
        return re.compile("|".join(_spaced(phrase) for phrase in self.but) or r"(?!)", re.I)


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def avoided_words(text: str, avoided: Iterable[Avoided]) -> Iterator[tuple[str, str]]:
    """Each word of ``text`` that is avoided, and what to use instead."""
    prose = plain(text)
    for item in avoided:
        for found in item.pattern.finditer(item.allowed.sub(lambda kept: "_" * len(kept[0]), prose)):
            yield found[0], item.use
