"""The canonical form of a document that may be unfinished, and its shortest form.

For a whole pack the first is ``Pack.to_document``; a draft lacks fields, which a model refuses and this leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from checklists.packs.editions.parts import part_model
from checklists.packs.editions.schema import Pack


def settle(document: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` with every default written out and every value as the schema keeps it, fields in its order.

    Texts are in the order of the document's languages: a database may keep another. What the schema refuses or does
    not know stays as it is: nothing is lost, nothing is raised.
    """
    settled = _settled(Pack, document)
    languages = settled.get("languages")
    return _in_order(settled, [str(each) for each in languages]) if isinstance(languages, list) else settled


def _in_order(value: Any, languages: list[str]) -> Any:
    if isinstance(value, list):
        return [_in_order(each, languages) for each in value]
    if not isinstance(value, dict):
        return value
    names = [name for name in languages if name in value] if value.keys() <= set(languages) else value
    return {name: _in_order(value[name], languages) for name in names}


def tidy(document: Mapping[str, Any]) -> dict[str, Any]:
    """The settled ``document`` without what the schema says by itself; settling it again gives the same."""
    return _tidied(Pack, settle(document))


def _settled(model: type[BaseModel], item: Mapping[str, Any]) -> dict[str, Any]:
    settled: dict[str, Any] = {}
    known: set[str] = set()
    for name, field in model.model_fields.items():
        alias = field.alias or name
        written = alias if alias in item else name
        known |= {alias, name}
        value = item.get(written)
        if value is None:
            value = None if field.is_required() else field.get_default(call_default_factory=True)
        elif inner := part_model(field):
            value = _each(_settled, inner, value)
        else:
            value = _as_kept(model, name, value)
        if value is not None:
            settled[alias] = value
    return settled | {name: value for name, value in item.items() if name not in known}


def _tidied(model: type[BaseModel], item: Mapping[str, Any]) -> dict[str, Any]:
    tidied = dict(item)
    for name, field in model.model_fields.items():
        alias = field.alias or name
        if alias not in tidied:
            continue
        if not field.is_required() and tidied[alias] == field.get_default(call_default_factory=True):
            del tidied[alias]
        elif inner := part_model(field):
            tidied[alias] = _each(_tidied, inner, tidied[alias])
    return tidied


def _each(form: Any, model: type[BaseModel], items: Any) -> Any:
    if not isinstance(items, list):
        return items
    return [form(model, item) if isinstance(item, Mapping) else item for item in items]


def _as_kept(model: type[BaseModel], name: str, value: Any) -> Any:
    adapter = _adapter(model, name)
    try:
        return adapter.dump_python(adapter.validate_python(value), mode="json", by_alias=True, exclude_none=True)
    except ValidationError:
        return value


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(kind)
