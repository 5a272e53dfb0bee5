"""Tell anyone whether this instance issued a report, and nothing more than that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from checklists.models import PrintedReport, Report


@dataclass(frozen=True, slots=True)
class Verified:
    """What anyone may learn of an issued report; ``newer`` is when a report with other contents replaced it."""

    code: str
    sha256: str
    issued_at: datetime
    is_signed: bool
    checklist: str
    edition: int
    edition_sha256: str
    newer: datetime | None


def verify_code(code: str) -> Verified | None:
    """The issued report with that code; ``None`` when this instance issued none."""
    return _verified(Report.objects.filter(code=code).select_related("edition").defer("content", "edition__document"))


def verify_file(sha256: str) -> Verified | None:
    """The issued report whose file has that SHA-256, so to the last byte; ``None`` for every other file."""
    pk = PrintedReport.objects.filter(pdf_sha256=sha256).values_list("pk", flat=True).first()
    if pk is None:
        return None
    return _verified(Report.objects.filter(pk=pk).select_related("edition").defer("content", "edition__document"))


def _verified(found: QuerySet[Report]) -> Verified | None:
    report = found.first()
    if report is None:
        return None
    later = Report.objects.filter(offer=report.offer_id, issued_at__gt=report.issued_at)
    newer = later.exclude(facts_sha256=report.facts_sha256).order_by("issued_at").values_list("issued_at", flat=True)
    return Verified(
        code=report.code,
        sha256=report.content_sha256,
        issued_at=report.issued_at,
        is_signed=report.is_signed,
        checklist=report.edition.checklist,
        edition=report.edition.number,
        edition_sha256=report.edition.sha256,
        newer=newer.first(),
    )
