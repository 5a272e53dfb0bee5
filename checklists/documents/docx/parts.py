"""The pieces of a DOCX that python-docx has no word for: links, bookmarks, lists begun again, marked header rows."""

from __future__ import annotations

import base64
import io
from typing import Any
from unicodedata import bidirectional

import pypdfium2
from docx.document import Document as Writing
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import _Row
from docx.text.paragraph import Paragraph
from weasyprint import HTML

from checklists.documents.pages.document import SCHEME, ClosedFetcher

_FACES = "".join(
    f'@font-face {{ font-family: "Atkinson Hyperlegible"; font-weight: {weight}; src: url("{SCHEME}{file}") }}'
    for weight, file in ((400, "sans.ttf"), (700, "sans-bold.ttf"))
)
_AFTER_BIDI = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
    "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""What of a paragraph's properties comes after its direction (ISO/IEC 29500-1, 17.3.1.26)."""
_PIXELS_A_POINT = 3
"""Of the pictures drawn: 216 dots an inch."""


def element(name: str, /, **attributes: str) -> BaseOxmlElement:
    """``<w:name w:attribute="…">``."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def mark_place(paragraph: Paragraph, name: str, number: int) -> None:
    """A bookmark of that name, for links of the document to lead to; ``number`` is its own in the document."""
    start = element("bookmarkStart", id=str(number), name=_place(name))
    end = element("bookmarkEnd", id=str(number))
    paragraph._p.append(start)
    paragraph._p.append(end)


def link(paragraph: Paragraph, address: str) -> BaseOxmlElement:
    """An empty link in ``paragraph``, for runs to be put in; ``#name`` leads inside the document."""
    if address.startswith("#"):
        made = element("hyperlink", anchor=_place(address[1:]))
    else:
        made = element("hyperlink")
        made.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(made)
    return made


def _place(name: str) -> str:
    """Bookmarks begin with a letter and hold no hyphen."""
    return "p_" + name.replace("-", "_")


def numbering_anew(writing: Writing) -> int:
    """The identifier of a numbered list that begins at 1, whatever was numbered before."""
    style = writing.styles["List Number"].element
    kept: Any = style.find(f".//{qn('w:numId')}")
    numbering = writing.part.numbering_part.element
    abstract = numbering.num_having_numId(int(kept.get(qn("w:val")))).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def number_with(paragraph: Paragraph, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def head_row(row: _Row) -> None:
    """Comes back at the top of each page, and is told as the table's headers to those who hear it."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def keep_row_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))


def runs_backward(text: str) -> bool:
    """Whether ``text`` is read from right to left: its first letter with a direction says so (UAX 9, rules P2, P3)."""
    directions = (bidirectional(letter) for letter in text)
    return next((way for way in directions if way in ("L", "R", "AL")), "L") != "L"


def write_backward(paragraph: Paragraph) -> None:
    """Set the paragraph from right to left."""
    properties = paragraph._p.get_or_add_pPr()
    if properties.find(qn("w:bidi")) is None:
        properties.insert_element_before(element("bidi"), *_AFTER_BIDI)


def picture_of(address: str) -> tuple[bytes, float]:
    """The PNG behind a ``data:`` address of a page, its drawing made an image, and its width in points."""
    kind, _comma, encoded = address.partition(",")
    if "svg" not in kind:
        return base64.b64decode(encoded), 0
    page = (
        f"<style>{_FACES} @page {{ size: 1000px 1400px; margin: 0 }} body {{ margin: 0 }}"
        f'img {{ display: block; max-width: 1000px; max-height: 1400px }}</style><img src="{address}" alt="">'
    )
    pdf = HTML(string=page, base_url=SCHEME, url_fetcher=ClosedFetcher()).write_pdf()
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=_PIXELS_A_POINT).to_pil().convert("L")
        drawn = document[0].render(scale=_PIXELS_A_POINT).to_pil().convert("RGB")
    box = image.point(lambda grey: 255 - grey).getbbox() or (0, 0, 1, 1)
    drawn = drawn.crop(box)
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue(), drawn.width / _PIXELS_A_POINT
