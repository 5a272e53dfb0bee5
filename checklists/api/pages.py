"""Long lists, page by page: the cursor says where the last page ended, so no page grows with what came before."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from checklists.api.problems import Problem

Row = TypeVar("Row", bound=Model)
MOST = 200


def page_of(
    rows: QuerySet[Row], cursor: str, limit: int, field: str = "created_at"
) -> tuple[Sequence[Row], str | None]:
    """At most ``limit`` of ``rows`` after ``cursor``, newest first, and the cursor of the next page, if any.

    Rows are told apart by ``field`` and primary key. Raises a 422 problem for a cursor that is not one of ours.
    """
    if cursor:
        moment, key = _read(cursor)
        rows = rows.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "pk__lt": key}))
    found = list(rows.order_by(f"-{field}", "-pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], _write(getattr(last, field), last.pk)


def _write(moment: datetime, key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), str(key)]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, Any]:
    try:
        moment, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(moment), _key(key)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        wrong = _("This is not a cursor that a page of this list gave.")
        raise Problem(422, "invalid-cursor", wrong, errors=[("/query/cursor", wrong)]) from error


def _key(text: str) -> UUID | int:
    readers: tuple[Callable[[str], UUID | int], ...] = (UUID, lambda value: int(value[:18]))
    for read in readers:
        try:
            return read(text)
        except ValueError:
            continue
    raise ValueError(text)
