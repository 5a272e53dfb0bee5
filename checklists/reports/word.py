"""The report as a DOCX, for people who must edit it: real heading styles, header rows, language and alt texts.

From the same context as the other forms: only the layout is decided here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as Writing
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from checklists.reports.contents import Form, ReportInput
from checklists.reports.pages import page_context
from checklists.reports.presentation import FindingLine, SourceLine

_LOCALES = {"fr": "fr-FR", "en": "en-GB"}
_ACCENT = RGBColor(0x14, 0x50, 0x5C)


def render_docx(report: ReportInput, language: str) -> bytes:
    """The report as an editable document in ``language``; what users wrote is plain text in it."""
    with override(language):
        page = page_context(report, language)
        writing = _blank(report, language)
        if report.form is Form.LETTER:
            _letter(writing, page)
        else:
            _front(writing, page)
        if report.form is Form.FULL:
            _findings(writing, page)
            _review(writing, page)
            _answers(writing, page)
            _reference_matter(writing, page)
    out = io.BytesIO()
    writing.save(out)
    return out.getvalue()


def _blank(report: ReportInput, language: str) -> Writing:
    writing = Document()
    section = writing.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    properties = writing.core_properties
    properties.title = _plain(f"{report.subject.assessment} – {report.subject.offer}")[:255]
    properties.author = _plain(report.subject.organisation.name)[:255]
    properties.language = _LOCALES[language]
    properties.created = properties.modified = report.produced_at
    normal = writing.styles["Normal"]
    normal.font.name, normal.font.size = "Verdana", Pt(10)
    marks = normal.element.get_or_add_rPr()
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), _LOCALES[language])
    marks.append(spoken)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        writing.styles[name].font.color.rgb = _ACCENT
    if report.mark is None:
        section.header.paragraphs[0].text = _("DRAFT")
    return writing


def _plain(text: object) -> str:
    """``text`` without the control characters XML has no place for."""
    return "".join(sign for sign in str(text) if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"))


def _says(writing: Writing, text: object, style: str | None = None, *, label: object = "") -> None:
    paragraph = writing.add_paragraph(style=style)
    if label:
        paragraph.add_run(_plain(label) + " ").bold = True
    paragraph.add_run(_plain(text))


def _listed(writing: Writing, texts: Iterable[object], style: str = "List Bullet") -> None:
    for text in texts:
        _says(writing, text, style)


def _table(writing: Writing, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    table = writing.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _fill(cell, head, bold=True)
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(again)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _fill(cell, text)
    writing.add_paragraph()


def _fill(cell: _Cell, text: object, *, bold: bool = False) -> None:
    cell.paragraphs[0].add_run(_plain(text)).bold = bold


def _letterhead(writing: Writing, page: dict[str, Any]) -> None:
    organisation = page["subject"].organisation
    if organisation.logo:
        picture = writing.add_picture(io.BytesIO(organisation.logo), height=Mm(16))
        picture._inline.docPr.set("descr", _plain(_("Logo of %(name)s") % {"name": organisation.name}))
    _says(writing, organisation.address, label=organisation.name)


def _mark(writing: Writing, page: dict[str, Any]) -> None:
    mark = page["mark"]
    if page["review"]:
        _says(writing, page["review"].headline, label=_("Review:"))
    if mark is None:
        _says(writing, _("Not issued and not signed: the answers may have changed since."), label=_("Draft."))
        return
    _says(writing, mark.code, label=_("Verification code:"))
    _says(writing, mark.address, label=_("Check it at"))


def _front(writing: Writing, page: dict[str, Any]) -> None:
    subject, verdict, edition = page["subject"], page["verdict"], page["edition"]
    _letterhead(writing, page)
    writing.add_heading(_plain(subject.assessment), 0)
    _says(writing, " – ".join(part for part in (subject.offer, subject.provider) if part))
    writing.add_heading(_("Summary"), 1)
    if verdict.is_established:
        _says(writing, verdict.headline.meaning, label=verdict.headline.label)
    _says(writing, verdict.standing)
    _says(writing, verdict.distance)
    writing.add_heading(_("Why"), 2)
    _listed(writing, verdict.reasons or [_("No gate holds.")], "List Number")
    if verdict.actions:
        writing.add_heading(_("What to do first"), 2)
        _listed(writing, [line.advice for line in verdict.actions])
    if page["deadline"]:
        _says(writing, page["deadline"], label=_("By when"))
    _table(
        writing,
        (_("Concern"), _("Weight"), _("Score, low to high"), _("Answered")),
        [(c.title, c.weight, f"{c.low}–{c.high}", f"{c.confidence} %") for c in verdict.concerns],
    )
    identity = f"{page['edition_title']}, {_('edition')} {edition.number}, SHA-256 {edition.sha256}"
    _says(writing, date_format(subject.reference_date), label=_("Reference date"))
    _says(writing, identity, label=_("Checklist"))
    _mark(writing, page)


def _finding(writing: Writing, line: FindingLine) -> None:
    writing.add_heading(_plain(line.title), 3)
    if line.ceiling:
        _says(writing, line.ceiling.label, label=_("At best:"))
    if line.answer:
        _says(writing, line.answer, label=_("Answer:"))
    _says(writing, line.finding)
    if line.advice:
        _says(writing, line.advice, label=_("What to do."))
    if line.sources:
        _says(writing, _numbers(line.sources), label=_("Sources:"))


def _numbers(sources: Iterable[SourceLine]) -> str:
    return " ".join(f"[{source.number}]" for source in sources)


def _findings(writing: Writing, page: dict[str, Any]) -> None:
    verdict = page["verdict"]
    writing.add_heading(_("Findings"), 1)
    groups = (
        (_("Gates that hold"), verdict.gates),
        (_("Legal bases not in force"), verdict.lapsed),
        (_("Where points are lost"), verdict.shortfalls),
    )
    for title, lines in groups:
        if lines:
            writing.add_heading(title, 2)
        for line in lines:
            _finding(writing, line)
    if verdict.open_gates:
        writing.add_heading(_("Gates still open"), 2)
        rows = [(line.title, line.ceiling.label, "\n".join(line.open_questions)) for line in verdict.open_gates]
        _table(writing, (_("Gate"), _("At best"), _("Depends on")), rows)
    if verdict.strengths:
        writing.add_heading(_("Strengths"), 2)
        _listed(writing, [line.finding for line in verdict.strengths])


def _review(writing: Writing, page: dict[str, Any]) -> None:
    review = page["review"]
    if review is None:
        return
    writing.add_heading(_("Review and approval"), 1)
    _says(writing, review.headline)
    for sentence in review.coverage:
        _says(writing, sentence)
    if review.covered_sha256:
        _says(writing, review.covered_sha256, label="SHA-256")
    if review.history:
        rows = [(s.when, "\n".join((s.what, *s.notes)), f"{s.who}\n{s.text}".strip()) for s in review.history]
        _table(writing, (_("When"), _("What"), _("By whom")), rows)
        _says(writing, review.remarks)
    if review.matters:
        rows = [(m.title, m.outcome, f"{m.who}, {m.when}\n{m.remark}".strip()) for m in review.matters]
        _table(writing, (_("Part"), _("Decision"), _("By whom")), rows)


def _answers(writing: Writing, page: dict[str, Any]) -> None:
    writing.add_heading(_("Answers"), 1)
    for title, lines in page["annex"]:
        writing.add_heading(_plain(title), 2)
        rows = [
            (line.text, line.answer, line.justification if line.state == "not_applicable" else "", line.comment)
            for line in lines
        ]
        _table(writing, (_("Question"), _("Answer"), _("Justification"), _("Comment")), rows)
    if page["not_asked"]:
        writing.add_heading(_("What was not asked, and why"), 1)
        rows = [(line.text, "\n".join(" ".join(pair) for pair in line.because)) for line in page["not_asked"]]
        _table(writing, (_("Question"), _("Not asked because")), rows)


def _reference_matter(writing: Writing, page: dict[str, Any]) -> None:
    verdict = page["verdict"]
    writing.add_heading(_("What the workload requires"), 1)
    _listed(writing, [f"{step.label} – {text} {_numbers(refs)}" for text, refs, step, _holds in verdict.requirements])
    writing.add_heading(_("The law of that date"), 1)
    law = page["law"]
    _listed(writing, [f"{line.title} ({line.validity})" for line in (*law.used, *law.others)])
    if law.later:
        writing.add_heading(_("What later law changes"), 1)
        _listed(writing, [f"{line.day} – {line.says}. {' ; '.join(line.causes)}" for line in law.later])
    writing.add_heading(_("Glossary"), 1)
    for term, text in page["glossary"]:
        _says(writing, text, label=f"{term}.")
    writing.add_heading(_("Sources"), 1)
    rows = [(f"[{s.number}]", f"{s.title} {s.url}", s.date, s.caveat) for s in page["cited"]]
    _table(writing, (_("No."), _("Source"), _("Date"), _("Caveat")), rows)


def _letter(writing: Writing, page: dict[str, Any]) -> None:
    subject, verdict = page["subject"], page["verdict"]
    _letterhead(writing, page)
    _says(writing, render_to_string("reports/regulator.txt").strip())
    _says(writing, date_format(page["report"].produced_at))
    writing.add_heading(f"{_('Hosting of')} {_plain(subject.assessment)}", 0)
    _says(writing, f"[{_('to be completed: file reference')}]", label=_("Our reference:"))
    _says(writing, _("To the President,"))
    _says(writing, render_to_string("reports/letter_opening.txt", page).strip())
    _says(writing, f"{verdict.standing} {verdict.distance}", label=_("Outcome."))
    for number, point in enumerate(page["points"], start=1):
        writing.add_heading(f"{number}. {point.title}", 1)
        _listed(writing, [f"{line.text} {line.answer}. {line.justification} {line.comment}" for line in point.facts])
        if point.unsettled:
            _says(writing, _("Not established to date:"))
            _listed(writing, [line.text for line in point.unsettled])
    if verdict.actions:
        writing.add_heading(_("Measures the assessment calls for"), 1)
        _listed(writing, [line.advice for line in verdict.actions])
        _says(writing, page["deadline"])
        _says(writing, f"[{_('to be completed: which of these measures the organisation undertakes, and when')}]")
    _says(writing, _("Yours faithfully,"))
    _says(writing, f"[{_('to be completed: name, function and signature')}]")
    _mark(writing, page)
