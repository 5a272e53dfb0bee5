"""All that can be said of one text by machine."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checklists.core.texts.sentences import LONG, TOO_LONG, count_words, has_verb, sentences
from checklists.core.texts.typography import typography_faults
from checklists.core.texts.wording import Avoided, avoided_words


class Kind(enum.StrEnum):
    """What can be wrong with a text. ``AVOID``, ``TYPOGRAPHY`` and ``LACKS`` are faults; the others ask for a look."""

    AVOID = "word to avoid"
    TYPOGRAPHY = "typography"
    LACKS = "language left out"
    TOO_LONG = "sentence too long"
    LONG = "long sentence"
    NO_VERB = "perhaps no verb"
    ALONE = "perhaps unclear alone"


FAULTS = frozenset({Kind.AVOID, Kind.TYPOGRAPHY, Kind.LACKS})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to see in a text. ``found`` quotes it; ``use`` says in English what to write, or how many words."""

    place: str
    language: str
    kind: Kind
    found: str
    use: str = ""

    def __str__(self) -> str:
        return f"{self.place} [{self.language}] {self.kind}: {self.found}" + (f" -> {self.use}" if self.use else "")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in its languages. ``is_prose``: it is made of sentences; a title, a label or a name is not.
    ``stands_alone``: it is printed without its question, as an option's label or a finding is."""

    place: str
    said: Mapping[str, str]
    is_prose: bool = True
    stands_alone: bool = False


_PRONOUN = re.compile(r"(?i)(?:oui, )?(?:ils?|elles?|il n’en|they|it)\b|à rien$|nothing$")
"""Begins a text that means nothing without its question."""


def check_text(text: Text, languages: Sequence[str], avoided: Mapping[str, Iterable[Avoided]]) -> Iterator[Told]:
    """All there is to see in ``text``, which must be in each of ``languages``."""
    for language in languages:
        said = text.said.get(language, "")
        if not said.strip():
            yield Told(text.place, language, Kind.LACKS, "nothing is written")
            continue
        for found, use in avoided_words(said, avoided.get(language, ())):
            yield Told(text.place, language, Kind.AVOID, found, use)
        for found, use in typography_faults(said, language):
            yield Told(text.place, language, Kind.TYPOGRAPHY, found, use)
        yield from _sentences(text, language, said)


def _sentences(text: Text, language: str, said: str) -> Iterator[Told]:
    if text.stands_alone and _PRONOUN.match(said):
        yield Told(text.place, language, Kind.ALONE, said)
    for sentence in sentences(said):
        words = count_words(sentence)
        if words > LONG:
            kind = Kind.TOO_LONG if words > TOO_LONG else Kind.LONG
            yield Told(text.place, language, kind, sentence, f"{words} words")
        elif text.is_prose and words > 2 and not has_verb(sentence, language):
            yield Told(text.place, language, Kind.NO_VERB, sentence)


@dataclass(frozen=True, slots=True)
class Figures:
    """Sentences of one language, and how many of them are longer than ``LONG`` and than ``TOO_LONG`` words."""

    sentences: int
    long: int
    too_long: int

    @property
    def within(self) -> float:
        """Share of sentences of at most ``LONG`` words, 0 to 1."""
        return 1 - self.long / self.sentences if self.sentences else 1.0


def figures(texts: Iterable[Text], language: str) -> Figures:
    """The lengths of all sentences of ``texts`` in ``language``; labels and titles are not counted."""
    lengths = [count_words(one) for text in texts if text.is_prose for one in sentences(text.said.get(language, ""))]
    return Figures(len(lengths), sum(n > LONG for n in lengths), sum(n > TOO_LONG for n in lengths))
