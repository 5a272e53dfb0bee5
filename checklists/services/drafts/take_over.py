"""What the origin of a checklist became since it was copied, and taking parts of that over into a draft.

Three documents are held against each other: the edition that was copied, the newest one of the same checklist, and the
draft. A part that the origin changed and the draft did not can be taken as it is; one that both changed is told so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.core.editions.difference import PartChange, compare
from checklists.models import Draft, Edition, User
from checklists.packs.drafts.languages import in_languages
from checklists.packs.editions.parts import FAMILIES
from checklists.services.drafts.begin_checklist import origin_of
from checklists.services.drafts.import_pack import DraftMoved, carry_out, propose, standing_draft
from checklists.services.drafts.open_draft import DraftRefused

KEYLESS = tuple(name for name, model in FAMILIES.items() if "key" not in model.model_fields)
"""Families whose parts have no key: each is one part, whole."""
NAMES = {"concern": "concerns", "regime": "laws", "sources": "sources"}
"""Fields by which a part names others that it makes no sense without."""

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LaterPart:
    """A part that the origin changed. ``change`` leads from what the draft says to what the origin says now.

    ``place`` is its family and its key. ``is_both``: the draft changed it as well, and would lose its own.
    """

    place: str
    change: PartChange
    is_both: bool


@dataclass(frozen=True, slots=True)
class LaterOrigin:
    """``copied`` is the edition that was copied, ``newest`` the last one of its checklist, both without documents.

    ``ours`` and ``theirs`` are the draft and that last edition, in the draft's languages; ``taken`` counts the parts
    that say the same already. ``mark`` differs whenever the draft does.
    """

    copied: Edition
    newest: Edition
    ours: Item
    theirs: Item
    parts: tuple[LaterPart, ...]
    taken: int
    mark: str


def newer_origin(checklist: str) -> tuple[Edition, Edition] | None:
    """The edition that ``checklist`` was copied from and the newest of the same; ``None`` when there is no later one.

    Two queries.
    """
    copied = origin_of(checklist)
    if copied is None:
        return None
    newest = Edition.objects.defer("document").filter(checklist=copied.checklist).latest("number")
    return (copied, newest) if newest.number > copied.number else None


def read_later_origin(draft: Draft) -> LaterOrigin | None:
    """What the origin of ``draft`` changed since; ``None`` when nothing was published since.

    Raises ``DraftRefused`` when the draft is not being written.
    """
    pair = newer_origin(draft.checklist)
    if pair is None:
        return None
    standing = standing_draft(draft)
    ours = standing.document or {}
    languages = ours.get("languages", ())
    documents = dict(Edition.objects.filter(pk__in=[row.pk for row in pair]).values_list("pk", "document"))
    before, theirs = (in_languages(documents[row.pk], languages) for row in pair)
    changed = list(_changed(before, theirs))
    parts = []
    for family, key in changed:
        change = _between(family, key, _part(ours, family, key), _part(theirs, family, key))
        if change is not None:
            is_both = _part(ours, family, key) != _part(before, family, key)
            parts.append(LaterPart(_place(family, key), change, is_both))
    return LaterOrigin(*pair, ours, theirs, tuple(parts), len(changed) - len(parts), standing.mark)


def _place(family: str, key: str) -> str:
    return f"{family}/{key}" if key else family


def _changed(before: Item, after: Item) -> Iterator[tuple[str, str]]:
    """The family and the key of each part that is not the same in both; its place among the others does not count."""
    for change in compare(before, after):
        if change.family and (change.fields or change.inner or change.before is None or change.after is None):
            yield change.family, change.key
    for family in KEYLESS:
        if before.get(family, []) != after.get(family, []):
            yield family, ""


def _part(document: Item, family: str, key: str) -> Any:
    """The part, ``None`` where it is missing; of a family without keys, all of it."""
    listed = document.get(family, [])
    return next((item for item in listed if item["key"] == key), None) if key else listed


def _between(family: str, key: str, ours: Any, theirs: Any) -> PartChange | None:
    """From ``ours`` to ``theirs``; ``None`` where they are the same."""
    if ours == theirs:
        return None
    if not key:
        return next(iter(compare({family: ours}, {family: theirs})), None)
    old, new = ([item] if item is not None else [] for item in (ours, theirs))
    return next(iter(compare({family: old}, {family: new})), None)


@transaction.atomic
def take_over(draft: Draft, places: Collection[str], mark: str, by: User | None) -> int:
    """Have ``draft`` say of the parts at ``places`` what its origin says now; how many were taken.

    What a part cites and the draft lacks comes with it. Raises ``DraftMoved`` when the draft is no longer as ``mark``
    says, and ``DraftRefused`` when ``places`` names no part that differs.
    """
    later = read_later_origin(draft)
    chosen = {part.place: part for part in later.parts if part.place in places} if later else {}
    if later is None or later.mark != mark:
        raise DraftMoved
    if not chosen or len(chosen) != len(set(places)):
        raise DraftRefused(_("Tick one part or more of those listed."))
    document = {name: list(value) if name in FAMILIES else value for name, value in later.ours.items()}
    for part in chosen.values():
        family, _slash, key = part.place.partition("/")
        _take(document, later.theirs, family, key)
    carry_out(propose(standing_draft(draft), document), by)
    return len(chosen)


def _take(document: dict[str, Any], theirs: Item, family: str, key: str) -> None:
    """Put the part of ``theirs`` into ``document``, with what it cites; take it out where ``theirs`` has it no more."""
    if not key:
        document[family] = theirs.get(family, [])
        return
    item, listed = _part(theirs, family, key), document.setdefault(family, [])
    at = next((index for index, standing in enumerate(listed) if standing["key"] == key), None)
    if item is None:
        if at is not None:
            del listed[at]
        return
    if at is not None:
        listed[at] = item
    else:
        listed.insert(_after_its_neighbour(listed, theirs.get(family, ()), key), item)
    for other_family, other in _cited(item):
        if _part(document, other_family, other) is None and _part(theirs, other_family, other) is not None:
            _take(document, theirs, other_family, other)


def _after_its_neighbour(listed: list[Item], theirs: Any, key: str) -> int:
    """Where a new part goes: after the nearest one before it that both have; at the end where there is none."""
    keys = [item["key"] for item in theirs]
    standing = [item["key"] for item in listed]
    before = [other for other in keys[: keys.index(key)] if other in standing]
    return standing.index(before[-1]) + 1 if before else len(listed)


def _cited(item: Item) -> Iterator[tuple[str, str]]:
    for holder in (item, *item.get("options", ())):
        for name, family in NAMES.items():
            named = holder.get(name) or []
            for key in [named] if isinstance(named, str) else named:
                yield family, key
