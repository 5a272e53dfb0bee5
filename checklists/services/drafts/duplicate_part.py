"""A copy of a part of a draft, with the parts inside it, right after it."""

from __future__ import annotations

import re

from django.db import transaction

from checklists.models import DraftPart, User
from checklists.services.drafts.edit_draft import add_part, place_part


@transaction.atomic
def duplicate_part(part: DraftPart, by: User | None) -> DraftPart:
    """The copy, under the first free key made of the part's: ``key_2``. Raises ``DraftRefused``."""
    draft = part.draft
    siblings = list(DraftPart.objects.filter(draft=draft, family=part.family, owner=None))
    copy = add_part(draft, part.family, _free_key(part.key, {row.key for row in siblings}), part.body, by)
    for inner in part.parts.all():
        add_part(draft, inner.family, inner.key, inner.body, by, copy)
    after = next((row for row in siblings if row.position > part.position), None)
    if after is not None:
        place_part(copy, after, by)
    return copy


def _free_key(key: str, taken: set[str]) -> str:
    if not key:
        return ""
    stem = re.sub(r"_\d+$", "", key)[:58]
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
