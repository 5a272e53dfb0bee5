"""The one page of a first verdict: a draft, issued by nobody, of answers that are stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklists.core.editions.edition import Edition
from checklists.core.judging.judgement import Judgement
from checklists.documents.pages.document import document_html
from checklists.documents.pdf.archive import archive
from checklists.models import Answer
from checklists.words.contents import Form, Letterhead, ReportInput, Subject
from checklists.words.gather import given_answers


def first_verdict_pdf(
    edition: Edition, rows: Mapping[str, Answer], judgement: Judgement, produced_at: datetime, language: str
) -> bytes:
    """The summary of ``judgement`` as a PDF, with no name in it but ours."""
    with override(language):
        subject = Subject(
            assessment=_("First verdict"),
            description=_("Made without an account, on answers that nobody has checked."),
            reference_date=judgement.reference_date,
            organisation=Letterhead(_("Not told")),
            offer=_("An offer of hosting"),
            provider="",
            is_current=False,
        )
        report = ReportInput(
            subject=subject,
            answers=given_answers(rows),
            edition=edition,
            judgement=judgement,
            produced_at=produced_at,
            form=Form.SUMMARY,
        )
        return archive(document_html(report, language), [], produced_at)
