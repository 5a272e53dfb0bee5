"""What people see of a kind of question: words, form, pages, chapter; and the register of faces.

What is valid and what follows is the other half, in :mod:`checklists.core.kinds`, under the same key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.judgement import Judgement
from checklists.core.kinds import Kind, fact_sources, kind_of
from checklists.words.vocabulary import pick

Words = str | Promise


class Face:
    """The face of one kind of question. A template that is named says in its first lines what it is given."""

    key: ClassVar[str]
    """The key of the kind."""
    name: ClassVar[Words]
    """How it is answered, for those who write criteria."""
    radio: ClassVar[Words] = ""
    """The label of the button before the field; '' for a kind that is not typed in a field."""
    written: ClassVar[Words] = ""
    """What stands in the list of a profile's facts for a value that is typed beside it."""
    card: ClassVar[str] = "web/answers/card.html"
    """The template of its card among the questions."""
    page: ClassVar[str] = ""
    """The name of its own page's address, which takes the offer; '' for a kind answered on its card."""
    described: ClassVar[Words] = ""
    """What stands for the answer where a whole table has no room."""
    heading: ClassVar[Words] = ""
    """What it is called where its own part of the result, and its facts, are listed."""
    section: ClassVar[str] = ""
    """The template of its part of the result page, if it has one."""
    chapter: ClassVar[Words] = ""
    """The title of its chapter in the report, if it has one: ``documents/chapters/<key>.html``."""
    needs: ClassVar[str] = ""
    """The value of :meth:`context` without which the chapter is left out."""
    facts: ClassVar[Mapping[str, Words]] = {}
    """The derived facts, named for conditions."""

    @property
    def kind(self) -> Kind:
        return kind_of(self.key)

    @property
    def anchor(self) -> str:
        """Where its part of the result page is found."""
        return self.key.replace("_", "-")

    def said(self, question: Question, value: str) -> str:
        """A stored value in words."""
        option = question.options.get(value)
        return str(self.described or (option and pick(option.label)) or value)

    def summary(self, edition: Edition, value: str, day: date) -> str:
        """A table in one line, with what follows from it on ``day``."""
        return str(self.described)

    def menu(self) -> Mapping[str, Words]:
        """The values a condition compares the answer to, where the question has no options."""
        return {}

    def field(self) -> forms.Field | None:
        """The field where the answer is typed, if it is."""
        return None

    def shown(self, value: str) -> str:
        """A stored value as the field shows it."""
        return value

    def read(self, typed: str) -> str:
        """What was typed as a value; whatever cannot be read as one that the service refuses."""
        return typed

    def listed(self, question: Question) -> list[str]:
        """The answers in words that a spreadsheet offers; none for what is typed."""
        return [pick(option.label) for option in question.options.values()]

    def in_cell(self, question: Question, value: str) -> str:
        """A stored value as a cell of a spreadsheet shows it; :meth:`from_cell` reads it back."""
        return self.said(question, value) if question.options else self.shown(value)

    def from_cell(self, question: Question, text: str) -> str:
        """What a cell says as a value: an option by its words or its key; what is none is passed on, to be refused."""
        for key, option in question.options.items():
            if text in (key, " ".join(pick(option.label).split())):
                return key
        return text if question.options else self.read(text)

    def context(self, edition: Edition, judgement: Judgement, value: str) -> dict[str, Any]:
        """What :attr:`section` and the chapter are given; ``value`` is '' while there is no answer."""
        return {}

    def drawings(self, edition: Edition, judgement: Judgement, value: str) -> dict[str, str]:
        """The drawings of the same, as SVG."""
        return {}


_FACES: dict[str, Face] = {}


def register(face: Face) -> None:
    """Add ``face``. Raises ``ValueError`` when its kind has one, ``KeyError`` when there is no such kind."""
    if face.key in _FACES:
        raise ValueError(f"the kind of question {face.key!r} has a face already")
    kind_of(face.key)
    _FACES[face.key] = face


def unregister(key: str) -> None:
    """Take a face away again: for tests."""
    del _FACES[key]


def faces() -> tuple[Face, ...]:
    """Every face, in the order they were registered."""
    return tuple(_FACES.values())


def face_of(key: str) -> Face:
    """The face of the kind named ``key``. Raises ``KeyError``."""
    return _FACES[key]


def faces_with_a_part(edition: Edition) -> Iterator[tuple[str, Face]]:
    """The questions of ``edition`` that have a part of the result and of the report, each with its face."""
    for key, kind in fact_sources(edition).items():
        yield key, face_of(kind.key)
