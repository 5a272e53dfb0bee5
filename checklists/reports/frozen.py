"""From a frozen record to pages: nothing here reads an answer, an offer or an assessment that may still change."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import segno
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklists.core.edition import Edition
from checklists.core.facts import establish
from checklists.core.framework import Framework, with_supplements
from checklists.core.lens import look
from checklists.packs.record import Issue, Plan, Record, attach
from checklists.reports.archive import Attached, archive
from checklists.reports.contents import (
    Form,
    IssueMark,
    Lenses,
    Letterhead,
    PlanContents,
    PlannedStep,
    ReportInput,
    ReviewContents,
    Subject,
)
from checklists.reports.document import document_html
from checklists.reports.frozen_comparison import side_by_side
from checklists.reports.frozen_parts import core_step, day, given_answers

RECORD_FILE = "assessment.json"
EDITION_FILE = "checklist.json"


class JudgeDiffers(RuntimeError):
    """The judge of this version does not give the frozen judgement: nothing is printed rather than another verdict."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that makes a report: its record, its edition with the canonical document, its issue (none: a draft).

    ``frameworks`` are those the record names, in its order.
    """

    record: Record
    edition: Edition
    edition_bytes: bytes
    issue: Issue | None
    produced_at: datetime
    frameworks: tuple[Framework, ...] = ()


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
    )


def _lenses(frozen: Frozen) -> Lenses:
    """The frozen answers read again through the frozen frameworks."""
    record = frozen.record
    minimums = {reference.sha256: reference.minimums for reference in record.frameworks}
    asked = with_supplements(frozen.edition, frozen.frameworks)
    established = establish(asked, record.core_answers(), date.fromisoformat(record.reference_date))
    results = tuple(look(item, established, minimums[item.sha256]) for item in frozen.frameworks)
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
        seal = _("Electronic signature of the report") if frozen.issue and frozen.issue.is_signed else ""
    return archive(html, attached, frozen.produced_at, seal)
