"""Every cell of a stranger's XLSX file as text: no formula is run, and what holds one is told apart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from checklists.files.tables import MAX_CELL, MAX_COLUMNS, TableRefused, check_archive, other_form

MOST_SHEETS = 12
MOST_LINES = 2_000
"""Lines of a sheet that may hold something; a questionnaire has a few hundred."""
_ZIP = b"PK\x03\x04"


def cells_of_workbook(raw: bytes) -> dict[str, Any]:
    """``sheets``: the name and the rows of each, a row as its number and the texts of its cells; ``formulas``: where
    one stands, as people name a cell. Raises ``TableRefused``. It parses, so is not for the site.
    """
    if not raw.startswith(_ZIP) or other_form(raw):
        raise TableRefused(
            _("This is no XLSX file. Fill in the workbook that was downloaded here, save it as XLSX and send that one.")
        )
    try:
        check_archive(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        sheets: list[dict[str, Any]] = []
        formulas: list[str] = []
        for sheet in book.worksheets[:MOST_SHEETS]:
            sheet.reset_dimensions()
            sheets.append({"title": sheet.title, "rows": list(_rows(sheet, formulas))})
    except TableRefused:
        raise
    except Exception as error:  # A file made to break the reader may make it raise anything.
        raise TableRefused(
            _("The XLSX file cannot be read. Open it in a spreadsheet program, save it again and send it again.")
        ) from error
    return {"sheets": sheets, "formulas": formulas}


def _rows(sheet: Any, formulas: list[str]) -> Iterator[list[Any]]:
    found = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        texts = []
        for column, cell in enumerate(row, start=1):
            if cell.data_type in ("f", "e"):
                formulas.append(f"{sheet.title} {get_column_letter(column)}{number}")
            texts.append("" if cell.data_type in ("f", "e") else _text(cell.value))
        if not any(texts):
            continue
        found += 1
        if found > MOST_LINES:
            raise TableRefused(_("The table has more than %(most)d rows.") % {"most": MOST_LINES})
        if any(len(text) > MAX_CELL for text in texts):
            raise TableRefused(_("A cell of the table holds more than %(most)d characters.") % {"most": MAX_CELL})
        yield [number, *texts]


def _text(value: Any) -> str:
    """A day as ISO 8601, a whole number without its point, the rest as it is."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value == int(value) and abs(value) < 10**15:
        return str(int(value))
    return "" if isinstance(value, timedelta) else str(value).strip()
