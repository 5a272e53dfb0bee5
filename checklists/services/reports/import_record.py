"""Make an assessment from the record of a report: the same answers, and so the same judgement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.judging.judgement import Judgement
from checklists.models import (
    Assessment,
    Edition,
    Evidence,
    Framework,
    Need,
    Offer,
    OfferAction,
    Organisation,
    PlanStep,
    Provision,
    TransitionPlan,
    User,
)
from checklists.packs.reports.record import (
    Alternative,
    GivenAnswer,
    KeptEvidence,
    OffersCompared,
    Plan,
    Record,
    StatedCapacity,
    TakenAction,
)
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer, create_assessment
from checklists.services.capacity import state_need, state_provision
from checklists.services.evidence.keep_evidence import answer_for_evidence, hold_to_evidence
from checklists.services.frameworks.choose_frameworks import adopt_frameworks, choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.judging.judge_offer import judge_offer
from checklists.services.transition import after_numbers


class ImportRefused(ValueError):
    """The record cannot become an assessment here; the message, in the active language, says why."""


def import_record(record: Record, *, organisation: Organisation, by: User | None) -> Offer:
    """A new assessment of ``organisation``, answered as ``record`` is; returns the report's own offer.

    The offers it was compared with come along. Raises ``ImportRefused``.
    """
    try:
        with transaction.atomic():
            return _import(record, organisation, by)
    except (IntegrityError, DataError, OverflowError) as error:
        raise ImportRefused(_("The file holds values that contradict each other, so nothing was kept.")) from error


def try_import(record: Record, *, organisation: Organisation, by: User | None) -> list[tuple[str, Judgement]]:
    """The offers that importing ``record`` would make, each with what it is worth; nothing is kept.

    Raises ``ImportRefused`` as the import itself would.
    """
    with transaction.atomic():
        offer = import_record(record, organisation=organisation, by=by)
        told = [(row.name, judge_offer(row)) for row in offer.assessment.offers.all()]
        transaction.set_rollback(True)
    return told


def _import(record: Record, organisation: Organisation, by: User | None) -> Offer:
    edition = Edition.objects.defer("document").filter(sha256=record.edition.sha256).first()
    if edition is None:
        raise ImportRefused(
            _("The report rests on edition %(number)d of the checklist “%(checklist)s”, which is not published here.")
            % {"number": record.edition.number, "checklist": record.edition.checklist}
        )
    subject = record.subject
    assessment = create_assessment(
        organisation=organisation,
        edition=edition,
        name=subject.assessment,
        description=subject.description,
        reference_date=date.fromisoformat(record.reference_date),
        by=by,
    )
    hold_to_evidence(assessment, held=record.held_to_evidence)
    offer = add_offer(assessment, name=subject.offer, provider=subject.provider, is_current=subject.is_current)
    adopt_frameworks(assessment, _frameworks(record), by)
    asked = questionnaire_of(assessment, choices_of(assessment))
    for given in record.answers:
        _import_answer(given, offer, asked, by)
    others = [_import_other(other, assessment, asked, by) for other in _alternatives(record)]
    parts: list[Record | Alternative] = [record, *_alternatives(record)]
    for part, row in zip(parts, [offer, *others], strict=True):
        for kept in part.evidence:
            _import_evidence(kept, row, asked, by)
        if part.transition_plan:
            _import_plan(part.transition_plan, row, [offer, *others], by)
        for action in part.actions:
            _import_action(action, row, by)
    if record.comparison:
        _import_capacities(record.comparison, offer)
    told = [record.says_of(judge_offer(offer))]
    told += [other.says_of(judge_offer(row)) for other, row in zip(_alternatives(record), others, strict=True)]
    if not all(told):
        raise ImportRefused(
            _("The answers do not give the verdict that the file states: it was changed, or made by another version.")
        )
    return offer


def _alternatives(record: Record) -> list[Alternative]:
    return record.comparison.alternatives if record.comparison else []


def _import_answer(given: GivenAnswer, offer: Offer, asked: CoreEdition, by: User | None) -> None:
    question = asked.questions.get(given.question)
    if question is None:
        raise ImportRefused(_("The question “%(key)s” is not in that edition.") % {"key": given.question})
    try:
        save_answer(
            assessment=offer.assessment,
            offer=offer if question.scope == "offer" else None,
            question=question,
            said=Said(given.status, given.value, given.justification, given.comment),
            revision=0,
            by=by,
            from_profile={"profile": None, **given.from_profile.model_dump()} if given.from_profile else None,
        )
    except AnswerRefused as error:
        raise ImportRefused(f"{given.question}: {' '.join(str(e) for e in error.errors.values())}") from error
    except AnswerIsStale as error:
        raise ImportRefused(_("The question “%(key)s” is answered twice.") % {"key": given.question}) from error


def _import_other(other: Alternative, assessment: Assessment, asked: CoreEdition, by: User | None) -> Offer:
    """An offer the report's own was compared with, its answers and what it provides."""
    offer = add_offer(assessment, name=other.offer, provider=other.provider, is_current=other.is_current)
    for given in other.answers:
        _import_answer(given, offer, asked, by)
    if other.provision:
        state_provision(offer, _columns(other.provision, Provision))
    return offer


def _import_capacities(comparison: OffersCompared, offer: Offer) -> None:
    if comparison.need:
        state_need(offer.assessment, _columns(comparison.need, Need))
    if comparison.provision:
        state_provision(offer, _columns(comparison.provision, Provision))


def _columns(stated: StatedCapacity, kind: type[Need | Provision]) -> dict[str, Any]:
    columns: dict[str, Any] = {measure.value: quantity for measure, quantity in stated.quantities.items()}
    columns |= {
        "support": stated.support or "",
        "services": stated.services,
        "certifications": stated.certifications,
        "note": stated.note,
    }
    try:
        kind(**columns).clean_fields(exclude=["assessment", "offer"])
    except ValidationError as error:
        raise ImportRefused(" ".join(error.messages)) from error
    return columns


def _frameworks(record: Record) -> list[tuple[Framework, dict[str, int]]]:
    """The frameworks the record names, as published here, with the buyer's minimums. Raises ``ImportRefused``."""
    rows = Framework.objects.defer("document").in_bulk(
        [reference.sha256 for reference in record.frameworks], field_name="sha256"
    )
    for reference in record.frameworks:
        if reference.sha256 not in rows:
            raise ImportRefused(
                _(
                    "The report rests on publication %(number)d of the external framework “%(key)s”, which "
                    "is not published here."
                )
                % {"number": reference.number, "key": reference.key}
            )
    return [(rows[reference.sha256], dict(reference.minimums)) for reference in record.frameworks]


def _import_evidence(kept: KeptEvidence, offer: Offer, asked: CoreEdition, by: User | None) -> None:
    """What was said of the evidence, with the hash its file had; a record carries no file."""
    question = asked.questions.get(kept.question)
    if question is None:
        raise ImportRefused(_("The question “%(key)s” is not in that edition.") % {"key": kept.question})
    told = kept.model_dump(exclude={"question", "file"})
    answer = answer_for_evidence(offer.assessment, offer if question.scope == "offer" else None, kept.question)
    made = {**told, "sha256": kept.sha256 or "", "original_name": kept.file}
    _kept(Evidence(answer=answer, added_by=by, **made), "answer", "added_by")


def _import_plan(plan: Plan, offer: Offer, offers: list[Offer], by: User | None) -> None:
    """The plan and its steps. The target is one of ``offers`` where the file holds it, which names it only."""
    fields = plan.model_dump(exclude={"steps", "target"})
    named = [row for row in offers if row.name == plan.target and row is not offer]
    target = named[0] if plan.target and named else None
    last = max((step.number for step in plan.steps), default=0)
    row = TransitionPlan(offer=offer, target=target, updated_by=by, last_number=last, **fields)
    _kept(row, "offer", "target", "updated_by")
    for step in plan.steps:
        try:
            after_numbers(step.after)
        except ValueError as error:
            raise ImportRefused(
                _("The step “%(title)s” waits for “%(after)s”, which is not a list of numbers.")
                % {"title": step.title, "after": step.after}
            ) from error
        _kept(PlanStep(plan=row, **step.model_dump()), "plan")


def _import_action(action: TakenAction, offer: Offer, by: User | None) -> None:
    row = OfferAction(offer=offer, key=action.key, state=action.state, note=action.note, updated_by=by)
    row.due = date.fromisoformat(action.due) if action.due else None
    _kept(row, "offer", "owner", "updated_by")


def _kept(row: Model, *related: str) -> None:
    """Save ``row``, checked by its own fields and constraints. Raises ``ImportRefused``."""
    try:
        row.clean_fields(exclude=related)
        row.validate_constraints(exclude=set(related))
    except ValidationError as error:
        raise ImportRefused(" ".join(error.messages)) from error
    row.save(force_insert=True)
