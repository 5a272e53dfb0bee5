"""The changes of a draft in words: who, when, where, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checklists.core.editions.difference import FieldChange
from checklists.models import Draft, DraftChange, User
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.edit_draft import HEAD
from checklists.words.editions.difference import FieldLine, Speaker, field_lines, title_of
from checklists.words.editions.parts import family_word


@dataclass(frozen=True)
class ChangeLine:
    pk: int
    who: User | None
    when: datetime
    where: str
    place: str
    kind: str
    fields: tuple[FieldLine, ...]
    can_be_restored: bool


def change_lines(draft: Draft, changes: Iterable[DraftChange]) -> list[ChangeLine]:
    """One line a change, in the order given."""
    changes = list(changes)
    if not changes:
        return []
    speaker = Speaker(draft_document(draft, next_imprint(draft)))
    return [_line(change, speaker) for change in changes]


def _line(change: DraftChange, speaker: Speaker) -> ChangeLine:
    before: dict[str, Any] = change.before or {}
    after: dict[str, Any] = change.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    fields: list[FieldLine] = []
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    if kind == "changed":
        for name in names:
            fields += field_lines(FieldChange(name, before.get(name), after.get(name)), speaker, speaker)
    if set(after) == {"position", "concern"}:
        kind, fields = "moved", [line for line in fields if line.name != "position"]
    title = title_of(after or before)
    word = family_word(change.family) if change.family != HEAD else family_word("checklist")
    return ChangeLine(
        pk=change.pk,
        who=change.by,
        when=change.at,
        where=" · ".join(str(part) for part in (word, title or change.key) if part),
        place=change.place,
        kind=kind,
        fields=tuple(fields),
        can_be_restored=change.before is not None,
    )
