"""Freeze what is known of an offer: rows in, a plain record out that no later change can reach."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.core.judgement import Judgement
from checklists.models import Answer, Offer, Report
from checklists.packs.record import (
    EditionReference,
    GivenAnswer,
    JudgementAccount,
    Organisation,
    Predecessor,
    Record,
    Subject,
)


def freeze_report(
    offer: Offer,
    rows: Mapping[str, Answer],
    judgement: Judgement,
    *,
    language: str,
    form: str,
    previous: Report | None = None,
) -> Record:
    """The record of ``offer``; ``rows`` are the answers that bear on it, ``judgement`` what they are worth."""
    assessment = offer.assessment
    edition = assessment.edition
    return Record(
        language=language,
        form=form,
        subject=Subject(
            assessment=assessment.name,
            description=assessment.description,
            organisation=Organisation(name=assessment.organisation.name),
            offer=offer.name,
            provider=offer.provider,
            is_current=offer.is_current,
        ),
        reference_date=assessment.reference_date.isoformat(),
        edition=EditionReference(
            checklist=edition.checklist,
            number=edition.number,
            published=edition.published.isoformat(),
            sha256=edition.sha256,
        ),
        answers=[_given(row) for _, row in sorted(rows.items())],
        judgement=JudgementAccount(**judgement.to_document()),
        previous=Predecessor(code=previous.code, sha256=previous.content_sha256) if previous else None,
    )


def _given(row: Answer) -> GivenAnswer:
    return GivenAnswer(
        question=row.question,
        status=row.status,
        value=row.value,
        justification=row.justification,
        comment=row.comment,
    )
