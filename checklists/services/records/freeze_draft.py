"""An assessment as it stands, as a file that can be brought back in: what a report freezes, marked as a draft.

It holds all the offers, and what people undertook about them. Files of evidence, discussions, reviews and the names of
people stay here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.models import Answer, Assessment, Need, Offer, Report
from checklists.models.evidence import with_evidence
from checklists.packs.reports.record import (
    MOST_KEPT,
    Alternative,
    AttachedRecord,
    JudgementAccount,
    OffersCompared,
    TakenAction,
)
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.judging.judge_offer import bearing_on, judge_rows, rows_of
from checklists.services.records.freeze_comparison import frozen_capacity
from checklists.services.records.freeze_report import freeze_report, frozen_evidence, frozen_plan
from checklists.services.records.frozen_parts import frozen_day, given_answer


class NothingToWrite(ValueError):
    """The assessment cannot be one file: it has no offer yet, or more of them than a file holds (``MOST_KEPT``)."""

    def __init__(self, offers: int) -> None:
        self.offers = offers
        super().__init__(f"{offers} offers")


def freeze_draft(assessment: Assessment) -> AttachedRecord:
    """The file of ``assessment``; its oldest offer comes first. Raises ``NothingToWrite``."""
    offers = list(assessment.offers.select_related("provision").prefetch_related("actions"))
    if not offers or len(offers) > MOST_KEPT + 1:
        raise NothingToWrite(len(offers))
    for offer in offers:
        offer.assessment = assessment
    own, *others = offers
    rows = rows_of(assessment, own)
    judgement = judge_rows(assessment, rows.values())
    record = freeze_report(own, rows, judgement, language=settings.LANGUAGE_CODE, form=Report.Form.SUMMARY)
    asked = questionnaire_of(assessment, choices_of(assessment))
    every = list(assessment.answers.order_by("pk").prefetch_related(with_evidence()))
    beside = OffersCompared(
        alternatives=[_alternative(other, every, asked) for other in others],
        need=frozen_capacity(Need.objects.filter(assessment=assessment).first()),
        provision=frozen_capacity(getattr(own, "provision", None)),
    )
    whole = {"form": Report.Form.FULL.value, "comparison": beside, "actions": _actions(own)}
    record = record.model_copy(update=whole)
    return AttachedRecord(record=record, sha256=record.sha256, is_draft=True)


def _alternative(offer: Offer, every: Iterable[Answer], asked: CoreEdition) -> Alternative:
    bearing = bearing_on(offer, every)
    judgement = judge_rows(offer.assessment, bearing)
    questions = {key for key, question in asked.questions.items() if question.scope == "offer"}
    own = sorted((row for row in bearing if row.offer_id and row.question in questions), key=lambda row: row.question)
    return Alternative(
        offer=offer.name,
        provider=offer.provider,
        is_current=offer.is_current,
        answers=[given_answer(row) for row in own],
        provision=frozen_capacity(getattr(offer, "provision", None)),
        judgement=JudgementAccount(**judgement.to_document()),
        transition_plan=frozen_plan(offer),
        evidence=list(frozen_evidence(own)),
        actions=_actions(offer),
    )


def _actions(offer: Offer) -> list[TakenAction]:
    rows = sorted(offer.actions.all(), key=lambda row: row.key)
    return [TakenAction(key=row.key, state=row.state, due=frozen_day(row.due), note=row.note) for row in rows]
