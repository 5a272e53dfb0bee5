"""Tables as programs and people write them: read where they stand, or refused under their true name."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import PatternFill

from checklists.files.tables import TableRefused, cells_of_table
from checklists.packs.drafts.texts import NO_TEXT

COLUMNS = ["place", "stamp"]
XML = b'<?xml version="1.0"?>'
FULL = [COLUMNS, ["a", "b"]]


def book(fill: Callable[[Workbook], object]) -> bytes:
    made, kept = Workbook(), io.BytesIO()
    fill(made)
    made.save(kept)
    return kept.getvalue()


def rows(raw: bytes) -> list[list[str]]:
    """What is read, without the numbers of the lines and the empty cells at the end."""
    found = [row[1:] for row in cells_of_table(raw, COLUMNS)]
    return [row[: max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)] for row in found]


def write(sheet: Any, table: list[list[str]]) -> None:
    for row in table:
        sheet.append(row)


def hidden_copy(made: Workbook) -> None:
    write(made.worksheets[0], [COLUMNS, ["old", "old"]])
    made.worksheets[0].sheet_state = "hidden"
    write(made.create_sheet("Texts"), FULL)


def very_hidden_copy(made: Workbook) -> None:
    hidden_copy(made)
    made.worksheets[0].sheet_state = "veryHidden"


def chart_first(made: Workbook) -> None:
    write(made.worksheets[0], FULL)
    chart = BarChart()
    chart.add_data(Reference(made.worksheets[0], min_col=1, min_row=1, max_row=2))
    made.create_chartsheet("Chart", 0).add_chart(chart)


def wide_and_blank(made: Workbook) -> None:
    """Whole rows painted to the last column, and cells that hold a space alone."""
    sheet = made.worksheets[0]
    write(sheet, FULL)
    for column in range(3, 300):
        sheet.cell(row=1, column=column).fill = PatternFill("solid", fgColor="FFFF00")
    for row in range(3, 60):
        sheet.cell(row=row, column=1, value=" ")


@pytest.mark.parametrize("fill", [hidden_copy, very_hidden_copy, chart_first, wide_and_blank])
def test_the_table_is_found_where_it_stands(fill: Callable[[Workbook], None]) -> None:
    assert rows(book(fill)) == FULL


@pytest.mark.parametrize(
    "raw",
    [
        b"place;stamp\na;b\n" + b";;\n" * 21_000,
        b"place;stamp\na;b\n" + "\u00a0;\n".encode() * 21_000,
        b"place\tstamp\r\na\tb\r\n",
        b"place;stamp\ra;b\r",
        b"sep=,\nplace,stamp\na,b\n",
        b'"place","stamp","one; two; three; four"\n"a","b"\n',
        b"\xef\xbb\xbfplace;stamp;;;\na;b;;;\n",
    ],
    ids=["blank lines", "lines of spaces", "tabs", "of an old Mac", "named", "marks within a name", "BOM and empty"],
)
def test_a_csv_file_is_read_whoever_wrote_it(raw: bytes) -> None:
    assert [row[:2] for row in rows(raw)] == FULL


def test_times_durations_and_amounts_are_no_texts() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.worksheets[0]
        write(sheet, [COLUMNS])
        for value, form in (
            (time(8, 30), "hh:mm"),
            (timedelta(hours=30), "[h]:mm"),
            (1234, '#,##0" €"'),
            (3, "0%"),
            (7, "0"),
        ):
            sheet.append(["a", value])
            sheet.cell(row=sheet.max_row, column=2).number_format = form

    assert [row[1] for row in rows(book(fill))[1:]] == [NO_TEXT + "date"] * 2 + [NO_TEXT + "number"] * 2 + ["7"]


def zipped(**members: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet-template"), "ODS"),
        (zipped(mimetype="application/vnd.oasis.opendocument.presentation"), "ODF"),
        (zipped(Index__Document_dot_iwa="x"), "Numbers"),
        (zipped(texts_dot_csv="place;stamp"), "ZIP"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K\"place\"\r\n", "SYLK"),
        (b"TABLE\r\n0,1\r\n\"EXCEL\"\r\n", "DIF"),
        (b"{\\rtf1\\ansi place}", "RTF"),
        (gzip.compress(b"place;stamp\n"), "GZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (XML + b'<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>', "FODS"),
        (XML + b'<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:spreadsheet"/>', "XML 2003"),
        (b"\xef\xbb\xbf<html><table>", "HTML"),
    ],
)  # fmt: skip
def test_another_form_is_refused_under_its_name_with_what_to_do(raw: bytes, form: str) -> None:
    with override("en"), pytest.raises(TableRefused, match=rf"of the form {form}, .* save it as XLSX or CSV"):
        cells_of_table(raw, COLUMNS)
