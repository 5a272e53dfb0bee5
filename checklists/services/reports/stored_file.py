"""The stored bytes of a report, with what tells whether a person may take them: one query, composed once."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from checklists.models import PrintedReport, Report, User


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
    sql, order = _composed(connection.vendor)
    asked = {"user": user.pk, "report": Report._meta.pk.get_db_prep_value(report, connection)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked[name] for name in order])
        row = cursor.fetchone()
    if row is None:
        return None
    found = StoredFile(*row)
    return found._replace(pdf=bytes(found.pdf), assessment=UUID(str(found.assessment)))


def stored_files(user: User, report: UUID) -> QuerySet[PrintedReport, Any]:
    """The queryset that :func:`stored_file` asks: at most one row, the fields of ``StoredFile``."""
    return (
        PrintedReport.objects.with_role_of(user)
        .filter(pk=report)
        .values_list(  # type: ignore[misc]  # what with_role_of adds is not known to the types
            "report__code",
            "report__language",
            "pdf",
            "pdf_sha256",
            "report__offer__name",
            "report__offer__assessment__organisation",
            "report__offer__assessment",
            "member_role",
        )
    )


@cache
def _composed(vendor: str) -> tuple[str, tuple[str, ...]]:
    """The SQL of the queryset and what its parameters are, in order.

    It never varies, and composing it takes 25 times as long as answering it (decision 0067).
    """
    user, report = User(pk=1), UUID(int=1)
    sql, parameters = stored_files(user, report).query.sql_with_params()
    names = {user.pk: "user", Report._meta.pk.get_db_prep_value(report, connection): "report"}
    return sql, tuple(names[parameter] for parameter in parameters)
