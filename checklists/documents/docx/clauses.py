"""Clauses to obtain from a provider as a DOCX, to be adapted and put into a contract."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document

from checklists.documents.docx.word import REGIONS, plain_xml
from checklists.words.clauses import ClauseLine


def clauses_docx(offer: str, clauses: Iterable[ClauseLine], language: str) -> bytes:
    """``clauses`` in ``language``: each a heading, the clause, and under it what it answers and what it rests on."""
    with override(language):
        writing = Document()
        writing.core_properties.title = plain_xml(f"{_('Clauses to obtain')} – {offer}")
        writing.core_properties.author = ""
        writing.core_properties.language = REGIONS.get(language, language)
        writing.core_properties.created = writing.core_properties.modified = datetime.now(UTC)
        writing.add_heading(plain_xml(f"{_('Clauses to obtain')} – {offer}"), 0)
        writing.add_paragraph(_("Our own words, to be adapted with your lawyer: no authority has approved them."))
        for clause in clauses:
            writing.add_heading(clause.title, 1)
            writing.add_paragraph(clause.text)
            note = writing.add_paragraph()
            told = [f"{_('It answers:')} {clause.answers}"]
            told += [f"{_('Rules it helps to lift:')} {' ; '.join(clause.rules)}"] if clause.rules else []
            told.append(f"{_('Sources:')} {' ; '.join(clause.sources)}")
            note.add_run("\n".join(told)).italic = True
    out = io.BytesIO()
    writing.save(out)
    return out.getvalue()
