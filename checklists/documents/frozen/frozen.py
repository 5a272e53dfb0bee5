"""From a frozen record to pages: nothing here reads an answer, an offer or an assessment that may still change."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklists.core.editions.edition import Edition
from checklists.core.evidence import Strength
from checklists.core.frameworks.framework import Framework
from checklists.documents.frozen.comparison import side_by_side
from checklists.documents.frozen.names import EDITION_FILE, FRAMEWORK_FILE, RECORD_FILE
from checklists.documents.frozen.parts import core_step, day, given_answers
from checklists.documents.pages.document import document_html
from checklists.documents.pdf.archive import Attached, archive
from checklists.models import OfferAction
from checklists.packs.reports.record import Issue, KeptEvidence, Plan, Record, TakenAction, attach
from checklists.words.contents import (
    EvidencePiece,
    Form,
    IssueMark,
    Lenses,
    Letterhead,
    PlanContents,
    PlannedStep,
    ReportInput,
    ReviewContents,
    Subject,
    TakenOn,
)
from checklists.words.vocabulary import pick


class JudgeDiffers(RuntimeError):
    """The judge of this version does not give the frozen judgement: nothing is printed rather than another verdict."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that makes a report: its record, its edition with the canonical document, its issue (none: a draft).

    ``frameworks`` are those the record names, in its order, ``framework_bytes`` their canonical documents.
    """

    record: Record
    edition: Edition
    edition_bytes: bytes
    issue: Issue | None
    produced_at: datetime
    frameworks: tuple[Framework, ...] = ()
    framework_bytes: tuple[bytes, ...] = ()


def report_input(frozen: Frozen) -> ReportInput:
    """What the pages are made from. Raises ``JudgeDiffers``."""
    record, subject = frozen.record, frozen.record.subject
    judgement = record.judge(frozen.edition)
    if not record.says_of(judgement):
        raise JudgeDiffers(record.sha256)
    return ReportInput(
        subject=Subject(
            assessment=subject.assessment,
            description=subject.description,
            reference_date=date.fromisoformat(record.reference_date),
            organisation=Letterhead(subject.organisation.name, subject.organisation.address, subject.organisation.logo),
            offer=subject.offer,
            provider=subject.provider,
            is_current=subject.is_current,
        ),
        answers=given_answers(record.answers),
        edition=frozen.edition,
        judgement=judgement,
        produced_at=timezone.localtime(frozen.produced_at),
        form=Form(record.form),
        mark=_mark(frozen),
        plan=_plan(record.transition_plan) if record.transition_plan else None,
        lenses=_lenses(frozen) if frozen.frameworks else None,
        beside=side_by_side(record, frozen.edition, judgement),
        review=ReviewContents(record.review, record.covered_sha256) if record.review else None,
        held_to_evidence=record.held_to_evidence,
        evidence=tuple(map(_piece, record.evidence)),
        actions={action.key: _undertaken(action, timezone.localdate(frozen.produced_at)) for action in record.actions},
    )


def _undertaken(action: TakenAction, today: date) -> TakenOn:
    due = day(action.due)
    is_open = action.state not in OfferAction.CLOSED
    return TakenOn(action.owner, due, action.state, is_late=bool(is_open and due and due < today))


def _piece(kept: KeptEvidence) -> EvidencePiece:
    days: dict[str, Any] = {name: day(getattr(kept, name)) for name in ("issued_on", "valid_from", "valid_until")}
    told: dict[str, Any] = {
        name: getattr(kept, name) for name in ("question", "kind", "title", "issuer", "link", "note", "file")
    }
    return EvidencePiece(strength=Strength.from_key(kept.strength), sha256=kept.sha256 or "", **told, **days)


def _lenses(frozen: Frozen) -> Lenses:
    """The frozen answers read again through the frozen frameworks. Raises ``JudgeDiffers``."""
    asked, established, results = frozen.record.look(frozen.edition, frozen.frameworks)
    if not frozen.record.says_of_lenses(results):
        raise JudgeDiffers(frozen.record.sha256)
    return Lenses(results, asked, established)


def _plan(plan: Plan) -> PlanContents:
    return PlanContents(
        target=plan.target,
        starts=date.fromisoformat(plan.starts_on),
        asked_end=day(plan.asked_end),
        justification=plan.justification,
        legal_basis=plan.legal_basis,
        guarantees=(plan.guarantee_keys, plan.guarantee_access, plan.guarantee_logging, plan.guarantee_new_data),
        steps=tuple(PlannedStep(core_step(step), step.title, step.owner) for step in plan.steps),
    )


def _mark(frozen: Frozen) -> IssueMark | None:
    if frozen.issue is None:
        return None
    issue = frozen.issue
    return IssueMark(issue.code, frozen.record.sha256, issue.is_signed, issue.address, qr_svg(issue.address))


def qr_svg(address: str) -> str:
    """The QR image of ``address`` as SVG text, with the quiet zone scanners need."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, nl=False, border=4, omitsize=True)
    return out.getvalue().decode()


def frozen_html(frozen: Frozen) -> str:
    return document_html(report_input(frozen), frozen.record.language)


def plain_pdf(frozen: Frozen, tell: Callable[[str], None] = lambda stage: None) -> bytes:
    """The archival PDF before any signature: the same ``frozen`` always gives the same bytes."""
    html = frozen_html(frozen)
    tell("setting")
    with override(frozen.record.language):
        attached = [
            Attached(
                RECORD_FILE,
                attach(frozen.record, frozen.issue).to_bytes(),
                _("The assessment, to be read by a machine"),
            ),
            Attached(EDITION_FILE, frozen.edition_bytes, _("The edition of the checklist that judged it")),
        ]
        attached += [
            Attached(
                FRAMEWORK_FILE.format(key=framework.key),
                document,
                _("External framework the answers were read through: %(title)s") % {"title": pick(framework.title)},
            )
            for framework, document in zip(frozen.frameworks, frozen.framework_bytes, strict=False)
        ]
        seal = _("Electronic signature of the report") if frozen.issue and frozen.issue.is_signed else ""
    return archive(html, attached, frozen.produced_at, seal)
