"""Rows by the words people look for, compared as ``plain`` compares, whatever the database collates by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from checklists.core.plain_text import plain

MOST_WORDS = 8
Row = TypeVar("Row", bound=Model)


def with_words(rows: QuerySet[Row], fields: Sequence[str], searched: str) -> QuerySet[Row]:
    """Those of ``rows`` of which some of ``fields`` hold every word of ``searched``.

    The texts are read here: for lists of hundreds or thousands. Larger ones keep a column of plain text.
    """
    words = plain(searched).split()[:MOST_WORDS]
    if not words:
        return rows
    found = []
    for key, *texts in rows.order_by().values_list("pk", *fields):
        held = plain("\n".join(str(text or "") for text in texts))
        if all(word in held for word in words):
            found.append(key)
    return rows.filter(pk__in=found)
