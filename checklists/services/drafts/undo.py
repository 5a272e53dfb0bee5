"""Undo the last act on a draft, whole: one change, a page saved with its answers, or an import."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Draft, DraftChange, DraftPart, User
from checklists.packs.editions.parts import INNER
from checklists.services.drafts.edit_draft import CHANGELOG, HEAD, add_part, change_part, remove_part, restore
from checklists.services.drafts.open_draft import DraftRefused

ONE_ACT = timedelta(seconds=2)
"""How far apart two changes of one act can be dated: they are written in one transaction."""


def last_act(draft: Draft) -> list[DraftChange]:
    """The changes of the last act, the newest first; empty when nothing was changed. One query."""
    found: list[DraftChange] = []
    for change in draft.changes.select_related("by").order_by("-pk").iterator(chunk_size=500):
        if found and (change.by_id != found[0].by_id or found[-1].at - change.at > ONE_ACT):
            break
        found.append(change)
    return found


@transaction.atomic
def undo_last(draft: Draft, by: User | None) -> int:
    """Put back what stood before the last act; how many changes were undone.

    It is an act like another: kept, and undone by undoing again. Raises ``DraftRefused`` when there is nothing to undo.
    """
    changes = last_act(draft)
    if not changes:
        raise DraftRefused(_("Nothing was changed in this draft yet."))
    taken_out = {(c.family, c.key) for c in changes if c.after is None and not c.owner_key}
    for change in changes:
        change.draft = draft
        if change.after is None and change.owner_key and (_around(change.family), change.owner_key) in taken_out:
            continue  # It comes back with the part around it.
        if change.before is None:
            _take_out(change, by)
        elif not change.key and change.family not in (HEAD, CHANGELOG):
            _put_back(change, by)
        else:
            restore(change, by)
    return len(changes)


def _around(family: str) -> str:
    return next((name for name, (inner, _model) in INNER.items() if inner == family), "")


def _put_back(change: DraftChange, by: User | None) -> None:
    """A part without a key as it was: it is known by what it says. The order of such parts means nothing."""
    if set(change.before or ()) == {"position", "concern"}:
        return
    row = DraftPart.objects.filter(draft=change.draft, family=change.family, key="", body=change.after).first()
    if change.after is None:
        add_part(change.draft, change.family, "", change.before or {}, by)
    elif row is not None:
        row.draft = change.draft
        change_part(row, change.before or {}, by)


def _take_out(change: DraftChange, by: User | None) -> None:
    """The part that ``change`` added; nothing when it is gone."""
    rows = DraftPart.objects.filter(draft=change.draft, family=change.family, key=change.key)
    rows = rows.filter(owner__key=change.owner_key) if change.owner_key else rows.filter(owner=None)
    row = rows.filter(body=change.after).first() if not change.key else rows.first()
    if row is not None:
        row.draft = change.draft
        remove_part(row, by)
