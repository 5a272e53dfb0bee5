"""A choice among options, which may carry levels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds.kind import Kind


class Choice(Kind):
    """Answered by an option's key."""

    key = "choice"
    seconds = 30
    has_options = True
    is_compared = True

    def is_valid(self, question: Question, value: str) -> bool:
        return value in question.options

    def usual(self, question: Question) -> Mapping[str, float]:
        return dict.fromkeys(question.options, 1 / len(question.options)) if question.options else {}

    def possible_values(self, edition: Edition, question: Question, day: date) -> tuple[str, ...]:
        return tuple(question.options)
