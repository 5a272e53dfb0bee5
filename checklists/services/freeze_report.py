"""Freeze what is known of an offer: rows in, a plain record out that no later change can reach."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from checklists.core.judgement import Judgement
from checklists.models import Answer, Offer, Report, TransitionPlan
from checklists.packs.record import (
    EditionReference,
    FrameworkReference,
    GivenAnswer,
    JudgementAccount,
    KeptEvidence,
    Organisation,
    Plan,
    PlannedStep,
    Predecessor,
    Record,
    Subject,
)
from checklists.services.choose_frameworks import choices_of
from checklists.services.judge_offer import standing_of
from checklists.services.keep_branding import branding_of
from checklists.services.read_lenses import questionnaire_of


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
    choices = choices_of(assessment)
    # Answers to a framework that was given up are kept, and are no part of what is found.
    given_up = rows.keys() - questionnaire_of(assessment, choices).questions.keys()
    return Record(
        language=language,
        form=form,
        subject=Subject(
            assessment=assessment.name,
            description=assessment.description,
            organisation=_letterhead(offer),
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
        answers=[_given(row) for key, row in sorted(rows.items()) if key not in given_up],
        transition_plan=_plan(offer),
        judgement=JudgementAccount(**judgement.to_document()),
        frameworks=[
            FrameworkReference(
                key=choice.framework.key,
                number=choice.framework.number,
                sha256=choice.framework.sha256,
                minimums=choice.minimums,
            )
            for choice in choices
        ],
        previous=Predecessor(code=previous.code, sha256=previous.content_sha256) if previous else None,
        held_to_evidence=assessment.held_to_evidence,
        evidence=list(_evidence(row for key, row in sorted(rows.items()) if key not in given_up)),
    )


def _letterhead(offer: Offer) -> Organisation:
    organisation = offer.assessment.organisation
    kept = branding_of(organisation)
    return Organisation(
        name=organisation.name, address=kept.address, logo=b64encode(bytes(kept.logo)) if kept.logo else None
    )


_STEP = ("number", "title", "owner", "low", "likely", "high", "after", "state")


def _plan(offer: Offer) -> Plan | None:
    plan = TransitionPlan.objects.filter(offer=offer).select_related("target").first()
    if plan is None:
        return None
    return Plan(
        target=plan.target.name if plan.target else "",
        starts_on=plan.starts_on.isoformat(),
        asked_end=_day(plan.asked_end),
        justification=plan.justification,
        legal_basis=plan.legal_basis,
        **{name: getattr(plan, name) for name in TransitionPlan.GUARANTEES},
        steps=[
            PlannedStep(
                **{name: getattr(step, name) for name in _STEP},
                started_on=_day(step.started_on),
                finished_on=_day(step.finished_on),
            )
            for step in plan.steps.order_by("number")
        ],
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _evidence(rows: Iterable[Answer]) -> Iterator[KeptEvidence]:
    """What the answers rest on, in the order of the questions and then of what was added."""
    for row in rows:
        for item in row.evidence.all():
            yield KeptEvidence(
                question=row.question,
                kind=item.kind,
                strength=item.strength,
                title=item.title,
                issuer=item.issuer,
                issued_on=_day(item.issued_on),
                valid_from=_day(item.valid_from),
                valid_until=_day(item.valid_until),
                link=item.link,
                note=item.note,
                file=item.original_name,
                size=item.size,
                sha256=item.sha256 or None,
            )


def _given(row: Answer) -> GivenAnswer:
    rests = standing_of(row)
    return GivenAnswer(
        question=row.question,
        status=row.status,
        value=row.value,
        justification=row.justification,
        comment=row.comment,
        claimed=rests.claimed,
        strength=rests.strength.key if rests.strength else None,
        ended=_day(rests.ended),
    )
