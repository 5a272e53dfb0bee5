"""Later editions of the checklist one copied: compared with the draft, and taken over part by part."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import Draft, User
from checklists.services.drafts.begin_checklist import Naming, begin_from_edition
from checklists.services.drafts.edit_draft import change_part
from checklists.services.drafts.import_pack import standing_draft
from checklists.services.drafts.take_over import read_later_origin
from tests.admin.conftest import part
from tests.admin.drafts.test_write_a_checklist import at
from tests.grid import grid, publish_grid


@pytest.fixture
def copied(editor: User) -> Draft:
    """A copy of the grid's first edition; its second one changes a gate, a question, the thresholds and adds a law."""
    first = publish_grid()
    draft = begin_from_edition(first, Naming("la-notre", {"fr": "La nôtre"}, ["fr"]), editor)
    later = grid(2, published="2026-02-01")
    later["gates"][0]["finding"] = {"fr": "Prix non conforme."}
    later["questions"][2]["weight"] = 7
    later["thresholds"] = later["thresholds"][:1]
    later["sources"].append({**later["sources"][0], "key": "decree", "title": {"fr": "Décret"}})
    later["requirements"].append(
        {"key": "large", "when": {"is": {"large": "yes"}}, "least": "acceptable", "text": {"fr": "Grand marché."},
         "sources": ["decree"]}
    )  # fmt: skip
    rest = {name: later[name] for name in ("gates", "questions", "thresholds", "sources", "requirements", "published")}
    publish_grid(2, **rest)
    return draft


def test_each_part_is_told_and_those_ticked_come_in_as_one_change(bench: Client, copied: Draft, editor: User) -> None:
    gate = part(copied, "gates", "price")
    change_part(gate, gate.body | {"advice": {"fr": "Autre conseil."}}, editor)
    page = bench.get(at(copied, "change")).content.decode()
    address = at(copied, "origin")
    assert address in page
    later = bench.get(address).context["later"]
    both = {each.place: each.is_both for each in later.parts}
    assert both == {"gates/price": True, "questions/price_1": False, "thresholds": False, "sources/decree": False,
                    "requirements/large": False}  # fmt: skip
    before = standing_draft(copied).document
    sent = {"mark": later.mark, "part": ["questions/price_1", "thresholds", "requirements/large"]}
    assert bench.post(address, sent).status_code == 302
    copied.refresh_from_db()
    assert part(copied, "questions", "price_1").body["weight"] == 7
    assert copied.parts.filter(family="thresholds").count() == 1
    assert part(copied, "sources", "decree")
    left = read_later_origin(copied)
    assert left is not None
    assert [each.place for each in left.parts] == ["gates/price"]
    assert left.taken == 4
    bench.post(at(copied, "undo"))
    copied.refresh_from_db()
    after = standing_draft(copied).document
    assert before is not None and after is not None
    for family in ("questions", "thresholds", "requirements", "sources"):
        assert sorted(map(str, after[family])) == sorted(map(str, before[family]))


def test_what_cannot_be_taken_is_refused(bench: Client, copied: Draft, editor: User) -> None:
    address = at(copied, "origin")
    mark = bench.get(address).context["later"].mark
    for parts in ([], ["gates/none"], ["gates/price", "x"]):
        assert bench.post(address, {"mark": mark, "part": parts}).status_code == 422
    gate = part(copied, "gates", "price")
    change_part(gate, gate.body | {"ceiling": "conditional"}, editor)
    assert bench.post(address, {"mark": mark, "part": ["thresholds"]}).status_code == 422
    assert copied.parts.filter(family="thresholds").count() == 2


def test_a_draft_without_a_later_origin_has_no_such_page(bench: Client, draft: Draft) -> None:
    assert bench.get(at(draft, "origin")).status_code == 404
    assert (
        reverse("admin:checklists_draft_origin", args=[draft.pk]) not in bench.get(at(draft, "change")).content.decode()
    )
