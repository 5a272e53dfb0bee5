"""Reading a framework keeps everything that its document says."""

from __future__ import annotations

import pytest

from checklists.core.frameworks.framework import Framework
from tests.core.made_frameworks import PACKS


@pytest.mark.parametrize("key", PACKS)
def test_every_part_of_the_document_is_read(key: str) -> None:
    document = PACKS[key].to_document()
    read = Framework.from_document(document)
    assert (read.key, read.number, read.checklist) == (key, document["number"], document["checklist"])
    assert [objective.key for objective in read.objectives] == [item["key"] for item in document["objectives"]]
    assert read.seals == tuple((item["label"], item["meaning"]) for item in document["seals"])
    assert [rule.sources for rule in read.rules] == [tuple(item["sources"]) for item in document["rules"]]
    assert [rule.outside for rule in read.rules] == [item.get("outside") for item in document["rules"]]
    assert set(read.chapters) == {item["key"] for item in document["chapters"]}
    assert set(read.questions) == {item["key"] for item in document["questions"]}


@pytest.mark.parametrize("key", PACKS)
def test_a_condition_is_read_where_one_is_written_and_only_there(key: str) -> None:
    document = PACKS[key].to_document()
    read = Framework.from_document(document)
    for field in ("concerned", "met"):
        assert [getattr(rule, field) is None for rule in read.rules] == [not r.get(field) for r in document["rules"]]
    assert (read.concerned is None) is not bool(document.get("concerned"))


@pytest.mark.parametrize("key", PACKS)
def test_what_a_criterion_is_worth_names_its_options(key: str) -> None:
    document = PACKS[key].to_document()
    read = Framework.from_document(document)
    written = [step for item in document["objectives"] for criterion in item["criteria"] for step in criterion["worth"]]
    worths = [worth for objective in read.objectives for criterion in objective.criteria for worth in criterion.worth]
    expected = [frozenset(step["options"]) if step.get("options") else None for step in written]
    assert [worth.options for worth in worths] == expected
