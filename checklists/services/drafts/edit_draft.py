"""Write a draft: add, change, take out, move and restore its parts. Every change is kept, with who made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.models import Draft, DraftChange, DraftPart, User
from checklists.packs.editions.parts import INNER
from checklists.services.drafts.open_draft import DraftRefused

_SAME_ACT = timedelta(seconds=2)
"""How far apart the changes of one removal can be dated: they are written in one transaction."""
HEAD = "head"
"""The place of a draft's title, summary and languages in its history."""
CHANGELOG = "changelog"


class PartIsStale(Exception):
    """Someone changed the part since it was read; ``current`` is what stands now."""

    def __init__(self, current: DraftPart) -> None:
        self.current = current
        super().__init__(f"{current.place} is at revision {current.revision}")


@contextmanager
def writing(draft: Draft) -> Iterator[None]:
    """One change of ``draft``, whole or not at all; raises ``DraftRefused`` when it is no longer written."""
    with transaction.atomic():
        grown = Draft.objects.filter(pk=draft.pk, state=Draft.State.OPEN)
        if not grown.update(revision=F("revision") + 1, updated_at=timezone.now()):
            raise DraftRefused(_("This draft is not being written any more: nothing in it can be changed."))
        yield
    draft.refresh_from_db(fields=["revision", "updated_at"])


def change_of(part: DraftPart, by: User | None, before: Any, after: Any) -> DraftChange:
    """The entry of the history for one change of ``part``, not stored yet."""
    return DraftChange(
        draft=part.draft,
        place=part.place,
        family=part.family,
        owner_key=part.owner.key if part.owner else "",
        key=part.key,
        by=by,
        before=before,
        after=after,
    )


def _keep(part: DraftPart, by: User | None, before: Any, after: Any) -> None:
    change_of(part, by, before, after).save()


def add_part(
    draft: Draft, family: str, key: str, body: Mapping[str, Any], by: User | None, owner: DraftPart | None = None
) -> DraftPart:
    """A new part at the end of its list. Raises ``DraftRefused`` when the key is taken."""
    siblings = DraftPart.objects.filter(draft=draft, family=family, owner=owner)
    last = siblings.aggregate(last=Max("position"))["last"]
    part = DraftPart(draft=draft, family=family, owner=owner, key=key, body=dict(body))
    part.position = 0 if last is None else last + 1
    try:
        with writing(draft):
            part.save()
            _keep(part, by, None, part.body)
    except IntegrityError:
        raise DraftRefused(_("The key “%(key)s” is taken: choose another one.") % {"key": key}) from None
    return part


def change_part(part: DraftPart, body: Mapping[str, Any], by: User | None, revision: int | None = None) -> bool:
    """Give ``part`` new contents; whether anything changed. ``revision`` is the one the editor saw.

    Raises ``PartIsStale`` when it has changed since, ``DraftRefused`` when the draft is no longer written.
    """
    with _writing_part(part) as standing:
        if standing.body == body:
            return False
        if revision is not None and standing.revision != revision:
            raise PartIsStale(standing)
        before = standing.body
        part.body, part.revision = dict(body), standing.revision + 1
        part.save(update_fields=["body", "revision"])
        _keep(part, by, before, part.body)
    return True


@contextmanager
def _writing_part(part: DraftPart) -> Iterator[DraftPart]:
    with writing(part.draft):
        standing = DraftPart.objects.select_for_update().filter(pk=part.pk).first()
        if standing is None:
            raise DraftRefused(_("This part was taken out of the draft meanwhile."))
        yield standing


def remove_part(part: DraftPart, by: User | None) -> None:
    """Take ``part`` out of the draft, with the parts inside it; each can be restored from the history."""
    with _writing_part(part):
        for inner in part.parts.all():
            _keep(inner, by, inner.body, None)
        _keep(part, by, part.body, None)
        part.delete()


def place_part(part: DraftPart, before: DraftPart | None, by: User | None, concern: str | None = None) -> None:
    """Move ``part`` before another one of its list, or to its end; a question may change concern on the way."""
    with _writing_part(part) as standing:
        if concern is not None and standing.body.get("concern") != concern:
            part.body = {**standing.body, "concern": concern}
            part.revision = standing.revision + 1
            part.save(update_fields=["body", "revision"])
        rows = list(
            DraftPart.objects.filter(draft=part.draft, family=part.family, owner=part.owner).exclude(pk=part.pk)
        )
        was = {
            "position": sum(row.position < standing.position for row in rows),
            "concern": standing.body.get("concern"),
        }
        at = next((index for index, row in enumerate(rows) if before and row.pk == before.pk), len(rows))
        rows.insert(at, part)
        moved = [row for position, row in enumerate(rows) if row.position != position]
        for position, row in enumerate(rows):
            row.position = position
        DraftPart.objects.bulk_update(moved, ["position"])
        now = {"position": part.position, "concern": part.body.get("concern")}
        if now != was:
            _keep(part, by, was, now)


def step_part(part: DraftPart, up: bool, by: User | None) -> bool:
    """Move ``part`` one place up or down among its neighbours (a question's are those of its concern).

    Whether it moved: the first cannot go up.
    """
    neighbours = [
        row
        for row in DraftPart.objects.filter(draft=part.draft, family=part.family, owner=part.owner)
        if row.body.get("concern") == part.body.get("concern")
    ]
    at = next(index for index, row in enumerate(neighbours) if row.pk == part.pk)
    if up and at > 0:
        place_part(part, neighbours[at - 1], by)
    elif not up and at + 1 < len(neighbours):
        # The neighbour goes before this one; what is kept is the move of the part the editor moved.
        after = neighbours[at + 2] if at + 2 < len(neighbours) else _next_row(neighbours[at + 1])
        place_part(part, after, by)
    else:
        return False
    return True


def _next_row(part: DraftPart) -> DraftPart | None:
    siblings = DraftPart.objects.filter(draft=part.draft, family=part.family, owner=part.owner)
    return siblings.filter(position__gt=part.position).first()


def change_head(draft: Draft, head: Mapping[str, Any], by: User | None) -> bool:
    """Give the draft another title, summary or list of languages; whether anything changed."""
    if draft.head == head:
        return False
    with writing(draft):
        DraftChange.objects.create(draft=draft, place=HEAD, family=HEAD, by=by, before=draft.head, after=dict(head))
        draft.head = dict(head)
        draft.save(update_fields=["head"])
    return True


def change_changelog(draft: Draft, changelog: Mapping[str, str], by: User | None) -> bool:
    """Give the draft another changelog; whether it differs. Kept in the history under its own name."""
    if draft.changelog == changelog:
        return False
    with writing(draft):
        before, after = {CHANGELOG: draft.changelog}, {CHANGELOG: dict(changelog)}
        DraftChange.objects.create(draft=draft, place=CHANGELOG, family=CHANGELOG, by=by, before=before, after=after)
        draft.changelog = dict(changelog)
        draft.save(update_fields=["changelog"])
    return True


def restore(change: DraftChange, by: User | None) -> None:
    """Bring back what stood before ``change``: its contents, its place, or the whole part that was taken out.

    A part taken out comes back with the parts inside it that were taken out at the same time. Restoring is a
    change like another: it is kept, and can be undone. Raises ``DraftRefused`` when there is nothing to restore.
    """
    draft = change.draft
    if change.family == HEAD:
        change_head(draft, change.before or {}, by)
        return
    if change.family == CHANGELOG:
        change_changelog(draft, (change.before or {})[CHANGELOG], by)
        return
    owner = None
    if change.owner_key:
        family = next(name for name, (inner, _model) in INNER.items() if inner == change.family)
        owner = DraftPart.objects.filter(draft=draft, family=family, owner=None, key=change.owner_key).first()
        if owner is None:
            raise DraftRefused(_("Restore “%(key)s” first, it was taken out.") % {"key": change.owner_key})
    part = DraftPart.objects.filter(draft=draft, family=change.family, owner=owner, key=change.key).first()
    if change.before is None:
        raise DraftRefused(_("There was nothing before this change: take the part out instead."))
    if set(change.before) == {"position", "concern"}:
        if part is None:
            raise DraftRefused(_("This part was taken out of the draft meanwhile."))
        others = DraftPart.objects.filter(draft=draft, family=part.family, owner=owner).exclude(pk=part.pk)
        place_part(part, others[change.before["position"] :].first(), by, change.before["concern"])
    elif part is not None:
        change_part(part, change.before, by)
    else:
        with transaction.atomic():
            part = add_part(draft, change.family, change.key, change.before, by, owner)
            inside = DraftChange.objects.filter(
                draft=draft, owner_key=change.key, after__isnull=True, pk__lt=change.pk, at__gte=change.at - _SAME_ACT
            )
            for inner in inside.order_by("pk"):
                add_part(draft, inner.family, inner.key, inner.before or {}, by, part)
