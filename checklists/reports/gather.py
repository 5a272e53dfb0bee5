"""From rows to the plain contents of a report: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checklists.core.edition import Edition
from checklists.core.judgement import Judgement
from checklists.models import Answer, Offer, Organisation
from checklists.reports.contents import Form, Given, IssueMark, Lenses, Letterhead, ReportInput, Subject


def given_answers(rows: Mapping[str, Answer]) -> dict[str, Given]:
    """What the rows say, by question."""
    return {key: Given(row.status, row.value, row.justification, row.comment) for key, row in rows.items()}


def letterhead_of(organisation: Organisation) -> Letterhead:
    return Letterhead(organisation.name)


def subject_of(offer: Offer) -> Subject:
    assessment = offer.assessment
    return Subject(
        assessment=assessment.name,
        description=assessment.description,
        reference_date=assessment.reference_date,
        organisation=letterhead_of(assessment.organisation),
        offer=offer.name,
        provider=offer.provider,
        is_current=offer.is_current,
    )


def gather(
    offer: Offer,
    rows: Mapping[str, Answer],
    edition: Edition,
    judgement: Judgement,
    produced_at: datetime,
    *,
    form: Form = Form.FULL,
    mark: IssueMark | None = None,
    lenses: Lenses | None = None,
) -> ReportInput:
    """The contents of a report on ``offer``; ``rows`` are those that bear on it, by question."""
    return ReportInput(subject_of(offer), given_answers(rows), edition, judgement, produced_at, form, mark, lenses)
