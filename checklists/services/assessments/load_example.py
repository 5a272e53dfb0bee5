"""The worked example: the French Health Data Hub of October 2020, answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from checklists.core.editions.edition import Edition, Question, canonical_bytes
from checklists.core.editions.vocabulary import Text
from checklists.core.kinds import kinds
from checklists.models import Answer, Assessment, Offer, Organisation, User
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer, create_assessment
from checklists.services.editions.publish_edition import current_edition
from checklists.services.frameworks.choose_frameworks import choices_of, choose_frameworks
from checklists.services.frameworks.publish_framework import available_frameworks
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.judging.judge_offer import edition_of, rows_of
from checklists.services.languages import language_here


def _in(text: Text, language: str | None) -> str:
    """``text`` in ``language``, or in the first it is written in."""
    return text.get(language_here(language)) or next(iter(text.values()))


@transaction.atomic
def load_example(
    organisation: Organisation, by: User | None, language: str | None = None, name: str = "hdh-2020"
) -> Offer:
    """The offer of the worked example in ``organisation``, made now unless it is there already.

    What the example does not establish is answered "I don’t know", for every question that is asked.
    """
    existing = Offer.objects.filter(assessment__organisation=organisation, assessment__is_example=True).first()
    if existing:
        return existing
    document: dict[str, Any] = read_yaml((SHIPPED / "examples" / f"{name}.yaml").read_bytes())[0]
    assessment = create_assessment(
        organisation=organisation,
        edition=current_edition(document["checklist"]),
        name=_in(document["name"], language),
        description=_in(document["description"], language),
        reference_date=date.fromisoformat(document["reference_date"]),
        by=by,
        is_example=True,
    )
    chosen = [framework.key for framework in available_frameworks(assessment.edition.checklist)]
    choose_frameworks(assessment, chosen, by)
    offer = add_offer(assessment, name=document["offer"], provider=document["provider"], is_current=True)
    edition = edition_of(assessment)
    for key, value in document["answers"].items():
        _save(assessment, offer, edition.questions[key], Said(Answer.Status.ANSWERED, value), by)
    for kind in kinds():
        asked_so = edition.of_kind(kind.key)
        if asked_so and kind.is_table and kind.key in document:
            table = canonical_bytes(document[kind.key]).decode()
            comment = _in(document.get(f"{kind.key}_comment", {"": ""}), language)
            said = Said(Answer.Status.ANSWERED, table, comment=comment)
            _save(assessment, offer, edition.questions[asked_so], said, by)
    asked = questionnaire_of(assessment, choices_of(assessment))
    # An "I don’t know" may open the question after it.
    while silent := _unanswered(assessment, offer, asked):
        for key in silent:
            _save(assessment, offer, asked.questions[key], Said(Answer.Status.UNKNOWN), by)
    return offer


def _unanswered(assessment: Assessment, offer: Offer, asked: Edition) -> list[str]:
    """The questions that are asked and have no answer."""
    states = establish_rows(asked, assessment, rows_of(assessment, offer).values()).states
    return [key for key, state in states.items() if state.asked and state.status is None]


def _save(assessment: Assessment, offer: Offer, question: Question, said: Said, by: User | None) -> None:
    save_answer(
        assessment=assessment,
        offer=offer if question.scope == "offer" else None,
        question=question,
        said=said,
        revision=0,
        by=by,
    )
