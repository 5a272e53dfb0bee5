"""Other bodies' frameworks, read on an offer's answers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from checklists.api.assessments import REFUSALS
from checklists.api.callers import caller_of
from checklists.core.people.permissions import Action
from checklists.packs.reports.record import Reading
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of, read_lenses
from checklists.services.judging.judge_offer import rows_of
from checklists.words.vocabulary import pick

router = Router(tags=["Frameworks"])


class LensOut(Schema):
    """What a framework chosen for the assessment says of an offer. Figures are exact fractions."""

    framework: str
    number: int
    title: str
    sha256: str
    minimums: dict[str, int] = Field(description="The level that the buyer requires of each objective.")
    reading: Reading


@router.get(
    "/offers/{uuid:offer_id}/lenses",
    response={200: list[LensOut]} | REFUSALS,
    summary="What the chosen frameworks say of an offer",
)
def lenses(request: HttpRequest, offer_id: UUID) -> list[LensOut]:
    """A framework is read on the same answers, and never enters the verdict."""
    offer = caller_of(request).offer(offer_id, Action.READ)
    choices = choices_of(offer.assessment)
    asked = questionnaire_of(offer.assessment, choices)
    established = establish_rows(asked, offer.assessment, rows_of(offer.assessment, offer).values())
    pairs = zip(choices, read_lenses(established, choices), strict=True)
    return [
        LensOut(
            framework=choice.framework.key,
            number=choice.framework.number,
            title=pick(result.framework.title),
            sha256=choice.framework.sha256,
            minimums=choice.minimums,
            reading=Reading.of(result),
        )
        for choice, result in pairs
    ]
