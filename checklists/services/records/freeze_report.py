"""Freeze what is known of an offer: rows in, a plain record out that no later change can reach."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping

from checklists.core.judging.judgement import Judgement
from checklists.models import Answer, Offer, OfferAction, Report, TransitionPlan
from checklists.packs.reports.record import (
    EditionReference,
    FrameworkReference,
    JudgementAccount,
    KeptEvidence,
    Organisation,
    Plan,
    Predecessor,
    Reading,
    Record,
    ReviewAccount,
    Subject,
    TakenAction,
)
from checklists.services.actions.read_actions import taken_on
from checklists.services.branding.keep_branding import branding_of
from checklists.services.editions.publish_edition import load_edition
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.publish_framework import load_framework
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.records.freeze_comparison import freeze_comparison
from checklists.services.records.frozen_parts import frozen_day, frozen_steps, given_answer


def freeze_report(
    offer: Offer,
    rows: Mapping[str, Answer],
    judgement: Judgement,
    *,
    language: str,
    form: str,
    previous: Report | None = None,
    review: ReviewAccount | None = None,
) -> Record:
    """The record of ``offer``; ``rows`` are the answers that bear on it, ``judgement`` what they are worth.

    ``review`` is where its review stands; without it the record tells nothing of any.
    """
    assessment = offer.assessment
    edition = assessment.edition
    choices = choices_of(assessment)
    # Answers to a framework that was given up are kept, and are no part of what is found.
    given_up = rows.keys() - questionnaire_of(assessment, choices).questions.keys()
    record = Record(
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
        answers=[given_answer(row) for key, row in sorted(rows.items()) if key not in given_up],
        transition_plan=frozen_plan(offer),
        comparison=freeze_comparison(offer) if form == Report.Form.FULL else None,
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
        review=review,
        held_to_evidence=assessment.held_to_evidence,
        evidence=list(frozen_evidence(row for key, row in sorted(rows.items()) if key not in given_up)),
        actions=[_action(row) for _key, row in sorted(taken_on(offer).items())],
    )
    frameworks = [load_framework(choice.framework.sha256) for choice in choices]
    results = record.look(load_edition(edition.sha256), frameworks)[2]
    pairs = zip(record.frameworks, results, strict=True)
    told = [reference.model_copy(update={"reading": Reading.of(result)}) for reference, result in pairs]
    return record.model_copy(update={"frameworks": told})


def _action(row: OfferAction) -> TakenAction:
    owner = str(row.owner)[:200] if row.owner else ""
    return TakenAction(key=row.key, owner=owner, due=frozen_day(row.due), state=row.state)


def _letterhead(offer: Offer) -> Organisation:
    organisation = offer.assessment.organisation
    kept = branding_of(organisation)
    return Organisation(
        name=organisation.name, address=kept.address, logo=b64encode(bytes(kept.logo)) if kept.logo else None
    )


def frozen_plan(offer: Offer) -> Plan | None:
    """The plan to leave ``offer``, with its steps; ``None`` without one."""
    plan = TransitionPlan.objects.filter(offer=offer).select_related("target").first()
    if plan is None:
        return None
    return Plan(
        target=plan.target.name if plan.target else "",
        starts_on=plan.starts_on.isoformat(),
        asked_end=frozen_day(plan.asked_end),
        justification=plan.justification,
        legal_basis=plan.legal_basis,
        **{name: getattr(plan, name) for name in TransitionPlan.GUARANTEES},
        steps=frozen_steps(plan.steps.order_by("number")),
    )


def frozen_evidence(rows: Iterable[Answer]) -> Iterator[KeptEvidence]:
    """What the answers rest on, in the order of the questions and then of what was added."""
    for row in rows:
        for item in row.evidence.all():
            yield KeptEvidence(
                question=row.question,
                kind=item.kind,
                strength=item.strength,
                title=item.title,
                issuer=item.issuer,
                issued_on=frozen_day(item.issued_on),
                valid_from=frozen_day(item.valid_from),
                valid_until=frozen_day(item.valid_until),
                link=item.link,
                note=item.note,
                file=item.original_name,
                size=item.size,
                sha256=item.sha256 or None,
            )
