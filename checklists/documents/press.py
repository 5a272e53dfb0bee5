"""The press: takes reports from the queue, makes their files, signs them, stores them."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklists import models
from checklists.core.editions.edition import canonical_bytes
from checklists.core.frameworks.framework import Framework
from checklists.documents.frozen.frozen import Frozen, JudgeDiffers, plain_pdf
from checklists.documents.pdf.bounds import TooLong
from checklists.documents.pdf.signing import SignatureFailed, SigningKey, sign
from checklists.models import Edition, PrintJob, Report
from checklists.packs.reports.record import Issue, Record, RecordError, read_record
from checklists.services.editions.publish_edition import load_edition
from checklists.services.frameworks.publish_framework import load_framework
from checklists.services.jobs import queue
from checklists.services.reports.print_queue import record_failure, show_life, store_printed, take_job

log = logging.getLogger(__name__)

Stage, Failure = PrintJob.Stage, PrintJob.Failure


def frozen_report(report: Report) -> Frozen:
    """What ``report`` froze. Raises ``RecordError`` if its contents are not a record."""
    record = read_record(bytes(report.content))
    document = Edition.objects.values_list("document", flat=True).get(sha256=record.edition.sha256)
    return Frozen(
        record=record,
        edition=load_edition(record.edition.sha256),
        edition_bytes=canonical_bytes(document),
        issue=Issue(code=report.code, issued_at=report.issued_at, address=report.address, is_signed=report.is_signed),
        produced_at=report.issued_at,
        frameworks=frameworks_of(record),
        framework_bytes=framework_documents(record),
    )


def frameworks_of(record: Record) -> tuple[Framework, ...]:
    """The frameworks that ``record`` names, in its order. Raises ``models.Framework.DoesNotExist``."""
    return tuple(load_framework(reference.sha256) for reference in record.frameworks)


def framework_documents(record: Record) -> tuple[bytes, ...]:
    """The canonical documents of those frameworks, to be attached."""
    wanted = [reference.sha256 for reference in record.frameworks]
    documents = dict(models.Framework.objects.filter(sha256__in=wanted).values_list("sha256", "document"))
    return tuple(canonical_bytes(documents[sha256]) for sha256 in wanted)


def print_report(report: Report) -> tuple[bytes, bytes]:
    """The file of ``report`` as it leaves the house, and the same before signing."""

    def stage(name: str) -> None:
        show_life(report.pk, name)

    plain = plain_pdf(frozen_report(report), stage)
    if not report.is_signed:
        return plain, plain
    stage(Stage.SIGNING)
    if not settings.REPORT_SIGNING:
        raise SignatureFailed("the report was to be signed, and no key is configured any more")
    with override(report.language):
        reason = _("Report %(code)s, as issued") % {"code": report.code}
    return sign(plain, SigningKey(**settings.REPORT_SIGNING), reason), plain


def work_off() -> int:
    """Make every report that waits; how many were tried."""
    return queue.work_off(take_job, _work)


def _work(job: PrintJob) -> None:
    report = Report.objects.get(pk=job.pk)
    try:
        with queue.signs_of_life(job):
            pdf, plain = print_report(report)
        show_life(report.pk, Stage.STORING)
        store_printed(report, pdf, plain)
    except SignatureFailed:
        log.exception("report %s was not signed", report.code)
        record_failure(job, Failure.SIGNATURE)
    except TooLong:
        log.exception("report %s is too long", report.code)
        record_failure(job, Failure.LENGTH)
    except (JudgeDiffers, RecordError):
        log.exception("report %s no longer reads as it was frozen", report.code)
        record_failure(job, Failure.JUDGE)
    except Exception:  # Whatever broke, the person who waits is told, and the next report is made.
        log.exception("report %s was not made", report.code)
        record_failure(job, Failure.CONTENTS)
