"""A framework that cannot be published is refused with the place and the remedy."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from checklists.core.editions.edition import Edition
from checklists.packs.files.problems import PackError
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS, shipped_framework
from checklists.packs.frameworks.reader import read_framework

Document = dict[str, Any]


def broken(flagship: Edition, key: str, change: Callable[[Document], None]) -> str:
    document = copy.deepcopy(yaml.load(shipped_framework(key), yaml.BaseLoader))
    change(document)
    raw = yaml.safe_dump(document, allow_unicode=True).encode()
    # Everything was read as text: numbers and truths are written bare again.
    raw = b"\n".join(_bare(line) for line in raw.splitlines())
    with pytest.raises(PackError) as caught:
        read_framework(raw, flagship)
    assert all(problem.place and problem.message and problem.remedy for problem in caught.value.problems)
    return str(caught.value)


def _bare(line: bytes) -> bytes:
    name, _, value = line.partition(b": ")
    is_bare = name.strip(b" -") in {b"number", b"points", b"seal", b"weight", b"scale", b"suffices",
                                    b"may_be_left_out", b"verify"}  # fmt: skip
    return name + b": " + value.replace(b"'", b"") if is_bare else line


def rule(document: Document, key: str) -> Document:
    return next(item for item in document["rules"] if item["key"] == key)


@pytest.mark.parametrize("key", SHIPPED_FRAMEWORKS)
def test_the_shipped_ones_are_not(flagship: Edition, key: str) -> None:
    pack = read_framework(shipped_framework(key), flagship)
    assert pack.key == key
    assert read_framework(yaml.safe_dump(pack.model_dump(by_alias=True, mode="json", exclude_defaults=True),
                                         allow_unicode=True).encode(), flagship) == pack  # fmt: skip


def test_an_unknown_question(flagship: Edition) -> None:
    refusal = broken(flagship, "hds-2", lambda d: rule(d, "storage").update(met={"is": {"nowhere": "eu"}}))
    assert "rules/storage/met: 'nowhere' is not a question or a derived fact" in refusal


def test_an_unknown_option(flagship: Edition) -> None:
    refusal = broken(flagship, "hds-2", lambda d: rule(d, "storage").update(met={"is": {"storage_location": "moon"}}))
    assert "'storage_location' has no option 'moon'. Use one of:" in refusal


def test_an_option_without_a_worth(flagship: Edition) -> None:
    def drop(document: Document) -> None:
        criteria = document["objectives"][1]["criteria"]
        next(item for item in criteria if item["question"] == "us_law_reach")["worth"].pop()

    assert "the option 'none' has no worth" in broken(flagship, "eu-csf-2025-10", drop)


def test_a_missing_language(flagship: Edition) -> None:
    refusal = broken(flagship, "edpb-01-2020", lambda d: rule(d, "case-6")["title"].pop("fr"))
    assert "rules/case-6/title: the text has no 'fr'" in refusal


def test_an_outcome_without_words(flagship: Edition) -> None:
    assert "outcomes/not_met: this outcome has no words" in broken(
        flagship, "hds-2", lambda d: d["outcomes"].pop("not_met")
    )


def test_a_key_used_twice(flagship: Edition) -> None:
    refusal = broken(flagship, "hds-2", lambda d: d["rules"].append(copy.deepcopy(d["rules"][0])))
    assert "the key 'storage' is used 2 times" in refusal


def test_a_weight_out_of_bounds(flagship: Edition) -> None:
    refusal = broken(flagship, "eu-csf-2025-10", lambda d: d["objectives"][0].update(weight="0"))
    assert "objectives/sov-1/weight" in refusal


def test_a_weight_without_its_source(flagship: Edition) -> None:
    refusal = broken(flagship, "eu-csf-2025-10", lambda d: d["objectives"][0].update(weight_sources=["hearsay"]))
    assert "objectives/sov-1/weight_sources: the source 'hearsay' does not exist" in refusal


def test_a_question_the_checklist_asks_already(flagship: Edition) -> None:
    refusal = broken(flagship, "hds-2", lambda d: d["questions"][0].update(key="key_holder"))
    assert "questions/key_holder: the checklist asks this already" in refusal


def test_a_question_nobody_reads(flagship: Edition) -> None:
    refusal = broken(flagship, "hds-2", lambda d: rule(d, "transfer-map").update(met={"is": {"transfers": "none"}}))
    assert "questions/transfer_map: no requirement reads its answer" in refusal


def test_a_framework_like_one_that_does_not_exist(flagship: Edition) -> None:
    refusal = broken(flagship, "eu-csf-2026-06", lambda d: d.update(like="nothing"))
    assert "like: there is no framework 'nothing'" in refusal
