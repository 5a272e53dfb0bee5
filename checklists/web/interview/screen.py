"""One question a screen: what the page of an interview shows, with an account or without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Edition
from checklists.core.interview.choose import Interview
from checklists.core.judging.facts import Origin, QuestionState
from checklists.core.judging.judge import judge
from checklists.core.kinds import kind_of
from checklists.models import Answer
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said
from checklists.services.languages import site_languages
from checklists.web.answers.forms import QuestionnaireForm, names, said_in
from checklists.web.interview.progress import Progress
from checklists.words.interview import (
    WHOM,
    asked_of,
    further_words,
    left_words,
    moved_words,
    range_words,
    scale_of,
    whom_in,
    why_words,
)
from checklists.words.judging.presentation import answer_text, origin_words, value_text
from checklists.words.judging.sentence import sentence_of
from checklists.words.vocabulary import pick


@dataclass(frozen=True, slots=True)
class Line:
    """A question answered before, and its answer in words."""

    key: str
    text: str
    answer: str
    origin: str


def standing(interview: Interview, progress: Progress) -> dict[str, Any]:
    """What is always in sight: the range, how it moved, and the one sentence."""
    judgement = judge(interview.edition, interview.answers, interview.day)
    return {
        "scale": scale_of(interview),
        "sentence": sentence_of(interview.edition, judgement),
        "range": range_words(interview.verdict),
        "moved": moved_words(progress.before, interview.verdict),
        "is_settled": interview.verdict.is_settled,
        "is_over": interview.is_over,
    }


def question_screen(
    interview: Interview,
    rows: Mapping[str, Answer],
    progress: Progress,
    key: str,
    data: QueryDict | None = None,
    problem: AnswerRefused | AnswerIsStale | None = None,
) -> dict[str, Any]:
    """The context of the page that asks ``key``."""
    edition, states = interview.edition, interview.what_if.established.states
    question = edition.questions[key]
    form = QuestionnaireForm(edition, [question], states, dict(rows), {key: ""}, data)
    card = form.cards[key]
    if isinstance(problem, AnswerRefused):
        card.errors = problem.errors
    elif isinstance(problem, AnswerIsStale):
        card.revision = problem.current.revision
        card.errors = {"answer": _("Somebody else changed this answer meanwhile. Read it, then answer again.")}
    number = progress.asked.index(key) + 1 if key in progress.asked else len(progress.asked) + 1
    choice = interview.reason_for(key)
    row = rows.get(key)
    return standing(interview, progress) | {
        "card": card,
        "is_table": kind_of(question.kind).is_table,
        "left": left_words(number, interview),
        "why_now": further_words() if interview.is_over else why_words(edition, choice),
        "previous": progress.previous(key),
        "whom": [(value, label) for value, label in WHOM.items()],
        "chosen_whom": whom_in(row.comment, site_languages()) if row else "",
        "answered": answered_lines(interview, progress, rows),
        "understood": understood_lines(interview),
    }


def end_screen(interview: Interview, rows: Mapping[str, Answer], progress: Progress) -> dict[str, Any]:
    """The context of the page that says the interview is over."""
    return standing(interview, progress) | {
        "previous": progress.previous(None),
        "further": len(interview.open_questions),
        "to_ask": len(unknown_here(interview.edition, rows, interview.what_if.established.states)),
        "answered": answered_lines(interview, progress, rows),
        "understood": understood_lines(interview),
    }


def unknown_here(edition: Edition, rows: Mapping[str, Answer], states: Mapping[str, QuestionState]) -> list[str]:
    """The questions that are asked and were answered "I don't know", in the checklist's order."""
    asked = [key for key in edition.questions if key in rows and states[key].asked]
    return [key for key in asked if rows[key].status == Answer.Status.UNKNOWN]


def answered_lines(interview: Interview, progress: Progress, rows: Mapping[str, Answer]) -> list[Line]:
    """What was answered in this interview, in order."""
    states = interview.what_if.established.states
    asked = [key for key in progress.asked if key in rows and key in states]
    return [_line(interview, states[key], rows[key].value) for key in asked]


def understood_lines(interview: Interview) -> list[Line]:
    """What follows from the answers, and was not asked."""
    states = interview.what_if.established.states.values()
    derived = [state for state in states if state.origin is Origin.DERIVED and state.asked and state.derived]
    return [_line(interview, state, state.derived or "") for state in derived]


def _line(interview: Interview, state: QuestionState, value: str) -> Line:
    question = interview.edition.questions[state.key]
    answer = value_text(question, value) if state.origin is Origin.DERIVED else answer_text(question, state, value)
    return Line(state.key, pick(question.text), answer, origin_words(question, state))


def said_here(interview: Interview, key: str, data: QueryDict) -> QueryDict:
    """What was sent of ``key``, where "I don’t know" names whom to ask in its comment."""
    sent = data.copy()
    field = names(key)
    if sent.get(field["answer"]) == "unknown":
        comment = sent.get(field["comment"], "")
        kept = comment.split("\n", 1)[1] if whom_in(comment, site_languages()) and "\n" in comment else comment
        kept = "" if whom_in(kept, site_languages()) else kept
        sent[field["comment"]] = "\n".join(filter(None, (asked_of(data.get("whom", "")), kept)))
    return sent


def said_of_question(interview: Interview, key: str, data: QueryDict) -> Said:
    """What was said of ``key``. Raises ``AnswerRefused`` for nothing at all."""
    said = said_in(interview.edition.questions[key], data)[0]
    if said.status == Answer.Status.UNANSWERED:
        raise AnswerRefused({"answer": _("Choose an answer, or skip the question.")})
    return said
