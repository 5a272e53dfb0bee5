"""The companies behind an offer, from which reach, countries and shares are derived."""

from __future__ import annotations

from datetime import date

from checklists.core.control_chain import (
    GIVEN,
    NUMBERS,
    WORDS,
    ChainError,
    Derived,
    derive_text,
    read_chain,
)
from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds.kind import Kind


class ControlChain(Kind):
    """Answered by a chain in its canonical JSON (:mod:`checklists.core.control_chain.shape`)."""

    key = "control_chain"
    seconds = 240
    is_table = True
    numbers = NUMBERS
    words = WORDS
    answers = GIVEN

    def is_valid(self, question: Question, value: str) -> bool:
        try:
            read_chain(value)
        except ChainError:
            return False
        return True

    def derive(self, edition: Edition, value: str, day: date) -> Derived:
        return derive_text(value, day, edition.access_laws(day))
