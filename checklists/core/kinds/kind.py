"""What a kind of question is to the judge, and the register of the kinds there are.

The words, the form and the pages of a kind are its face (:mod:`checklists.words.kinds`), under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Protocol

from checklists.core.editions.conditions import Fact, Truth
from checklists.core.editions.edition import Edition, Question


def gettext_noop(text: str) -> str:
    """``text`` itself, marked for the translators: whoever shows it translates it."""
    return text


class Consequence(Protocol):
    """What follows from one answer."""

    def facts(self) -> Mapping[str, Fact]:
        """The derived facts, each under a name that the kind declares."""


class Kind:
    """One kind of question: what answers it, and what follows from the answer.

    A kind that derives facts has at most one question in a checklist, since each fact has one name. ``numbers`` and
    ``words`` are facts that conditions read; ``answers`` are facts that answer other questions, where the
    checklist says so.
    """

    key: ClassVar[str]
    """Its name in packs, for ever."""
    wrong: ClassVar[str] = gettext_noop("This is not one of the possible answers. Choose one of those listed.")
    """What a respondent is told of a value that is no answer, to be translated."""
    wrong_fact: ClassVar[str] = gettext_noop("This is not one of the possible answers of the newest edition.")
    """What an editor of profiles is told of it, to be translated."""
    seconds: ClassVar[int] = 60
    """How long answering is held to take."""
    has_options: ClassVar[bool] = False
    """Whether it is answered by one of its options, which may carry levels."""
    has_effort: ClassVar[bool] = False
    """Whether the question itself says what another answer takes."""
    is_compared: ClassVar[bool] = False
    """Whether conditions compare the answer to values."""
    is_table: ClassVar[bool] = False
    """Whether it is filled on a page of its own, about an offer."""
    numbers: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[Mapping[str, frozenset[str]]] = {}
    """Each with the values it can have."""
    answers: ClassVar[tuple[str, ...]] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The derived facts that conditions read."""
        return (*self.numbers, *self.words)

    @property
    def derives(self) -> bool:
        return bool(self.facts or self.answers)

    def is_valid(self, question: Question, value: str) -> bool:
        """Whether ``value`` can be stored as an answer to ``question``."""
        raise NotImplementedError

    def derive(self, edition: Edition, value: str, day: date) -> Consequence | None:
        """What follows from a valid ``value`` under the law of ``day``; ``None`` when nothing does."""
        return None

    def results(self, edition: Edition, facts: Mapping[str, Fact]) -> Mapping[str, Truth]:
        """What a judgement states beside the verdict because the checklist asks such a question."""
        return {}

    def usual(self, question: Question) -> Mapping[str, float]:
        """How often each answer is given, before any is observed; the sum is 1. Nothing when nobody can tell."""
        return {}

    def possible_values(self, edition: Edition, question: Question, day: date) -> tuple[str, ...]:
        """The answers worth telling apart on ``day``; none when they cannot be listed."""
        return ()


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add ``kind`` to those there are. Raises ``ValueError`` when its key, or the name of a fact, is taken."""
    if kind.key in _KINDS:
        raise ValueError(f"there is a kind of question {kind.key!r} already")
    for other in _KINDS.values():
        if both := {*kind.facts, *kind.answers} & {*other.facts, *other.answers}:
            raise ValueError(f"{kind.key!r} derives what {other.key!r} does: {', '.join(sorted(both))}")
    _KINDS[kind.key] = kind


def unregister(key: str) -> None:
    """Take a kind away again: for tests."""
    del _KINDS[key]


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order they were registered."""
    return tuple(_KINDS.values())


def kind_of(key: str) -> Kind:
    """The kind named ``key``. Raises ``KeyError`` for another word."""
    return _KINDS[key]
