"""Tables as files a spreadsheet opens. What users wrote is never read as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle

from checklists.core.readable import readable

Value: TypeAlias = str | int | float | date | None
"""A cell: text stays text; numbers and days are those of the spreadsheet, which sums and sorts them."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """``text`` with an apostrophe before what a spreadsheet would take for a formula, or for such an apostrophe."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def as_written(cell: str) -> str:
    """The text that ``harmless`` made ``cell`` from."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS) else cell


def csv_file(lines: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with its mark, semicolons between cells: what spreadsheets in French and English both open."""
    out = StringIO()
    rows = ([_as_text(cell) for cell in line] for line in lines)
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return harmless(readable(value))
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def xlsx_file(title: str, lines: Iterable[Sequence[Value]], header: int = 1) -> bytes:
    """One sheet; the first ``header`` lines are bold and stay in view."""
    book = Workbook()
    # Named once: a style set cell by cell takes four times as long.
    for name, is_bold in (("plain", False), ("bold", True)):
        alignment = Alignment(wrap_text=True, vertical="top")
        book.add_named_style(NamedStyle(name, font=Font(bold=is_bold), alignment=alignment))
    sheet = book.active
    sheet.title = "".join(letter for letter in readable(title) if letter not in r"[]:*?/\'")[:31] or "Sheet"
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(number, column)
            cell.style = "bold" if number <= header or column == 1 else "plain"
            if isinstance(value, str):
                cell.value = readable(value)
                cell.data_type = "s"  # text, whatever it begins with
            elif value is not None:
                cell.value = value
                cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "General"
            if number == 1:
                sheet.column_dimensions[cell.column_letter].width = 40
    sheet.freeze_panes = sheet.cell(header + 1, 2)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
