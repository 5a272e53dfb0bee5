"""The JSON Schemas of packs, for the editors of those who write them: they complete, and explain each field.

Made from the models that read packs, so they cannot say anything else. Published in ``docs/schemas`` and by the
product; ``manage.py packschema`` prints them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from checklists.core.evidence import Strength
from checklists.packs.editions.schema import Pack
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS
from checklists.packs.frameworks.schema import FrameworkPack
from checklists.packs.profiles.schema import Profile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LANGUAGE = "^[a-z]{2}(-[a-z]{2,4})?$"


def _one_pair(description: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": value,
    }


_TERMS = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}}
_CONDITION: dict[str, Any] = {
    "title": "Condition",
    "description": "A condition over questions and derived facts: one operator, and what it takes.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
    "properties": {
        "is": _one_pair("The answer to the question is this option: {is: {question: option}}.", {"type": "string"}),
        "in": _one_pair(
            "The answer is one of these options: {in: {question: [option, option]}}.",
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
        ),
        "at_least": _one_pair(
            "The answer has this level, or the derived number this value, or more: {at_least: {question: 3}}.",
            {"type": "integer"},
        ),
        "evidence_at_least": _one_pair(
            "Valid evidence of this strength, or more, carries the answer: {evidence_at_least: {question: document}}.",
            {"enum": [strength.key for strength in Strength]},
        ),
        "not": {"$ref": "#/$defs/Condition", "description": "The condition under it does not hold."},
        "all": {**_TERMS, "description": "Every one of these conditions holds."},
        "any": {**_TERMS, "description": "One at least of these conditions holds."},
    },
}
_TEXT: dict[str, Any] = {
    "title": "Text",
    "description": "A sentence in each language of the pack, by the language's code.",
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "patternProperties": {LANGUAGE: {"type": "string", "minLength": 1, "maxLength": 4000}},
}


def checklist_schema() -> dict[str, Any]:
    """The JSON Schema of a checklist's pack."""
    return _published(Pack, "A checklist of Porte-clés")


def framework_schema() -> dict[str, Any]:
    """The JSON Schema of a framework's pack; one that begins with ``like`` restates what differs only."""
    schema = _published(FrameworkPack, "A framework of Porte-clés")
    schema["properties"]["like"] = {
        "description": "A shipped framework that this one restates: what is not written here is taken from it, "
        "objectives of the same key included.",
        "enum": list(SHIPPED_FRAMEWORKS),
    }
    # Whole, an objective needs all its fields; restated, its key.
    objective = schema["$defs"]["Objective"]
    needed = objective.pop("required")
    objective["required"] = ["key"]
    schema["if"] = {"required": ["like"]}
    schema["then"] = {"required": ["schema", "key", "number", "published"]}
    schema["else"] = {
        "required": schema.pop("required"),
        "properties": {"objectives": {"items": {"required": needed}}},
    }
    return schema


def profile_schema() -> dict[str, Any]:
    """The JSON Schema of a profile of a service."""
    schema = _published(Profile, "A profile of a service for Porte-clés")
    del schema["$defs"]["Condition"]
    return schema


PUBLISHED = {"checklist-1": checklist_schema, "framework-1": framework_schema, "profile-1": profile_schema}
"""The schemas by the name of their file."""


def schema_text(name: str) -> str:
    """The schema ``name`` of :data:`PUBLISHED` as its file holds it. Raises ``KeyError``."""
    return json.dumps(PUBLISHED[name](), indent=2, ensure_ascii=False) + "\n"


def _published(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    # Conditions and texts are the same everywhere: said once, and referred to.
    for part in _objects(schema):
        for name, value in part.get("properties", {}).items():
            part["properties"][name] = _referred(value)
    schema.setdefault("$defs", {}).update(Condition=_CONDITION, Text=_TEXT)
    return {"$schema": DIALECT, **schema, "title": title}


def _objects(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema  # type: ignore[misc]
    yield from schema.get("$defs", {}).values()


def _referred(value: dict[str, Any]) -> dict[str, Any]:
    """``value`` without the ``null`` no pack writes, and by reference where it is a text or a condition."""
    kept = {name: item for name, item in value.items() if name in ("title", "description", "default")}
    arms = [arm for arm in value.get("anyOf", ()) if arm.get("type") != "null"]
    if len(arms) == 1:
        kept.pop("default", None)
        return _referred({**arms[0], **kept})
    if value.get("additionalProperties") is True:
        return {**kept, "$ref": "#/$defs/Condition"}
    if LANGUAGE in value.get("patternProperties", {}):
        return {**kept, "$ref": "#/$defs/Text"}
    if value.get("propertyNames") and LANGUAGE in value.get("additionalProperties", {}).get("patternProperties", {}):
        return {**value, "additionalProperties": {"$ref": "#/$defs/Text"}}
    return value
