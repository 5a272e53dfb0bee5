"""What differs between two documents of a checklist: parts added, taken out, moved or changed, field by field."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part that differs. ``before`` is ``None`` when it is new, ``after`` when it was taken out.

    ``inner`` holds the changes of the keyed parts inside it (a question's options); ``is_moved`` says that it
    changed its place among those that are in both.
    """

    family: str
    key: str
    before: Item | None
    after: Item | None
    fields: tuple[FieldChange, ...]
    inner: tuple[PartChange, ...]
    is_moved: bool


def compare(before: Item, after: Item) -> tuple[PartChange, ...]:
    """Every part that differs, family by family; the head and what has no key as one part named ''."""
    families = [name for name in {**before, **after} if _is_family(before.get(name)) or _is_family(after.get(name))]
    head = _fields(before, after, skip=(*families, "schema", "number", "published", "changelog"))
    changes = [PartChange("", "", before, after, head, (), False)] if head else []
    for family in families:
        changes += _compare_lists(family, before.get(family, ()), after.get(family, ()))
    return tuple(changes)


def _is_family(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) and "key" in item for item in value)
    )


def _compare_lists(family: str, before: Sequence[Item], after: Sequence[Item]) -> Iterator[PartChange]:
    old, new = {item["key"]: item for item in before}, {item["key"]: item for item in after}
    out_of_place = moved([key for key in old if key in new], [key for key in new if key in old])
    for key in [*new, *(key for key in old if key not in new)]:
        change = _compare_items(family, key, old.get(key), new.get(key), key in out_of_place)
        if change.before is None or change.after is None or change.fields or change.inner or change.is_moved:
            yield change


def _compare_items(family: str, key: str, old: Item | None, new: Item | None, is_moved: bool) -> PartChange:
    if old is None or new is None:
        return PartChange(family, key, old, new, (), (), False)
    lists = [name for name in {**old, **new} if _is_family(old.get(name)) or _is_family(new.get(name))]
    inner = [change for name in lists for change in _compare_lists(name, old.get(name, ()), new.get(name, ()))]
    return PartChange(family, key, old, new, _fields(old, new, skip=("key", *lists)), tuple(inner), is_moved)


def _fields(before: Item, after: Item, skip: Sequence[str]) -> tuple[FieldChange, ...]:
    names = [name for name in {**before, **after} if name not in skip]
    return tuple(
        FieldChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def moved(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The fewest keys that changed place, of two orders of the same keys: those outside the longest run that kept
    its order."""
    rank = {key: index for index, key in enumerate(old)}
    ends: list[int] = []  # ends[n]: where the run of n + 1 keys that ends lowest has its last key
    previous: list[int] = []
    for here, key in enumerate(new):
        at = bisect_left(ends, rank[key], key=lambda index: rank[new[index]])
        previous.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [here]
    kept: set[str] = set()
    here = ends[-1] if ends else -1
    while here >= 0:
        kept.add(new[here])
        here = previous[here]
    return frozenset(new) - kept
