"""The press for drafts: takes the files that people asked for from their queue, makes them, keeps them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from checklists.core.editions.edition import canonical_bytes
from checklists.documents.docx.word import render_docx
from checklists.documents.frozen.frozen import Frozen, plain_pdf, report_input
from checklists.documents.pages.document import standalone_html
from checklists.documents.pdf.bounds import TooLong
from checklists.documents.press import framework_documents, frameworks_of
from checklists.models import DraftFile, Edition
from checklists.packs.reports.record import read_record
from checklists.services.editions.publish_edition import load_edition
from checklists.services.jobs import queue
from checklists.services.reports.draft_files import keep_draft, record_draft_failure, take_draft

log = logging.getLogger(__name__)

FORMATS: Mapping[str, Callable[[Frozen], bytes]] = {
    "pdf": lambda frozen: plain_pdf(frozen),
    "html": lambda frozen: standalone_html(report_input(frozen), frozen.record.language).encode(),
    "docx": lambda frozen: render_docx(report_input(frozen), frozen.record.language),
}
"""What makes a file, by its ending; ``MEDIA_TYPES`` says which kind each is."""


def frozen_draft(draft: DraftFile) -> Frozen:
    """What ``draft`` shows. Raises ``RecordError`` if its contents are not a record."""
    record = read_record(bytes(draft.contents))
    document = Edition.objects.values_list("document", flat=True).get(sha256=record.edition.sha256)
    return Frozen(
        record=record,
        edition=load_edition(record.edition.sha256),
        edition_bytes=canonical_bytes(document),
        issue=None,
        produced_at=draft.asked_at,
        frameworks=frameworks_of(record),
        framework_bytes=framework_documents(record),
    )


def work_off_drafts() -> int:
    """Make every file that waits; how many were tried."""
    return queue.work_off(take_draft, _work)


def _work(draft: DraftFile) -> None:
    try:
        with queue.signs_of_life(draft):
            made = FORMATS[draft.extension](frozen_draft(draft))
        keep_draft(draft, made)
    except TooLong:
        record_draft_failure(draft, DraftFile.Failure.LENGTH)
    except Exception:  # Whatever broke, the person who waits is told, and the next file is made.
        log.exception("the file of draft %s was not made", draft.pk)
        record_draft_failure(draft, DraftFile.Failure.CONTENTS)
