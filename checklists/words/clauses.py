"""Clauses to ask the provider for, in the active language: each with what it answers and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from checklists.core.editions.edition import Edition
from checklists.core.judging.judgement import Judgement
from checklists.packs.files.clauses import Clause, clauses_of
from checklists.words.vocabulary import pick


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as it is read. ``answers`` is the question and the answer that it brings about; ``rules`` the rules that
    it helps to lift, ``sources`` what it rests on."""

    question: str
    title: str
    text: str
    answers: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]


def clause_for(edition: Edition, question: str) -> ClauseLine | None:
    """The clause that answers ``question``; ``None`` where none is written."""
    found = next((clause for clause in clauses_of(edition.key) if clause.question == question), None)
    return _line(edition, found) if found and question in edition.questions else None


def clauses_to_obtain(edition: Edition, judgement: Judgement) -> list[ClauseLine]:
    """The clauses whose question is asked and whose answer is not there: it is lower, or not known."""
    wanted = []
    for clause in clauses_of(edition.key):
        state = judgement.states.get(clause.question)
        if state is None or not state.asked:
            continue
        options = edition.questions[clause.question].options
        levels = {key: option.level or 0 for key, option in options.items()}
        least = min((levels[key] for key in clause.gives if key in levels), default=None)
        if least is not None and (state.option is None or levels[state.option.key] < least):
            wanted.append(_line(edition, clause))
    return wanted


def _line(edition: Edition, clause: Clause) -> ClauseLine:
    question = edition.questions[clause.question]
    gives = [pick(question.options[key].label) for key in clause.gives if key in question.options]
    return ClauseLine(
        question=clause.question,
        title=pick(clause.title),
        text=pick(clause.text),
        answers=f"{pick(question.text)} {' / '.join(gives)}",
        rules=tuple(pick(edition.gates[key].title) for key in clause.gates if key in edition.gates),
        sources=tuple(pick(edition.sources[key].title) for key in clause.sources if key in edition.sources),
    )
