"""From the rows of a draft to the canonical pack, and to the document of which it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from pydantic import ValidationError

from checklists.models import Draft, DraftPart, Edition
from checklists.packs.editions.parts import Piece, put_together
from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import PackError
from checklists.packs.files.validation import shape_problems


@dataclass(frozen=True, slots=True)
class Imprint:
    """What publishing adds to a draft: its number, its day, what changed."""

    number: int
    published: date
    changelog: Mapping[str, str]

    def as_document(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "published": self.published.isoformat(),
            "changelog": dict(self.changelog),
        }


def next_imprint(draft: Draft) -> Imprint:
    """The number after the last one published, today, and the changelog written so far. One query."""
    numbers = Edition.objects.filter(checklist=draft.checklist).order_by("-number").values_list("number", flat=True)
    return Imprint((numbers.first() or 0) + 1, timezone.localdate(), draft.changelog)


def draft_document(draft: Draft, imprint: Imprint, rows: Iterable[DraftPart] | None = None) -> dict[str, Any]:
    """The document as it stands, whether or not it makes sense. One query, none when ``rows`` are given."""
    parts = list(draft.parts.all()) if rows is None else list(rows)
    owners = [row for row in parts if row.owner_id is None]
    at = {row.pk: index for index, row in enumerate(owners)}
    ordered = owners + [row for row in parts if row.owner_id is not None]
    pieces = [
        Piece(row.family, row.key, row.body, at[row.owner_id] if row.owner_id is not None else None) for row in ordered
    ]
    return put_together(draft.head, pieces, imprint.as_document())


def compile_draft(draft: Draft, imprint: Imprint | None = None) -> Pack:
    """The pack that ``draft`` makes, of the next number and today's date unless ``imprint`` says otherwise.

    Says nothing of whether it makes sense: see ``check_draft``. Raises ``PackError`` when a part has not the shape
    the schema asks for, with the place of each fault.
    """
    document = draft_document(draft, imprint or next_imprint(draft))
    try:
        return Pack.model_validate(document)
    except ValidationError as error:
        raise PackError(shape_problems(document, error)) from None
