"""Two people on one answer: what stands and what was sent, side by side, for the later one to decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from checklists.core.editions.edition import Question
from checklists.core.judging.facts import QuestionState
from checklists.models import Answer
from checklists.services.answers.save_answer import Said
from checklists.words.judging.presentation import answer_text

StateOf = Callable[[Answer], QuestionState]
"""What an answer's question counts as, were that answer the one that stands."""


@dataclass(frozen=True)
class Version:
    """One of the two answers, in words."""

    answer: str
    justification: str
    comment: str


@dataclass(frozen=True)
class Conflict:
    """``theirs`` was saved by ``who`` at ``at``, ``mine`` was sent after it and is not saved. ``is_own``: the reader
    saved the first one too, from another window."""

    who: str
    is_own: bool
    at: datetime
    theirs: Version
    mine: Version


def conflict_of(question: Question, standing: Answer, said: Said, reader: Any, state_of: StateOf) -> Conflict:
    sent = Answer(
        question=question.key,
        status=said.status,
        value=said.value if said.status == Answer.Status.ANSWERED else "",
        justification=said.justification.strip(),
        comment=said.comment.strip(),
    )
    who = str(standing.updated_by or _("A former member"))
    versions = (
        Version(answer_text(question, state_of(row), row.value), row.justification, row.comment)
        for row in (standing, sent)
    )
    return Conflict(who, standing.updated_by_id == reader.pk, standing.updated_at, *versions)
