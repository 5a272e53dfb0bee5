"""Take the machine-readable record back out of a report, or out of the JSON file itself, whoever sends it.

The bytes come from anyone: the size is bounded before and after decompression, and nothing in the file is run.
"""

from __future__ import annotations

from checklists.documents.frozen.names import EDITION_FILE, FRAMEWORK_FILE, RECORD_FILE
from checklists.packs.reports.record import AttachedRecord, Record, RecordError, read_attached
from checklists.services.foreign_files import ForeignRefused, read_bounded
from checklists.services.foreign_files.attached_file import attached_file

MAX_FILE = 10_000_000
"""Bytes of a PDF or JSON file that is read at all."""


def record_in(raw: bytes) -> AttachedRecord:
    """The record in ``raw``, a report's PDF or its JSON file. Raises ``RecordError``."""
    if len(raw) > MAX_FILE:
        raise RecordError(f"the file is larger than {MAX_FILE} bytes", "size")
    return read_attached(attached_file(raw, RECORD_FILE) if raw[:1024].lstrip().startswith(b"%PDF-") else raw)


def foreign_record_in(raw: bytes) -> AttachedRecord:
    """The same of a file that anybody sent: nothing is built from it here before its own process read it whole.

    Raises ``RecordError``.
    """
    if len(raw) > MAX_FILE:
        raise RecordError(f"the file is larger than {MAX_FILE} bytes", "size")
    try:
        if raw[:1024].lstrip().startswith(b"%PDF-"):
            raw = read_bounded("attachment", raw, name=RECORD_FILE)
        read_bounded("record", raw)
    except ForeignRefused as refusal:
        reason = refusal.reason or ("pdf" if refusal.kind == "broken" else refusal.kind)
        raise RecordError(str(refusal), reason) from refusal
    return read_attached(raw)


def edition_in(raw: bytes) -> bytes:
    """The canonical bytes of the edition attached to a report. Raises ``RecordError``."""
    return attached_file(raw, EDITION_FILE)


def frameworks_in(raw: bytes, record: Record) -> list[bytes] | None:
    """The canonical bytes of the frameworks attached to a report; ``None`` for a report from before they were.

    Raises ``RecordError`` when one is missing.
    """
    if all(reference.reading is None for reference in record.frameworks):
        return None
    return [attached_file(raw, FRAMEWORK_FILE.format(key=reference.key)) for reference in record.frameworks]
