"""What differs between two documents, told part by part and field by field."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checklists.core.editions.difference import compare
from tests.flagship import pack

DOCUMENT: dict[str, Any] = pack().to_document()


def changed() -> dict[str, Any]:
    return copy.deepcopy(DOCUMENT)


def test_a_document_does_not_differ_from_itself() -> None:
    assert compare(DOCUMENT, changed()) == ()


def test_a_question_added_and_one_taken_out() -> None:
    after = changed()
    gone = after["questions"].pop(3)
    after["questions"].append(gone | {"key": "brand_new"})
    kinds = {(c.key, c.before is None, c.after is None) for c in compare(DOCUMENT, after)}
    assert kinds == {("brand_new", True, False), (gone["key"], False, True)}


def test_a_level_changed_is_told_inside_its_question() -> None:
    after = changed()
    question = next(q for q in after["questions"] if q["key"] == "key_holder")
    question["options"][0]["level"] = 1
    (change,) = compare(DOCUMENT, after)
    (inner,) = change.inner
    assert (change.key, inner.family, inner.key) == ("key_holder", "options", question["options"][0]["key"])
    assert [(f.name, f.before, f.after) for f in inner.fields] == [("level", 0, 1)]


def test_only_the_part_that_was_moved_is_said_to_have_moved() -> None:
    after = changed()
    after["gates"].insert(0, after["gates"].pop())
    (change,) = compare(DOCUMENT, after)
    assert change.is_moved
    assert change.key == DOCUMENT["gates"][-1]["key"]


@given(st.permutations(range(6)))
def test_moves_told_are_the_fewest_that_explain_the_order(order: list[int]) -> None:
    before = {"gates": [{"key": str(n)} for n in range(6)]}
    moved = {c.key for c in compare(before, {"gates": [{"key": str(n)} for n in order]})}
    kept = [n for n in order if str(n) not in moved]
    assert kept == sorted(kept)
    assert not moved or len(moved) < 6
