"""The table of who can read the clear text, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checklists.core.clear_text import WORDS, ClearTextError, Readable, compelled, derive_readable, read_table
from checklists.core.control_chain import REACHES
from checklists.core.editions.conditions import NOT_KNOWN, Fact, Truth
from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds.kind import Kind


class ClearText(Kind):
    """Answered by a table in its canonical JSON (:mod:`checklists.core.clear_text`)."""

    key = "clear_text"
    seconds = 240
    is_table = True
    words = WORDS

    def is_valid(self, question: Question, value: str) -> bool:
        try:
            read_table(value)
        except ClearTextError:
            return False
        return True

    def derive(self, edition: Edition, value: str, day: date) -> Readable:
        return derive_readable(read_table(value))

    def results(self, edition: Edition, facts: Mapping[str, Fact]) -> Mapping[str, Truth]:
        """Disclosure and interruption, on what is known of the reach of third countries' laws."""
        return compelled(facts, [facts.get(edition.told_by(name), NOT_KNOWN) for name in REACHES])
