"""The questions of an offer as a workbook to fill in off line, and the same workbook read back.

The first sheet says what it is for and which offer and edition it belongs to; the second has a row a question, with
the mark of the answer that stood; then the lists to choose from, and the sources. Columns are found by their headers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds import kind_of
from checklists.core.readable import readable
from checklists.core.typed_day import read_day
from checklists.files.tables import MAX_BYTES
from checklists.models import Answer
from checklists.services.answers.save_answer import AnswerRefused, Said, check_said
from checklists.services.day_format import date_format
from checklists.services.foreign_files import ForeignRefused, read_bounded
from checklists.services.languages import site_languages
from checklists.services.workbooks.compare import Line, mark_of, settled
from checklists.words.kinds import face_of
from checklists.words.vocabulary import pick

FORMAT = "porte-cles/workbook/1"
MOST_TOLD = 20
"""Faults of a file that are told at once."""
WIDTHS = {"key": 18, "question": 48, "why": 48, "choices": 40, "answer": 36, "state": 18, "reason": 36, "comment": 44}


class WorkbookRefused(ValueError):
    """Nothing of the file was taken; ``problems`` says in the active language where, why and what to do."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Head:
    """What a workbook belongs to: ``about`` ('offer' or 'link') and its number, and the fingerprint of the edition.

    ``title`` is all that it says of the offer. ``note`` is a sentence more on the first sheet.
    """

    about: str
    number: str
    edition: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question to write: what stands, its revision, and the document that shows it."""

    question: Question
    said: Said
    revision: int = 0
    document: str = ""
    valid_until: date | None = None


def columns() -> dict[str, str]:
    """The headers of the answers, in order, in the active language."""
    return {
        "key": _("Key"),
        "question": _("Question"),
        "why": _("Why it is asked"),
        "choices": _("Possible answers"),
        "answer": _("Answer"),
        "state": _("State"),
        "reason": _("Reason"),
        "comment": _("Comment"),
        "document": _("Document"),
        "valid_until": _("Valid until"),
        "mark": _("Version"),
    }


def states() -> dict[str, str]:
    """The words of each state of an answer."""
    return {
        Answer.Status.ANSWERED: _("Answered"),
        Answer.Status.UNKNOWN: _("I don’t know"),
        Answer.Status.NOT_APPLICABLE: _("Not applicable"),
    }


def choices_in_words(question: Question) -> str:
    """What may be written as the answer, a choice a line."""
    face = face_of(question.kind)
    if kind_of(question.kind).is_table:
        return _("Answer in words, in the comment.")
    return "\n".join(face.listed(question)) if question.options else str(face.name)


# Writing -------------------------------------------------------------------------------------------------------------


def workbook_file(head: Head, edition: Edition, rows: Sequence[Row], language: str) -> bytes:
    """The workbook, in ``language``."""
    with override(language):
        book = Workbook()
        _name_styles(book)
        _read_me(book, head, language)
        lists = _lists(book, rows)
        _answers(book, rows, lists)
        _sources(book, edition, rows)
        out = BytesIO()
        book.save(out)
    return out.getvalue()


def _name_styles(book: Workbook) -> None:
    # Named once: a style set cell by cell takes four times as long.
    top = Alignment(wrap_text=True, vertical="top")
    fill = PatternFill("solid", fgColor="FFF7D6")
    book.add_named_style(NamedStyle("fixed", font=Font(name="Calibri"), alignment=top))
    book.add_named_style(NamedStyle("strong", font=Font(name="Calibri", bold=True), alignment=top))
    book.add_named_style(
        NamedStyle("open", font=Font(name="Calibri"), alignment=top, fill=fill, protection=Protection(locked=False))
    )


def _write(sheet: Any, number: int, column: int, value: str | date | None, style: str) -> None:
    cell = sheet.cell(number, column)
    cell.style = style
    if isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif value:
        cell.value, cell.data_type = readable(value), "s"  # text, whatever it begins with


def _read_me(book: Workbook, head: Head, language: str) -> None:
    sheet = book.active
    sheet.title = _("Read me")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 100
    lines = [
        ("", head.title, "strong"),
        ("", head.note, "fixed"),
        ("", _("Fill in the yellow cells of the sheet “%(sheet)s”.") % {"sheet": _("Answers")}, "fixed"),
        ("", _("Choose the answer and the state from their lists. “Answered” goes without saying."), "fixed"),
        ("", _("“Not applicable” needs a reason. “I don’t know” is an answer too: leave the answer empty."), "fixed"),
        ("", _("Name the document that shows the answer, and the last day it is valid."), "fixed"),
        ("", _("Formulas are refused: paste values. Do not change keys, questions, headers and this sheet."), "fixed"),
        ("", _("Send the file back, as XLSX, where it was downloaded. What differs is shown first."), "fixed"),
        ("format", FORMAT, "fixed"),
        (head.about, head.number, "fixed"),
        ("edition", head.edition, "fixed"),
        ("language", language, "fixed"),
    ]
    for number, (key, text, style) in enumerate(lines, start=1):
        _write(sheet, number, 1, key, "fixed")
        _write(sheet, number, 2, text, style)


def _lists(book: Workbook, rows: Iterable[Row]) -> dict[str, str]:
    """The sheet of the lists; for each question with one, and for 'state', the cells that hold it."""
    sheet = book.create_sheet(_("Lists"))
    found = {"state": ("state", list(states().values()))}
    for row in rows:
        words = [] if kind_of(row.question.kind).is_table else face_of(row.question.kind).listed(row.question)
        # A list of every country is written once.
        name = row.question.key if row.question.options else row.question.kind
        if words:
            found[row.question.key] = (name, words)
    places: dict[str, str] = {}
    for name, words in found.values():
        if name in places:
            continue
        column = len(places) + 1
        for number, text in enumerate([name, *words], start=1):
            _write(sheet, number, column, text, "strong" if number == 1 else "fixed")
        letter = get_column_letter(column)
        title = sheet.title.replace("'", "''")
        places[name] = f"'{title}'!${letter}$2:${letter}${len(words) + 1}"
    return {key: places[name] for key, (name, _words) in found.items()}


def _answers(book: Workbook, rows: Sequence[Row], lists: Mapping[str, str]) -> None:
    sheet = book.create_sheet(_("Answers"), 1)
    heads = list(columns().items())
    for column, (name, label) in enumerate(heads, start=1):
        _write(sheet, 1, column, label, "strong")
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(name, 20)
    for number, row in enumerate(rows, start=2):
        said, face = settled(row.said), face_of(row.question.kind)
        is_table = kind_of(row.question.kind).is_table
        values: dict[str, str | date | None] = {
            "key": row.question.key,
            "question": pick(row.question.text),
            "why": pick(row.question.why),
            "choices": choices_in_words(row.question),
            "answer": face.in_cell(row.question, said.value) if said.value and not is_table else "",
            "state": states().get(said.status, ""),
            "reason": said.justification,
            "comment": said.comment,
            "document": row.document,
            "valid_until": row.valid_until,
            "mark": mark_of(row.said, row.revision),
        }
        closed = {"key", "question", "why", "choices", "mark"} | ({"answer", "state"} if is_table else set())
        for column, (name, _label) in enumerate(heads, start=1):
            _write(sheet, number, column, values[name], "fixed" if name in closed else "open")
    _validate(sheet, rows, lists, [name for name, _label in heads])
    sheet.freeze_panes = "C2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _validate(sheet: Any, rows: Sequence[Row], lists: Mapping[str, str], names: list[str]) -> None:
    """Lists to choose from, in the cells of answers and states."""
    answer, state = (get_column_letter(names.index(name) + 1) for name in ("answer", "state"))
    by_list: dict[str, DataValidation] = {}
    for number, row in enumerate(rows, start=2):
        wanted = [(state, lists["state"])]
        if row.question.key in lists:
            wanted.append((answer, lists[row.question.key]))
        for letter, cells in wanted:
            if cells not in by_list:
                by_list[cells] = DataValidation("list", formula1=cells, allow_blank=True, showErrorMessage=True)
                sheet.add_data_validation(by_list[cells])
            by_list[cells].add(f"{letter}{number}")


def _sources(book: Workbook, edition: Edition, rows: Iterable[Row]) -> None:
    sheet = book.create_sheet(_("Sources"))
    keys = dict.fromkeys(key for row in rows for key in row.question.sources)
    for column, label in enumerate((_("Key"), _("Source"), _("Date"), _("Address")), start=1):
        _write(sheet, 1, column, label, "strong")
        sheet.column_dimensions[get_column_letter(column)].width = (18, 90, 18, 60)[column - 1]
    for number, source in enumerate(edition.sources_of(keys), start=2):
        values = (source.key, pick(source.title), date_format(source.date, "DATE_FORMAT"), source.url)
        for column, value in enumerate(values, start=1):
            _write(sheet, number, column, value, "fixed")


# Reading -------------------------------------------------------------------------------------------------------------


def read_workbook(raw: bytes, head: Head, asked: Mapping[str, Question]) -> list[Line]:
    """The rows of a workbook that belongs to ``head``; ``asked`` are the questions that it may answer, by key.

    Raises ``WorkbookRefused``: a workbook is taken whole, or nothing of it.
    """
    if len(raw) > MAX_BYTES:
        raise WorkbookRefused(_("The file is larger than 2 MB."))
    try:
        cells = read_bounded("workbook", raw)
    except ForeignRefused as refusal:
        raise WorkbookRefused(str(refusal)) from refusal
    if cells["formulas"]:
        told = _("%(cell)s holds a formula, which is never run here. Paste its value in its place.")
        raise WorkbookRefused(*(told % {"cell": cell} for cell in cells["formulas"][:MOST_TOLD]))
    language = _check_head(cells["sheets"], head)
    with override(language):
        heads, words = columns(), states()
    found = [(sheet, at) for sheet in cells["sheets"] for at in [_header_at(sheet["rows"], heads)] if at is not None]
    if not found:
        raise WorkbookRefused(_no_header(cells["sheets"], heads))
    sheet, at = found[0]
    places = {name: [*sheet["rows"][at][1:]].index(label) for name, label in heads.items()}
    reader = _Reader(asked, words, language, heads)
    for number, *texts in sheet["rows"][at + 1 :]:
        reader.read(number, {name: texts[place] if place < len(texts) else "" for name, place in places.items()})
    if reader.problems:
        raise WorkbookRefused(*reader.problems[:MOST_TOLD])
    return reader.lines


def _check_head(sheets: Iterable[Mapping[str, Any]], head: Head) -> str:
    """The language of the workbook; raises ``WorkbookRefused`` when it belongs to something else."""
    told: dict[str, tuple[int, str]] = {}
    for sheet in sheets:
        rows = {row[1]: (row[0], row[2] if len(row) > 2 else "") for row in sheet["rows"] if len(row) > 1}
        if "format" in rows:
            told = rows
            break
    if told.get("format", (0, ""))[1] != FORMAT:
        raise WorkbookRefused(
            _("This is no workbook of this questionnaire: its first sheet is missing or changed. Download it again.")
        )
    number, offer = told.get(head.about, (told["format"][0], ""))
    if offer != head.number:
        raise WorkbookRefused(
            _("Row %(row)d of the first sheet names another offer. Send the workbook where it was downloaded.")
            % {"row": number}
        )
    number, edition = told.get("edition", (told["format"][0], ""))
    if edition != head.edition:
        raise WorkbookRefused(
            _(
                "Row %(row)d of the first sheet names another edition of the checklist: questions may have changed "
                "since. Download the workbook again and copy your answers into it."
            )
            % {"row": number}
        )
    number, language = told.get("language", (told["format"][0], ""))
    if language not in site_languages():
        raise WorkbookRefused(
            _("Row %(row)d of the first sheet names no language of this site. Download the workbook again.")
            % {"row": number}
        )
    return language


def _header_at(rows: Sequence[Sequence[Any]], heads: Mapping[str, str]) -> int | None:
    """Where all headers stand in one row."""
    return next((at for at, row in enumerate(rows) if set(heads.values()) <= set(row[1:])), None)


def _no_header(sheets: Iterable[Mapping[str, Any]], heads: Mapping[str, str]) -> str:
    rows = [(sheet["title"], row) for sheet in sheets for row in sheet["rows"]]
    known = set(heads.values())
    title, nearest = max(rows, key=lambda found: len(known & set(map(str, found[1][1:]))), default=("", [1]))
    missing = [label for label in heads.values() if label not in nearest[1:]]
    return _("Row %(row)d of the sheet “%(sheet)s”: the headers were changed. Write again: %(missing)s.") % {
        "row": nearest[0],
        "sheet": title,
        "missing": ", ".join(missing),
    }


class _Reader:
    """Rows one after the other: ``lines`` that were read, ``problems`` with what could not be."""

    def __init__(
        self, asked: Mapping[str, Question], words: Mapping[str, str], language: str, heads: Mapping[str, str]
    ) -> None:
        self.asked, self.language, self.heads = asked, language, heads
        self.states = {label: status for status, label in words.items()}
        self.lines: list[Line] = []
        self.problems: list[str] = []
        self._seen: dict[str, int] = {}

    def read(self, number: int, cells: Mapping[str, str]) -> None:
        try:
            self.lines.append(self._line(number, cells))
        except _Fault as fault:
            self.problems.append(_("Row %(row)d: %(fault)s") % {"row": number, "fault": fault})

    def _line(self, number: int, cells: Mapping[str, str]) -> Line:
        key = cells["key"]
        question = self.asked.get(key)
        if question is None:
            raise _Fault(_("“%(key)s” is no question of this workbook. Remove the row.") % {"key": key[:80]})
        if key in self._seen:
            raise _Fault(_("it answers the question of row %(first)d again. Keep one.") % {"first": self._seen[key]})
        self._seen[key] = number
        self._check_labels(question, cells)
        said = self._said(question, cells)
        until = cells["valid_until"]
        day = read_day(until) if until else None
        if until and day is None:
            raise _Fault(_("“%(text)s” is no day. Write 31/12/2026.") % {"text": until[:40]})
        document = cells["document"]
        if len(document) > 200:
            raise _Fault(_("the title of the document is longer than 200 characters. Shorten it."))
        return Line(number, key, said, cells["mark"][:80], document, day)

    def _check_labels(self, question: Question, cells: Mapping[str, str]) -> None:
        with override(self.language):
            wanted = {"question": pick(question.text), "choices": choices_in_words(question)}
        for name, words in wanted.items():
            if cells[name].split() != readable(words).split():
                raise _Fault(
                    _("the words under “%(header)s” were changed. Write “%(words)s” again, or download the workbook.")
                    % {"header": self.heads[name], "words": words[:200]}
                )

    def _said(self, question: Question, cells: Mapping[str, str]) -> Said:
        status, text = cells["state"], " ".join(cells["answer"].split())
        if status and status not in self.states:
            raise _Fault(
                _("“%(text)s” is no state. Choose one of the list: %(states)s.")
                % {"text": status[:80], "states": ", ".join(self.states)}
            )
        if kind_of(question.kind).is_table and (status or text):
            raise _Fault(_("this question is answered in words. Empty the answer and the state, write a comment."))
        kept = self.states.get(status, Answer.Status.ANSWERED if text else Answer.Status.UNANSWERED)
        value = ""
        if kept == Answer.Status.ANSWERED:
            if not text:
                raise _Fault(
                    _("it is said to be answered, and the answer is empty. Choose an answer, or another state.")
                )
            with override(self.language):
                value = face_of(question.kind).from_cell(question, text)
        elif text:
            raise _Fault(
                _("it holds an answer and the state “%(state)s”. Empty the answer, or the state.") % {"state": status}
            )
        said = settled(Said(str(kept), value, cells["reason"], cells["comment"]))
        try:
            check_said(question, said)
        except AnswerRefused as refusal:
            raise _Fault(" ".join(str(message) for message in refusal.errors.values())) from refusal
        return said


class _Fault(ValueError):
    """What is wrong with a row, and what to do."""
