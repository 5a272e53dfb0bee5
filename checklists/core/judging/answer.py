"""What a respondent said of one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checklists.core.evidence import NO_BACKING, Backing, Strength


class AnswerStatus(StrEnum):
    """The states kept apart everywhere. A question without an ``Answer`` is unanswered."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


UNANSWERED = "unanswered"
"""The status of what is kept of a question without an answer to it: a comment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question.

    ``value`` is the option's key for a choice, an ISO 8601 date for a date, an ISO 3166-1 alpha-2 code for
    a country; ``None`` unless the status is ``ANSWERED``. ``claimed``: it is only said, nothing shows it, so that it
    counts towards the upper end of a band and never towards the lower (decision 0063). ``strength`` is that of the
    evidence it rests on; ``ended`` the last day of the evidence that carried it once.
    """

    status: AnswerStatus
    value: str | None = None
    justification: str = ""
    claimed: bool = False
    strength: Strength | None = None
    ended: date | None = None

    @classmethod
    def said(
        cls, status: str, value: str, justification: str, backing: Backing = NO_BACKING, *, presumed: bool = False
    ) -> Answer | None:
        """What was said of a question, in the form that is judged; ``None`` for a mere comment ('unanswered').

        ``backing`` is what the answer rests on. What a provider profile filled in and nobody confirmed is
        ``presumed``, and counts as a claim whatever it rests on (decision 0008). Raises ``ValueError`` for another
        status.
        """
        if status == UNANSWERED:
            return None
        return cls(
            status=AnswerStatus(status),
            value=value or None,
            justification=justification,
            claimed=backing.claimed or presumed,
            strength=backing.strength,
            ended=backing.ended,
        )

    @classmethod
    def of(cls, value: str) -> Answer:
        """The answer that chooses ``value``."""
        return cls(AnswerStatus.ANSWERED, value)

    @classmethod
    def unknown(cls) -> Answer:
        return cls(AnswerStatus.UNKNOWN)

    @classmethod
    def not_applicable(cls, justification: str) -> Answer:
        return cls(AnswerStatus.NOT_APPLICABLE, justification=justification)


def without_claims(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers with each mere claim turned into a doubt: what is left when nothing is believed unshown."""
    return {key: Answer.unknown() if answer.claimed else answer for key, answer in answers.items()}
