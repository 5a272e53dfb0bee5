"""Tables from strangers, CSV or XLSX, as rows of text: bounded before anything is built from them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from checklists.files.spreadsheet import as_written
from checklists.packs.drafts.texts import FORMULA
from checklists.services.foreign_files import ForeignRefused, read_bounded

MAX_BYTES = 2_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 40
MAX_CELL = 20_000
MAX_UNPACKED = 20_000_000
MAX_MEMBERS = 100
MAX_RATIO = 100
"""How many times larger than its compressed form a member may be, past a first 100 kB."""
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class TableRefused(ValueError):
    """The file is no table that can be read; the message, in the active language, says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The cells of a file as text; the first row names the columns."""

    header: list[str]
    rows: list[list[str]]


def is_xlsx(raw: bytes) -> bool:
    return raw.startswith(b"PK\x03\x04")


def read_table(raw: bytes) -> Table:
    """The table in ``raw``, CSV or XLSX by its contents. Raises ``TableRefused``."""
    if len(raw) > MAX_BYTES:
        raise TableRefused(_("The file is larger than 2 MB."))
    try:
        rows: list[list[str]] = read_bounded("table", raw)
    except ForeignRefused as refusal:
        raise TableRefused(str(refusal)) from refusal
    return Table(rows[0], rows[1:])


def cells_of_table(raw: bytes) -> list[list[str]]:
    """The rows of the table in ``raw``. Raises ``TableRefused``; parses, so is not for the site."""
    rows = list(islice(_xlsx(raw) if is_xlsx(raw) else _csv(raw), MAX_ROWS + 2))
    if len(rows) > MAX_ROWS + 1:
        raise TableRefused(_("The table has more than %(most)d rows.") % {"most": MAX_ROWS})
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise TableRefused(_("A cell of the table holds more than %(most)d characters.") % {"most": MAX_CELL})
    if not rows:
        raise TableRefused(_("The table is empty."))
    return rows


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
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
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


def _xlsx(raw: bytes) -> Iterator[list[str]]:
    broken = _("The XLSX file cannot be read. Open it in a spreadsheet program, save it anew and send it again.")
    try:
        _check_archive(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
            cells = [_cell(cell) for cell in row]
            if len(cells) > MAX_COLUMNS and cells[MAX_COLUMNS]:
                raise TableRefused(_("The table has more than %(most)d columns.") % {"most": MAX_COLUMNS})
            yield cells[:MAX_COLUMNS]
    except TableRefused:
        raise
    except Exception as error:  # A file made to break the reader may make it raise anything.
        raise TableRefused(broken) from error


def _cell(cell: Any) -> str:
    if cell.value is None:
        return ""
    return FORMULA if cell.data_type == "f" else str(cell.value)


def _check_archive(raw: bytes) -> None:
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
