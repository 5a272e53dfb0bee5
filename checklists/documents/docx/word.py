"""The report as a DOCX, for people who must edit it: real heading styles, header rows, language and alt texts.

Made from the same pages as the HTML and the PDF, element by element: what a chapter says there, it says here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC
from itertools import count
from math import sqrt
from typing import TypeAlias

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as Writing
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import html

from checklists.core.readable import readable
from checklists.documents.docx.parts import (
    element,
    head_row,
    keep_row_whole,
    link,
    mark_place,
    number_with,
    numbering_anew,
    picture_of,
    runs_backward,
    write_backward,
)
from checklists.documents.pages.pages import page_context
from checklists.words.contents import ReportInput

REGIONS = {"fr": "fr-FR", "en": "en-GB"}
"""The spelling a word processor checks a language in, where the language alone does not say."""
_ACCENT = RGBColor(0x14, 0x50, 0x5C)
_WIDTH = Mm(166)
_HEADINGS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3}
_HEIGHTS = {"logo": Mm(16), "qr": Mm(24)}
_CLASSES = {"sub": "Subtitle", "headline": "Verdict", "advice": "Quote"}
"""Paragraphs that have a style of their own, by their class in the page."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Node: TypeAlias = html.HtmlElement
Place: TypeAlias = Writing | _Cell


def plain_xml(text: str) -> str:
    """``text`` without the characters that XML has no place for."""
    return _NOT_IN_XML.sub("", text)


def render_docx(report: ReportInput, language: str) -> bytes:
    """The report as an editable document in ``language``; what users wrote is plain text in it."""
    with override(language):
        page = render_to_string("documents/document.html", page_context(report, language))
        writing = _blank(report, language)
        body = html.document_fromstring(plain_xml(page)).find(".//main")
        _Writer(writing).blocks(writing, body)
    out = io.BytesIO()
    writing.save(out)
    return out.getvalue()


def _locale(language: str) -> str:
    return REGIONS.get(language, language)


def _blank(report: ReportInput, language: str) -> Writing:
    writing = Document()
    section = writing.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    properties = writing.core_properties
    properties.title = _plain(f"{report.subject.assessment} – {report.subject.offer}")[:255]
    properties.author = _plain(report.subject.organisation.name)[:255]
    properties.subject = _plain(_("Hosting of sensitive data: report"))
    properties.comments = ""
    properties.language = _locale(language)
    # python-docx writes the clock it is given and calls it UTC.
    properties.created = properties.modified = report.produced_at.astimezone(UTC).replace(tzinfo=None)
    normal = writing.styles["Normal"]
    normal.font.name, normal.font.size = "Verdana", Pt(9.5)
    normal.paragraph_format.space_after = Pt(4)
    normal.element.get_or_add_rPr().append(element("lang", val=_locale(language)))
    verdict = writing.styles.add_style("Verdict", WD_STYLE_TYPE.PARAGRAPH)
    verdict.base_style, verdict.font.size, verdict.font.bold = normal, Pt(22), True
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Verdict"):
        writing.styles[name].font.color.rgb = _ACCENT
    writing.styles["Quote"].font.italic = False
    writing.styles["Quote"].paragraph_format.left_indent = Mm(4)
    if report.mark is None:
        section.header.paragraphs[0].text = _("DRAFT")
    return writing


def _plain(text: str) -> str:
    """``text`` without the characters XML has no place for."""
    return _NOT_IN_XML.sub("", text)


class _Writer:
    """Writes the elements of a page, in their order, into a document or into a cell of it."""

    def __init__(self, writing: Writing, places: Iterator[int] | None = None) -> None:
        self.writing = writing
        self.places = places or count(1)

    def blocks(self, place: Place, node: Node) -> None:
        """Everything in ``node``; inline content that no block holds makes paragraphs of its own."""
        loose = _Line(place)
        loose.text(node.text)
        for child in node:
            if not isinstance(child.tag, str):
                loose.text(child.tail)
                continue
            if child.tag in _INLINE:
                loose.inline(child)
            else:
                loose = _Line(place)
                self.block(place, child)
            loose.text(child.tail)

    def block(self, place: Place, node: Node) -> None:
        classes = set((node.get("class") or "").split())
        if node.tag in _HEADINGS:
            self._paragraph(_heading(place, _HEADINGS[node.tag]), node)
        elif node.tag in ("p", "caption", "dt", "dd"):
            style = next((style for name, style in _CLASSES.items() if name in classes), None)
            paragraph = _paragraph(place, style)
            paragraph.paragraph_format.keep_with_next = bool(classes & {"intro"}) or node.tag == "dt" or None
            self._paragraph(paragraph, node, bold=node.tag == "dt")
        elif node.tag in ("ul", "ol"):
            self._list(place, node, "List Number" if node.tag == "ol" else "List Bullet")
        elif node.tag == "table":
            self._table(node)
        elif node.tag == "img":
            self._image(node, classes)
        else:
            self.blocks(place, node)

    def _paragraph(self, paragraph: Paragraph, node: Node, *, bold: bool = False) -> None:
        if node.get("id"):
            mark_place(paragraph, node.get("id"), next(self.places))
        line = _Line(self.writing, paragraph)
        line.bold = bold
        line.inside(node)

    def _list(self, place: Place, node: Node, style: str) -> None:
        number = numbering_anew(self.writing) if style == "List Number" else 0
        for item in node:
            paragraph = _paragraph(place, style)
            if number:
                number_with(paragraph, number)
            paragraph.paragraph_format.space_after = Pt(2)
            self._paragraph(paragraph, item)

    def _image(self, node: Node, classes: set[str]) -> None:
        contents, points = picture_of(node.get("src"))
        height = next((height for name, height in _HEIGHTS.items() if name in classes), None)
        width = None if height else Emu(min(Pt(points), _WIDTH))
        picture = self.writing.add_picture(io.BytesIO(contents), width=width, height=height)
        picture._inline.docPr.set("descr", _plain(node.get("alt")))

    def _table(self, node: Node) -> None:
        caption = node.find("caption")
        if caption is not None:
            self._paragraph(self.writing.add_heading(level=2), caption)
        rows = list(node.iter("tr"))
        grid = _grid(rows)
        across = max(len(row) for row in grid)
        table = self.writing.add_table(rows=len(rows), cols=across, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        widths = _widths(grid, across)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for place, (row, cells) in enumerate(zip(table.rows, grid, strict=True)):
            is_head = rows[place].getparent().tag == "thead"
            if is_head:
                head_row(row)
            keep_row_whole(row)
            for column, cell in enumerate(cells):
                if cell is not None and not _is_repeated(grid, place, column):
                    last = table.cell(place + int(cell.get("rowspan") or 1) - 1, column)
                    _CellWriter(self.writing, self.places).fill(row.cells[column].merge(last), cell, bold=is_head)
        self.writing.add_paragraph().paragraph_format.space_after = Pt(0)


class _CellWriter(_Writer):
    """In a cell, the first paragraph is there already, and the type is smaller."""

    def fill(self, cell: _Cell, node: Node, *, bold: bool) -> None:
        empty = cell.paragraphs[0]
        self.blocks(cell, node)
        if len(cell.paragraphs) > 1 and not empty.text:
            empty._p.getparent().remove(empty._p)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(1)
            for run in paragraph.runs:
                run.font.size = Pt(8.5)
                run.bold = True if bold else run.bold


_INLINE = frozenset(["strong", "em", "b", "i", "a", "span", "small", "br", "code"])


class _Line:
    """A run of inline content. The paragraph is made when there is something to write; spaces fold as in HTML."""

    def __init__(self, place: Place, paragraph: Paragraph | None = None) -> None:
        self.place, self.paragraph = place, paragraph
        self.bold = self.italic = self.backward = False
        self.holder: object = None
        self._ends_in_space = True

    def text(self, text: str | None) -> None:
        folded = re.sub(r"[ \t\r\n]+", " ", readable(text or ""))
        if self._ends_in_space:
            folded = folded.removeprefix(" ")
        if not folded or (self.paragraph is None and folded == " "):
            return
        run = self._run()
        run.text = folded
        run.bold, run.italic = self.bold or None, self.italic or None
        run.font.rtl = self.backward or None
        self._ends_in_space = folded.endswith(" ")

    def inside(self, node: Node) -> None:
        """The text and the elements of ``node``, blocks in it (a paragraph in a list) on lines of their own."""
        self.text(node.text)
        for child in node:
            if isinstance(child.tag, str):
                self.inline(child)
            self.text(child.tail)

    def inline(self, node: Node) -> None:
        if node.tag == "br":
            self._run().add_break()
            self._ends_in_space = True
            return
        before = self.bold, self.italic, self.holder
        classes = set((node.get("class") or "").split())
        self.bold = self.bold or node.tag in ("strong", "b") or bool(classes & {"verdict", "outcome", "code"})
        self.italic = self.italic or node.tag in ("em", "i")
        if node.tag == "a" and node.get("href"):
            self.holder = link(self._paragraph(), node.get("href"))
        was_backward = self.backward
        if node.get("dir") == "auto" and runs_backward(node.text_content()):
            self.backward = True
            write_backward(self._paragraph())
        is_tag = "tag" in classes  # A frame on the page, brackets here.
        self.text("(" if is_tag else None)
        self.inside(node)
        self.text(")" if is_tag else None)
        self.bold, self.italic, self.holder = before
        self.backward = was_backward

    def _paragraph(self) -> Paragraph:
        if self.paragraph is None:
            self.paragraph = self.place.add_paragraph()
        return self.paragraph

    def _run(self) -> Run:
        run = self._paragraph().add_run()
        if self.holder is not None:
            self.holder.append(run._r)  # type: ignore[attr-defined]
        return run


def _paragraph(place: Place, style: str | None) -> Paragraph:
    made: Paragraph = place.add_paragraph(style=style)
    return made


def _heading(place: Place, level: int) -> Paragraph:
    if isinstance(place, _Cell):
        return _paragraph(place, "Heading 3")
    made: Paragraph = place.add_heading(level=level)
    return made


def _grid(rows: list[Node]) -> list[list[Node | None]]:
    """The cells by row and column, one that spans several rows named in each of them."""
    grid: list[list[Node | None]] = [[] for _row in rows]
    for place, row in enumerate(rows):
        for cell in row:
            column = next((n for n, there in enumerate(grid[place]) if there is None), len(grid[place]))
            for below in range(int(cell.get("rowspan") or 1)):
                grid[place + below] += [None] * (column + 1 - len(grid[place + below]))
                grid[place + below][column] = cell
    return grid


def _is_repeated(grid: list[list[Node | None]], place: int, column: int) -> bool:
    return place > 0 and column < len(grid[place - 1]) and grid[place - 1][column] is grid[place][column]


def _widths(grid: list[list[Node | None]], across: int) -> list[Emu]:
    """Columns as wide as their contents ask, within bounds."""
    longest = [max((len(cell.text_content()) for cell in _column(grid, column)), default=1) for column in range(across)]
    weights = [sqrt(min(max(length, 12), 300)) for length in longest]
    return [Emu(int(_WIDTH * weight / sum(weights))) for weight in weights]


def _column(grid: list[list[Node | None]], column: int) -> Iterator[Node]:
    return (row[column] for row in grid if column < len(row) and row[column] is not None)
