"""Tables from strangers, CSV or XLSX, as rows of text: bounded before anything is built from them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from checklists.files.spreadsheet import as_written
from checklists.packs.drafts.texts import NO_TEXT
from checklists.services.foreign_files import ForeignRefused, read_bounded

MAX_BYTES = 2_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 40
MAX_CELL = 20_000
MAX_UNPACKED = 20_000_000
MAX_MEMBERS = 100
MAX_RATIO = 100
"""How many times larger than its compressed form a member may be, past a first 100 kB."""
FIRST_LINES = 10
"""Lines of a sheet among which the names of the columns are looked for: some programs write a title above."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS = {
    b"%PDF-": "PDF", b"{\\rtf": "RTF", b"ID;P": "SYLK", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF",
    b"\x1f\x8b": "GZIP", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"TABLE\r\n0,1": "DIF", b"TABLE\n0,1": "DIF",
}  # fmt: skip
"""How files begin that people send for a table, and what they are."""
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class TableRefused(ValueError):
    """The file is no table that can be read; the message, in the active language, says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The cells of a file as text, without its blank rows; ``numbers`` says where in the file each row stands.

    A cell that holds no text is ``NO_TEXT`` and what it holds.
    """

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]


def is_workbook(raw: bytes) -> bool:
    """Whether ``raw`` begins as workbooks do, of today's form or of an older one."""
    return raw.startswith((_ZIP, _OLE))


def read_table(raw: bytes, columns: Sequence[str] = ()) -> Table:
    """The table in ``raw``, CSV or XLSX by its contents: the one that has ``columns``, on whichever sheet and below
    whichever first lines it stands, else the first. Raises ``TableRefused``."""
    if len(raw) > MAX_BYTES:
        raise TableRefused(_("The file is larger than 2 MB."))
    try:
        rows: list[list[str]] = read_bounded("table", raw, columns=list(columns))
    except ForeignRefused as refusal:
        raise TableRefused(str(refusal)) from refusal
    return Table(rows[0][1:], [row[1:] for row in rows[1:]], [int(row[0]) for row in rows[1:]])


def cells_of_table(raw: bytes, columns: Sequence[str] = ()) -> list[list[str]]:
    """The rows of the table in ``raw``, each after its number. Raises ``TableRefused``.

    It parses, so is not for the site.
    """
    if form := other_form(raw):
        raise TableRefused(
            _("This is a file of the form %(form)s, which is not read here: save it as XLSX or CSV and send that one.")
            % {"form": form}
        )
    first: list[list[str]] = []
    for sheet in _xlsx(raw) if raw.startswith(_ZIP) else [_csv(raw)]:
        rows = _told(sheet)
        head = next((at for at, row in enumerate(rows[:FIRST_LINES]) if set(columns) <= _names(row)), None)
        if head is not None and rows:
            return rows[head:]
        first = first or rows
    if not first:
        raise TableRefused(_("The table is empty."))
    return first


def _told(sheet: Iterator[list[str]]) -> list[list[str]]:
    """The rows of ``sheet`` that hold something, each after its number, within bounds."""
    held = ([str(number), *row] for number, row in enumerate(sheet, start=1) if any(cell.strip() for cell in row))
    rows = list(islice(held, MAX_ROWS + 2))
    if len(rows) > MAX_ROWS + 1:
        raise TableRefused(_("The table has more than %(most)d rows.") % {"most": MAX_ROWS})
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise TableRefused(_("A cell of the table holds more than %(most)d characters.") % {"most": MAX_CELL})
    return rows


def _names(row: list[str]) -> set[str]:
    return {cell.strip() for cell in row[1:]}


def other_form(raw: bytes) -> str:
    """What ``raw`` is, when it is a spreadsheet or document of a form that is not read; empty when it may be."""
    if raw.startswith(_OLE):
        return _("XLSX with a password") if "EncryptedPackage".encode("utf-16-le") in raw else "XLS"
    for beginning, form in _BEGINNINGS.items():
        if raw.startswith(beginning):
            return form
    if raw.startswith(_ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                return _form_of_parts(archive)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
            return ""
    start = raw[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml") and b"spreadsheet" in start:
        return "FODS" if b"opendocument" in start else "XML 2003"
    return "HTML" if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")) else ""


def _form_of_parts(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist()[:MAX_MEMBERS])
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype").decode("ascii", "replace")
        found = re.fullmatch(r"application/vnd\.oasis\.opendocument\.(\w+)(?:-template)?\s*", kind)
        return {"spreadsheet": "ODS", "text": "ODT"}.get(found[1], "ODF") if found else ""
    if "xl/workbook.bin" in names:
        return "XLSB"
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        return "Numbers"
    if any(name.startswith("word/") for name in names):
        return "DOCX"
    # A table put in an archive, or a page saved by Google: no part that a workbook has.
    return "" if "[Content_Types].xml" in names or not names else "ZIP"


def _csv(raw: bytes) -> Iterator[list[str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableRefused(
            _(
                "The CSV file is not UTF-8: letters and spaces would be lost. In Excel choose “CSV UTF-8” when saving, "
                "in LibreOffice the character set “Unicode (UTF-8)”; or send the XLSX file instead."
            )
        ) from None
    if "\0" in text:
        raise TableRefused(
            _("The CSV file holds null characters: it is written in UTF-16, or is no text. Save it as UTF-8.")
        )
    # Excel may begin by naming what stands between cells.
    named = re.match(r"sep=(.)\r?\n", text)
    text = text[named.end() :] if named else text
    # What stands between quotation marks is text, whatever characters it holds.
    first = re.sub('"[^"]*("|$)', "", text[: MAX_CELL * MAX_COLUMNS].split("\n", 1)[0])
    delimiter = named[1] if named else max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise TableRefused(_("The table has more than %(most)d columns.") % {"most": MAX_COLUMNS})
            yield [as_written(cell) for cell in row]
    except csv.Error:
        raise TableRefused(
            _("Line %(line)d of the CSV file cannot be read: a quotation mark is out of place.")
            % {"line": reader.line_num}
        ) from None


def _xlsx(raw: bytes) -> Iterator[Iterator[list[str]]]:
    """The rows of each sheet of cells, in the order of the sheets, those that are hidden last."""
    broken = _("The XLSX file cannot be read. Open it in a spreadsheet program, save it again and send it again.")
    try:
        check_archive(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        # What is seen comes before what is hidden: programs and people hide older copies and lists.
        for sheet in sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible"):
            sheet.reset_dimensions()
            yield _rows(sheet)
    except TableRefused:
        raise
    except Exception as error:  # A file made to break the reader may make it raise anything.
        raise TableRefused(broken) from error


def _rows(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
        cells = [_cell(cell) for cell in row]
        if len(cells) > MAX_COLUMNS and cells[MAX_COLUMNS]:
            raise TableRefused(_("The table has more than %(most)d columns.") % {"most": MAX_COLUMNS})
        yield cells[:MAX_COLUMNS]


def _cell(cell: Any) -> str:
    """The text of a cell; a whole number in no form of its own as it is shown; else what it holds instead."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return NO_TEXT + ("formula" if cell.data_type == "f" else "error")
    if isinstance(value, bool):
        return NO_TEXT + "truth"
    if isinstance(value, date | time | timedelta):
        return NO_TEXT + "date"
    if isinstance(value, int | float):
        is_plain = value == int(value) and abs(value) < 10**11 and cell.number_format in ("General", "0", "@")
        return str(int(value)) if is_plain else NO_TEXT + "number"
    return str(value)


def check_archive(raw: bytes) -> None:
    """Refuse what would grow without measure or name entities, from the archive's own list, then member by member."""
    bomb = _("The XLSX file is refused: unpacked, it would be too large or holds what no spreadsheet writes.")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
            raise TableRefused(bomb)
        for member in members:
            if member.file_size > 100_000 + MAX_RATIO * member.compress_size:
                raise TableRefused(bomb)
            if member.filename.startswith("/") or ".." in member.filename.split("/") or "\\" in member.filename:
                raise TableRefused(bomb)
            if member.filename.endswith((".xml", ".rels", ".vml")):
                contents = archive.read(member)
                if _DECLARED.search(contents) or contents[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in contents[:200]:
                    raise TableRefused(bomb)
