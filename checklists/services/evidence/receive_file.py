"""What of a file someone sent may be kept as evidence: a short list of types, told by content, with nothing active.

The file is kept as it is, since its hash is what it is recognised by: whatever cannot be kept whole is refused.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf
import puremagic
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from checklists.services.evidence.active_office import ActiveOffice, check_part
from checklists.services.evidence.active_pdf import ActivePdf, check_inert
from checklists.services.evidence.read_image import ImageDamaged, ImageTooLarge, check_image
from checklists.services.foreign_files import ForeignRefused, read_bounded

MAX_SIDE = 20_000
"""Width or height of an image, in pixels."""
MAX_PARTS = 3_000
"""Files inside an office document."""
MAX_UNPACKED = 150_000_000
"""Bytes of an office document once unpacked."""
MAX_RATIO = 200
"""Times that one part of an office document may grow once unpacked, beyond the first megabyte."""

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_DOCUMENTS = (b"%PDF-", b"%!PS", b"{\\rtf", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff")
"""How files begin that are named .txt and are none, whatever the rest of them."""
_MARKUP = re.compile(rb"<\s*(script|html|svg|iframe|object|embed|!doctype|\?php)\b", re.IGNORECASE)
_OFFICE_REFUSED = re.compile(
    r"vba|macro|activex|oleobject|/embeddings/|^basic/|^scripts/|^object ?\d*/|\.(exe|dll|js|vbs|bat|cmd|jar|hta|lnk)$",
    re.IGNORECASE,
)


class FileRefused(ValueError):
    """The file cannot be kept; the message says why and how to mend it, in the active language."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that may be kept. ``name`` is the name it came with, as text; ``media_type`` what it is."""

    name: str
    media_type: str
    contents: bytes


def receive_file(name: str, contents: bytes) -> Received:
    """The file in ``contents``, named ``name`` by whoever sent it, if it may be kept. Raises ``FileRefused``."""
    if not contents:
        raise FileRefused(_("The file is empty."))
    if len(contents) > settings.EVIDENCE_MAX_BYTES:
        raise FileRefused(
            _("The file is too heavy: %(most)s at most.") % {"most": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
        )
    shown = shown_name(name)
    kind = next((kind for kind in KINDS if PurePosixPath(shown).suffix.lower() in kind.endings), None)
    if kind is None:
        raise FileRefused(
            _("Files of this type are not kept. Send one of these: %(types)s.") % {"types": accepted_words()}
        )
    if not kind.looks_so(contents):
        raise FileRefused(
            _("The content is not that of a file named “%(ending)s”. Send it under its true type.")
            % {"ending": PurePosixPath(shown).suffix.lower()}
        )
    try:
        read_bounded("evidence", contents, word=kind.word)
    except ForeignRefused as refusal:
        raise FileRefused(str(refusal)) from refusal
    return Received(shown, kind.media_type, contents)


def check_contents(contents: bytes, *, word: str) -> None:
    """Whether ``contents`` may be kept as the kind ``word``. Raises ``FileRefused``; parses, so is not for the site."""
    next(kind for kind in KINDS if kind.word == word).check(contents)


def shown_name(name: str) -> str:
    """The last part of ``name``, without path, control or direction-changing characters: text to show, never a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending}" if len(ending) < 20 else plain[:200]


def _check_pdf(contents: bytes) -> None:
    if not contents.rstrip(b"\r\n\t \x00").endswith(b"%%EOF"):
        raise FileRefused(_("Something follows the end of this PDF. Print it to a new PDF and send that one."))
    try:
        with pikepdf.open(io.BytesIO(contents)) as pdf:
            # One that only its owner may change opens without a password, and is looked at like any other.
            check_inert(pdf)
    except pikepdf.PasswordError as error:
        raise FileRefused(_("This PDF is protected. Send it without a password, so that it can be checked.")) from error
    except ActivePdf as error:
        raise FileRefused(str(error)) from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(_("This PDF cannot be read: it is damaged. Save it again and send it.")) from error


def _check_png(contents: bytes) -> None:
    _check_picture(contents, "PNG")
    end = contents.rfind(b"IEND")
    if end == -1 or len(contents) > end + 8:
        raise FileRefused(_("Something follows the end of this image. Save it again and send it."))


def _check_jpeg(contents: bytes) -> None:
    _check_picture(contents, "JPEG")
    if not contents.rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise FileRefused(_("Something follows the end of this image. Save it again and send it."))


def _check_picture(contents: bytes, kind: str) -> None:
    try:
        check_image(contents, kind, MAX_SIDE)
    except ImageDamaged as error:
        raise FileRefused(_("This image cannot be read: it is damaged. Save it again and send it.")) from error
    except ImageTooLarge as error:
        raise FileRefused(_("The image is too large: %(most)d pixels a side at most.") % {"most": MAX_SIDE}) from error
    if _MARKUP.search(contents) or b"PK\x03\x04" in contents or b"%PDF-" in contents:
        raise FileRefused(_("This image holds something else than an image. Save it again and send it."))


def _check_text(contents: bytes) -> None:
    try:
        text = contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(_("This text is not written in UTF-8. Save it in that encoding and send it.")) from error
    if any(unicodedata.category(char) == "Cc" and char not in "\t\n\r\f" for char in text):
        raise FileRefused(_("This file is not plain text."))
    if text.lstrip().startswith(("<", "#!")) or _MARKUP.search(contents):
        raise FileRefused(_("This text is a page or a program. Send plain text, or a PDF."))


def _check_office(main: str) -> Callable[[bytes], None]:
    """The check of the office documents of which ``main`` is the type of the main part."""

    def check(contents: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(contents)) as archive:
                _check_archive(archive, contents)
                _check_main(archive, main)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
            KeyError,
            struct.error,
        ) as error:
            raise FileRefused(_("This document cannot be read: it is damaged. Save it again and send it.")) from error

    return check


def _check_archive(archive: zipfile.ZipFile, contents: bytes) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    is_alone = contents.startswith(b"PK\x03\x04") and not archive.comment and contents[-22:].startswith(b"PK\x05\x06")
    if not is_alone or not _fills(archive, contents) or len({name.lower() for name in names}) != len(names):
        raise FileRefused(_("This document holds something else beside. Save it again and send it."))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileRefused(_("This document is too large once unpacked. Send it as a PDF."))
    for part in parts:
        path = part.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or ":" in path or _OFFICE_REFUSED.search(path):
            raise FileRefused(_("This document holds macros or other files. Send it as a PDF."))
    left = MAX_UNPACKED
    for part in parts:
        left -= _check_part(archive, part, left)


def _fills(archive: zipfile.ZipFile, contents: bytes) -> bool:
    """Whether the parts, in whichever order they are listed, lie side by side from the first byte to the list."""
    end, is_told_after = 0, False
    for part in sorted(archive.infolist(), key=lambda part: part.header_offset):
        start = part.header_offset
        # A part written before its size was known is followed by 12 to 24 bytes that say it (APPNOTE 4.3.9).
        left = start - end
        if left != 0 and not (is_told_after and left in (12, 16, 20, 24)):
            return False
        name, extra = struct.unpack("<HH", contents[start + 26 : start + 30])
        end = start + 30 + name + extra + part.compress_size
        is_told_after = bool(part.flag_bits & 0x08)
    left = archive.start_dir - end
    return left == 0 or (is_told_after and left in (12, 16, 20, 24))


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack one part, no further than it may go, and return its size."""
    most = min(left, max(1_000_000, MAX_RATIO * part.compress_size))
    with archive.open(part) as stream:
        unpacked = stream.read(most + 1)
    if len(unpacked) > most:
        raise FileRefused(_("This document is too large once unpacked. Send it as a PDF."))
    try:
        check_part(part.filename, unpacked)
    except ActiveOffice as error:
        raise FileRefused(str(error)) from error
    return len(unpacked)


def _check_main(archive: zipfile.ZipFile, main: str) -> None:
    """Whether the document is of the type it is said to be, and of no other."""
    if main.startswith(_ODF):
        found = archive.read("mimetype").decode("ascii", "replace") == main
    else:
        found = f'ContentType="{main}.main+xml"'.encode() in archive.read("[Content_Types].xml")
    if not found:
        raise FileRefused(_("The content of this document is not of the type its name says."))


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file that is kept: the endings its name may have, its media type and what must hold of it."""

    word: str
    media_type: str
    endings: tuple[str, ...]
    check: Callable[[bytes], None]

    def looks_so(self, contents: bytes) -> bool:
        """Whether its first bytes are of this type. Plain text has none of its own, and may begin as a picture or a
        message does ("BM", "GIF8", "From:"): whether it is text is for its check to say."""
        if self.media_type == "text/plain":
            return not contents.startswith(_DOCUMENTS)
        return self.media_type in _sniffed(contents)


def _sniffed(contents: bytes) -> frozenset[str]:
    """The types that the content may be of, by its first and last bytes."""
    try:
        return frozenset(match.mime_type for match in puremagic.magic_string(contents) if match.mime_type)
    except (puremagic.PureError, ValueError):
        return frozenset()


KINDS = (
    Kind("PDF", "application/pdf", (".pdf",), _check_pdf),
    Kind("PNG", "image/png", (".png",), _check_png),
    Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"), _check_jpeg),
    *(
        Kind(word, media_type, (f".{word.lower()}",), _check_office(media_type))
        for word, media_type in (
            ("DOCX", f"{_OOXML}wordprocessingml.document"),
            ("XLSX", f"{_OOXML}spreadsheetml.sheet"),
            ("ODT", f"{_ODF}text"),
            ("ODS", f"{_ODF}spreadsheet"),
        )
    ),
    Kind("TXT", "text/plain", (".txt",), _check_text),
)


def accepted_words() -> str:
    """The types kept, for whoever is about to send one."""
    return ", ".join(kind.word for kind in KINDS)


def accepted_endings() -> str:
    """The same for a file field's ``accept``."""
    return ",".join(ending for kind in KINDS for ending in kind.endings)
