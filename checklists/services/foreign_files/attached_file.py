"""Take one attached file out of a PDF."""

from __future__ import annotations

import base64
import io
import zlib

import pikepdf

from checklists.packs.reports.record import RecordError

MAX_ATTACHMENT = 8_000_000
"""Bytes of an attached file once decompressed."""


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
