"""Clauses to ask a provider for: each answers a question of the checklist, in both languages, with its sources."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from docx import Document

from checklists.core.editions.edition import Edition
from checklists.models import Offer
from checklists.packs.files.clauses import Clause, clauses_of
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.judging.judge_offer import edition_of
from checklists.services.languages import site_languages

CLAUSES = clauses_of("cnil-hosting")


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.key)
def test_each_clause_answers_what_is_asked(clause: Clause, flagship: Edition) -> None:
    question = flagship.questions[clause.question]
    given = [question.options[key] for key in clause.gives]
    assert given
    assert all(option.lever in ("contract", "provider") for option in given)
    assert set(clause.gates) <= flagship.gates.keys()
    assert clause.sources
    assert set(clause.sources) <= flagship.sources.keys()
    for language in site_languages():
        assert 15 <= len(clause.text[language].split()) <= 80
        assert clause.title[language]
    assert "  " not in clause.text["fr"]


def test_there_is_one_clause_a_question_and_none_for_another_checklist() -> None:
    assert len({clause.question for clause in CLAUSES}) == len(CLAUSES) == 18
    assert clauses_of("another") == ()


def test_a_clause_is_shown_until_it_is_obtained(desk: Client, example: Offer) -> None:
    question = edition_of(example.assessment).questions["deletion_proof"]
    row = example.answers.filter(question="deletion_proof").first()

    def say(value: str, revision: int) -> int:
        said = Said("answered", value)
        kept = save_answer(
            assessment=example.assessment, offer=example, question=question, said=said, revision=revision, by=None
        )
        return kept.revision

    seen = say("declaration", row.revision if row else 0)
    page = f"/offers/{example.pk}/result/act/clauses/"
    assert "Proven deletion at the end of the contract" in desk.get(page).content.decode()
    assert "Proven deletion at the end of the contract" in desk.get(page + "?form=text").content.decode()
    written = Document(io.BytesIO(desk.get(page + "?form=docx").content))
    assert "Proven deletion at the end of the contract" in [each.text for each in written.paragraphs]
    assert "A clause to ask for" in desk.get(f"/offers/{example.pk}/result/act/").content.decode()
    say("certificate", seen)
    assert "Proven deletion at the end of the contract" not in desk.get(page).content.decode()
