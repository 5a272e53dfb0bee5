"""What has no key differs as one part without a name; what every edition changes is no difference."""

from __future__ import annotations

import pytest

from checklists.core.editions.difference import compare

DOCUMENT = {"schema": "a/1", "number": 1, "published": "2026-01-01", "changelog": "one", "title": {"en": "Old"}}


@pytest.mark.parametrize("field", ["schema", "number", "published", "changelog"])
def test_what_every_edition_changes_is_no_difference(field: str) -> None:
    assert compare(DOCUMENT, DOCUMENT | {field: "another"}) == ()


def test_a_title_that_changes_is_one_part_without_a_name() -> None:
    after = DOCUMENT | {"title": {"en": "New"}}
    (change,) = compare(DOCUMENT, after)
    assert (change.family, change.key, change.before, change.after) == ("", "", DOCUMENT, after)
    assert len(change.fields) == 1
    assert (change.inner, change.is_moved) == ((), False)
