"""A pack written as YAML and read again is the same pack, and editors know its form."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings

from checklists.core.editions.edition import fingerprint
from checklists.packs.editions.reader import read_pack
from checklists.packs.editions.schema import Pack
from checklists.packs.editions.settled import settle, tidy
from checklists.packs.editions.writer import write_document, write_pack
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS, shipped_framework, shipped_pack
from checklists.packs.json_schema import PUBLISHED, schema_text
from tests.packs.generated import PACKS
from tests.profiles import examples

FLAGSHIP = read_pack(shipped_pack("cnil-hosting"))


def schema(name: str) -> dict[str, Any]:
    return json.loads(schema_text(name))


def test_the_flagship_is_the_same_after_a_round_trip() -> None:
    raw = write_pack(FLAGSHIP, ["one line"])
    again = read_pack(raw)
    assert fingerprint(again.to_document()) == fingerprint(FLAGSHIP.to_document())
    assert write_pack(again, ["one line"]) == raw


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(PACKS)
def test_any_pack_is_the_same_after_a_round_trip(written: dict[str, Any]) -> None:
    document = Pack.model_validate(written).to_document()
    assert settle(written) == document
    assert settle(tidy(written)) == document
    raw = write_document(document)
    read = read_yaml(raw)[0]
    assert Pack.model_validate(read).to_document() == document
    assert write_document(read) == raw
    # What any other YAML reader would make of it, words like "no" and dates included.
    assert yaml.safe_load(raw) == read


def test_long_texts_are_blocks_of_a_readable_width() -> None:
    raw = write_pack(FLAGSHIP).decode()
    assert "    La grille reprend les points" in raw
    assert max(len(line) for line in raw.splitlines() if "http" not in line) <= 130


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_schema_is_that_of_the_model(name: str) -> None:
    out = StringIO()
    call_command("packschema", name, stdout=out)
    assert Path(f"docs/schemas/{name}.json").read_text() == out.getvalue(), f"run manage.py packschema {name}"
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_schema_explains_every_field(name: str) -> None:
    published = schema(name)
    parts = {**published["$defs"], name: published}
    unexplained = [
        f"{part}.{field}"
        for part, shape in parts.items()
        for field, value in shape.get("properties", {}).items()
        if not value.get("description")
    ]
    assert unexplained == []
    assert [part for part, shape in parts.items() if not shape.get("description")] == []


def test_the_schema_takes_the_shipped_packs_and_refuses_a_slip_of_the_pen() -> None:
    checklist = jsonschema.Draft202012Validator(schema("checklist-1"))
    document = read_yaml(shipped_pack("cnil-hosting"))[0]
    assert list(checklist.iter_errors(document)) == []
    document["gates"][0]["celing"] = "acceptable"
    document["gates"][1]["when"] = {"is": {"a": "b"}, "in": {"a": ["b"]}}
    document["questions"][0]["text"]["french"] = "Quoi ?"
    assert len(list(checklist.iter_errors(document))) == 3
    framework = jsonschema.Draft202012Validator(schema("framework-1"))
    for key in SHIPPED_FRAMEWORKS:
        restated = read_yaml(shipped_framework(key))[0]
        assert list(framework.iter_errors(restated)) == [], key
        restated.pop("like", None)
    assert list(framework.iter_errors(restated)), "without 'like', a framework says everything itself"


@pytest.mark.parametrize("name", PUBLISHED)
def test_anybody_reads_the_schema_at_the_address_that_exports_name(db: None, client: Client, name: str) -> None:
    response = client.get(f"/schemas/{name}.json")
    assert response.content.decode() == schema_text(name)
    assert response["Content-Type"] == "application/schema+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get("/schemas/checklist-9.json").status_code == 404
