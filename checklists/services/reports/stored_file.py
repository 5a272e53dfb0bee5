"""The stored bytes of a report, with what tells whether a person may take them: one query, whose text never varies."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db import connection

from checklists.models import Report, User

# Composing it took longer than answering it (decision 0067).
_QUESTION = """
SELECT report.code, report.language, printed.pdf, printed.pdf_sha256, offer.name,
       assessment.organisation_id, assessment.id, membership.role
FROM checklists_printedreport printed
JOIN checklists_report report ON report.id = printed.report_id
JOIN checklists_offer offer ON offer.id = report.offer_id
JOIN checklists_assessment assessment ON assessment.id = offer.assessment_id
LEFT JOIN checklists_membership membership
       ON membership.organisation_id = assessment.organisation_id AND membership.user_id = %s
WHERE printed.report_id = %s AND assessment.binned_at IS NULL
"""


class StoredFile(NamedTuple):
    """``role``: what the person is in the organisation, ``None`` for nothing; a guest is not told here."""

    code: str
    language: str
    pdf: bytes
    sha256: str
    offer: str
    organisation: int
    assessment: UUID
    role: str | None


def stored_file(user: User, report: UUID) -> StoredFile | None:
    """The file of ``report``; ``None`` when there is none yet, or when its assessment is in the bin."""
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION, [user.pk, Report._meta.pk.get_db_prep_value(report, connection)])
        row = cursor.fetchone()
    if row is None:
        return None
    found = StoredFile(*row)
    return found._replace(pdf=bytes(found.pdf), assessment=UUID(str(found.assessment)))
