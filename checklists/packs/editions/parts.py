"""A canonical document taken to pieces and put together again: what a draft stores as rows.

The families are read from the schema: a list of keyed parts added to ``Pack`` becomes a family of rows by itself,
a field added to a part travels in the part's body. Only lists inside a part have to be named here to become rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from checklists.packs.editions.schema import SCHEMA, Option, Pack, Part

INNER: Mapping[str, tuple[str, type[Part]]] = {"questions": ("options", Option)}
"""Families with a list of parts inside each part: the name of that list, and what it holds."""

IMPRINT = ("schema", "number", "published", "changelog")
"""What publishing adds; a draft does not hold it with its parts."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part. ``owner`` is the position, among the pieces, of the part it belongs to; ``None`` for a whole list's."""

    family: str
    key: str
    body: Mapping[str, Any]
    owner: int | None = None


def part_model(field: FieldInfo) -> type[Part] | None:
    """What a list of parts holds; ``None`` when the field is not such a list."""
    if get_origin(field.annotation) is not list:
        return None
    (inner,) = get_args(field.annotation)
    return inner if isinstance(inner, type) and issubclass(inner, Part) else None


FAMILIES: Mapping[str, type[Part]] = {
    name: model for name, field in Pack.model_fields.items() if (model := part_model(field))
}
"""Every list of parts of a pack, by name, in the order of the schema."""


def model_of(family: str) -> type[Part]:
    """The schema of one part of ``family``, an inner one included. Raises ``KeyError``."""
    inner = dict(INNER.values())
    return FAMILIES[family] if family in FAMILIES else inner[family]


def take_apart(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[Piece]]:
    """The head of the document, and its parts in order, each inner one after its owner."""
    head = {name: value for name, value in document.items() if name not in FAMILIES and name not in IMPRINT}
    return head, list(_pieces(document))


def _pieces(document: Mapping[str, Any]) -> Iterator[Piece]:
    count = 0
    for family in FAMILIES:
        inner_name = INNER[family][0] if family in INNER else ""
        for item in document.get(family, ()):
            own = count
            yield Piece(family, item.get("key", ""), _without(item, "key", inner_name))
            count += 1
            for inner in item.get(inner_name, ()):
                yield Piece(inner_name, inner["key"], _without(inner, "key"), own)
                count += 1


def _without(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def put_together(head: Mapping[str, Any], pieces: Iterable[Piece], imprint: Mapping[str, Any]) -> dict[str, Any]:
    """The document of which ``pieces`` are the parts, each list in the order given. The inverse of ``take_apart``."""
    document: dict[str, Any] = {"schema": SCHEMA, **head, **imprint, **{family: [] for family in FAMILIES}}
    items: list[dict[str, Any]] = []
    for piece in pieces:
        item = {"key": piece.key, **piece.body} if piece.key else dict(piece.body)
        if piece.family in INNER:
            item[INNER[piece.family][0]] = []
        items.append(item)
        siblings = document if piece.owner is None else items[piece.owner]
        siblings[piece.family].append(item)
    return document


def is_row(model: type[BaseModel], name: str) -> bool:
    """Whether the list ``name`` of a part of ``model`` is kept as rows of its own."""
    return any(FAMILIES[family] is model and inner == name for family, (inner, _) in INNER.items())
