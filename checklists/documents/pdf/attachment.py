"""Take the machine-readable record back out of a report, or out of the JSON file itself, whoever sends it.

The bytes come from anyone: the size is bounded before and after decompression, and nothing in the file is run.
"""

from __future__ import annotations

import base64
import io
import zlib

import pikepdf

from checklists.documents.frozen.frozen import EDITION_FILE, FRAMEWORK_FILE, RECORD_FILE
from checklists.packs.reports.record import AttachedRecord, Record, RecordError, read_attached

MAX_FILE = 10_000_000
"""Bytes of a PDF or JSON file that is read at all."""
MAX_ATTACHMENT = 8_000_000
"""Bytes of an attached file once decompressed."""


def record_in(raw: bytes) -> AttachedRecord:
    """The record in ``raw``, a report's PDF or its JSON file. Raises ``RecordError``."""
    if len(raw) > MAX_FILE:
        raise RecordError(f"the file is larger than {MAX_FILE} bytes", "size")
    return read_attached(attached_file(raw, RECORD_FILE) if raw[:1024].lstrip().startswith(b"%PDF-") else raw)


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


def attached_file(pdf: bytes, name: str) -> bytes:
    """The file ``name`` attached to ``pdf``. Raises ``RecordError`` if there is none, or if it is oversized."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if name not in document.attachments:
                raise RecordError(
                    f"no file {name} is attached to this PDF: it is no report of Porte-clés", "attachment"
                )
            stream = document.attachments[name].get_file().obj
            filters = stream.get("/Filter", pikepdf.Array())
            names = [str(one) for one in (filters if isinstance(filters, pikepdf.Array) else [filters])]
            return _decoded(stream.read_raw_bytes(), names)
    except (pikepdf.PdfError, zlib.error, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, RecordError):
            raise
        raise RecordError(f"the file is no readable PDF: {error}", "pdf") from error


def _decoded(raw: bytes, filters: list[str]) -> bytes:
    for kind in filters:
        if kind == "/ASCII85Decode":
            raw = base64.a85decode(raw.removesuffix(b"~>"))
        elif kind == "/FlateDecode":
            inflater = zlib.decompressobj()
            raw = inflater.decompress(raw, MAX_ATTACHMENT)
            if inflater.unconsumed_tail:
                raise RecordError(f"the attached file is larger than {MAX_ATTACHMENT} bytes", "size")
        else:
            raise RecordError(f"the attached file is compressed in a way reports are not ({kind})")
    return raw
