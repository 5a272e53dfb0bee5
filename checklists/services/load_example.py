"""The worked example: the French Health Data Hub of October 2020, answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from checklists.core.edition import canonical_bytes
from checklists.core.judge import judge
from checklists.models import Answer, Assessment, Offer, Organisation, User
from checklists.packs.reader import SHIPPED
from checklists.packs.safe_yaml import read_yaml
from checklists.services.judge_offer import core_answers, edition_of, rows_of
from checklists.services.keep_assessment import add_offer, create_assessment
from checklists.services.publish_edition import current_edition
from checklists.services.save_answer import Said, save_answer


@transaction.atomic
def load_example(organisation: Organisation, by: User | None, language: str = "fr", name: str = "hdh-2020") -> Offer:
    """The offer of the worked example in ``organisation``, made now unless it is there already.

    What the example does not establish is answered "I don't know", for every question that is asked.
    """
    existing = Offer.objects.filter(assessment__organisation=organisation, assessment__is_example=True).first()
    if existing:
        return existing
    document: dict[str, Any] = read_yaml((SHIPPED / "examples" / f"{name}.yaml").read_bytes())[0]
    assessment = create_assessment(
        organisation=organisation,
        edition=current_edition(document["checklist"]),
        name=document["name"][language],
        description=document["description"][language],
        reference_date=date.fromisoformat(document["reference_date"]),
        by=by,
        is_example=True,
    )
    offer = add_offer(assessment, name=document["offer"], provider=document["provider"], is_current=True)
    for key, value in document["answers"].items():
        _save(assessment, offer, key, Said(Answer.Status.ANSWERED, value), by)
    edition = edition_of(assessment)
    if edition.chain_question and "control_chain" in document:
        chain = canonical_bytes(document["control_chain"]).decode()
        comment = document["control_chain_comment"][language]
        said = Said(Answer.Status.ANSWERED, chain, comment=comment)
        _save(assessment, offer, edition.chain_question, said, by)
    if edition.clear_text_question and "clear_text" in document:
        table = canonical_bytes(document["clear_text"]).decode()
        _save(assessment, offer, edition.clear_text_question, Said(Answer.Status.ANSWERED, table), by)
    rows = rows_of(assessment, offer)
    states = judge(edition, core_answers(rows.values()), assessment.reference_date).states
    for key, state in states.items():
        if state.asked and state.status is None:
            _save(assessment, offer, key, Said(Answer.Status.UNKNOWN), by)
    return offer


def _save(assessment: Assessment, offer: Offer, key: str, said: Said, by: User | None) -> None:
    question = edition_of(assessment).questions[key]
    save_answer(
        assessment=assessment,
        offer=offer if question.scope == "offer" else None,
        question=question,
        said=said,
        revision=0,
        by=by,
    )
