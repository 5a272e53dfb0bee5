"""The questionnaire's pages: the workload first, then one per concern of the offer; and where one stands in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import QuestionState
from checklists.models import Assessment, Assignment, Offer
from checklists.services.team.assign import WORKLOAD
from checklists.words.vocabulary import pick


@dataclass(frozen=True)
class Chapter:
    """One page of questions. Only questions asked now are counted."""

    key: str
    title: str
    summary: str
    url: str
    progress_url: str
    questions: tuple[Question, ...]
    asked: int
    answered: int
    doubts: int
    first_open: str
    assignment: Assignment | None = None

    @property
    def state(self) -> str:
        """'empty', 'started', 'doubts' (complete but for "I don’t know") or 'complete'."""
        if self.answered < self.asked:
            return "started" if self.answered else "empty"
        return "doubts" if self.doubts else "complete"

    @property
    def left(self) -> int:
        return self.asked - self.answered


def chapters(
    edition: Edition, states: Mapping[str, QuestionState], assessment: Assessment, offer: Offer | None
) -> list[Chapter]:
    """The workload's chapter, then the offer's if there is one."""
    result = [
        chapter_of(
            WORKLOAD,
            _("The processing to be hosted"),
            _("What is to be hosted: asked once, it holds for every offer of this assessment."),
            reverse("workload", args=[assessment.pk]),
            reverse("workload-progress", args=[assessment.pk]),
            [question for question in edition.questions.values() if question.scope == "workload"],
            states,
        )
    ]
    if offer is None:
        return result
    for concern in edition.concerns.values():
        questions = [edition.questions[key] for key in concern.questions if edition.questions[key].scope == "offer"]
        url, progress_url = (reverse(name, args=[offer.pk, concern.key]) for name in ("concern", "concern-progress"))
        title, summary = pick(concern.title), pick(concern.summary)
        result.append(chapter_of(concern.key, title, summary, url, progress_url, questions, states))
    return result


def chapter_of(
    key: str,
    title: str,
    summary: str,
    url: str,
    progress_url: str,
    questions: list[Question],
    states: Mapping[str, QuestionState],
) -> Chapter:
    """The chapter of ``questions``, with what is asked, answered and doubtful among them."""
    asked = [states[question.key] for question in questions if states[question.key].asked]
    return Chapter(
        key=key,
        title=title,
        summary=summary,
        url=url,
        progress_url=progress_url,
        questions=tuple(questions),
        asked=len(asked),
        answered=sum(state.status is not None for state in asked),
        doubts=sum(state.status is AnswerStatus.UNKNOWN for state in asked),
        first_open=next((state.key for state in asked if state.status is None), ""),
    )


def with_assignments(
    pages: Iterable[Chapter], assignments: Mapping[tuple[Any, str], Assignment], offer: Offer | None
) -> list[Chapter]:
    """The same pages, each with who answers it."""
    place = offer.pk if offer else None
    return [
        replace(page, assignment=assignments.get((None if page.key == WORKLOAD else place, page.key))) for page in pages
    ]


def question_url(pages: Iterable[Chapter], key: str) -> str:
    """Where the question ``key`` is asked; '' on no page."""
    page = next((page for page in pages if any(question.key == key for question in page.questions)), None)
    return f"{page.url}#q-{key}" if page else ""


def resume_url(pages: Iterable[Chapter]) -> str:
    """Where to go on: the first question asked and not answered; '' when there is none."""
    page = next((page for page in pages if page.first_open), None)
    return f"{page.url}#q-{page.first_open}" if page else ""
