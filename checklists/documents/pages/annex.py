"""The annex of answers: what was established in tables, what is not known in lists, long remarks on their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checklists.words.judging.presentation import AnswerLine

LONG = 500
"""Letters of a comment or a justification above which it stands below its table: long cells break badly."""


@dataclass(frozen=True)
class AnnexPart:
    """The answers of one concern.

    ``rows`` have something to say; ``remarks`` are those of them whose words are long. ``unknown`` are the questions
    answered "I don’t know" and ``unanswered`` those without an answer, where nothing else was said.
    """

    title: str
    rows: tuple[AnswerLine, ...]
    remarks: tuple[AnswerLine, ...]
    unknown: tuple[str, ...]
    unanswered: tuple[str, ...]


def annex_part(title: str, lines: Iterable[AnswerLine]) -> AnnexPart:
    """``lines`` in the order they are asked, each in one place."""
    lines = list(lines)
    rows = tuple(line for line in lines if not _is_silent(line))
    return AnnexPart(
        title=title,
        rows=rows,
        remarks=tuple(line for line in rows if len(line.comment) > LONG or len(_reason(line)) > LONG),
        unknown=tuple(line.text for line in lines if _is_silent(line) and line.state == "unknown"),
        unanswered=tuple(line.text for line in lines if _is_silent(line) and line.state == "unanswered"),
    )


def _is_silent(line: AnswerLine) -> bool:
    return line.state in ("unknown", "unanswered") and not (line.comment or line.origin_words or line.rests_on)


def _reason(line: AnswerLine) -> str:
    return line.justification if line.gives_reason else ""
