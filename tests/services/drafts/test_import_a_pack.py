"""A checklist leaves as a file and comes back into a draft: the same, or changed entry by entry."""

from __future__ import annotations

import copy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from pytest_django import DjangoAssertNumQueries

from checklists.core.editions.edition import fingerprint
from checklists.models import Draft, DraftChange, Edition, User
from checklists.packs.drafts.incoming import read_incoming
from checklists.packs.editions.reader import read_pack
from checklists.packs.editions.settled import settle
from checklists.packs.editions.writer import write_document
from checklists.packs.files.problems import PackError
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.edit_draft import change_changelog, change_part, restore
from checklists.services.drafts.export_pack import export_draft, export_edition
from checklists.services.drafts.import_pack import DraftMoved, carry_out, propose, standing_draft, what_stands
from checklists.services.drafts.open_draft import DraftRefused, begin_draft, open_draft
from checklists.services.drafts.publish_draft import drop_draft
from tests.packs.generated import PACKS, without_twins
from tests.profiles import examples


@pytest.fixture
def draft(edition: Edition, officer: User) -> Draft:
    return open_draft("cnil-hosting", edition, officer)


def now(draft: Draft) -> dict[str, Any]:
    draft.refresh_from_db()
    return settle(draft_document(draft, next_imprint(draft)))


def bring_in(raw: bytes, by: User | None = None) -> Draft:
    document = read_incoming(raw).document
    return carry_out(propose(what_stands(document["key"]), document), by)


def item(document: dict[str, Any], family: str, key: str) -> dict[str, Any]:
    return next(item for item in document[family] if item["key"] == key)


def test_an_edition_leaves_and_comes_back_with_its_fingerprint(edition: Edition) -> None:
    raw = export_edition(edition)
    assert f"# sha256 {edition.sha256}\n" in raw.decode()
    assert fingerprint(read_pack(raw).to_document()) == edition.sha256


def test_the_export_of_a_draft_goes_into_a_new_draft_and_leaves_the_same_bytes(draft: Draft, edition: Edition) -> None:
    change_changelog(draft, {"fr": "Un registre.", "en": "A register."}, None)
    question = draft.parts.get(family="questions", key="key_holder")
    change_part(question, {**question.body, "weight": 9}, None)
    raw = export_draft(draft)
    assert f"draft of edition {edition.number + 1}".encode() in raw
    drop_draft(draft)
    again = bring_in(raw)
    assert again.pk != draft.pk
    assert export_draft(again) == raw


def test_a_file_that_says_the_same_changes_nothing(draft: Draft, edition: Edition) -> None:
    bring_in(export_draft(draft))
    bring_in(export_edition(edition))
    assert not draft.changes.exists()


def test_a_draft_of_another_instance_begins_a_new_checklist(db: None, draft: Draft) -> None:
    raw = export_draft(draft).replace(b"\nkey: cnil-hosting\n", b"\nkey: our-own\n")
    begun = bring_in(raw)
    assert (begun.checklist, begun.base, begun.changes.count()) == ("our-own", None, 0)
    assert {**now(begun), "key": "", "number": 0} == {**now(draft), "key": "", "number": 0}


def test_each_part_that_changes_is_an_entry_of_the_history_and_is_restored_alone(draft: Draft, officer: User) -> None:
    before = now(draft)
    document = copy.deepcopy(before)
    item(document, "questions", "key_holder")["text"]["en"] = "Who has the keys?"
    item(document, "gates", document["gates"][0]["key"])["ceiling"] = "acceptable"
    item(document, "questions", "exit_plan")["options"].reverse()
    document["thresholds"][0]["below"] = 11
    document["title"]["en"] = "Another title"
    bring_in(write_document(document), officer)
    assert now(draft) == document
    assert set(draft.changes.values_list("by", flat=True)) == {officer.pk}
    kept = draft.changes.get(place="questions/key_holder")
    assert kept.before["text"]["en"] == item(before, "questions", "key_holder")["text"]["en"]
    assert kept.after["text"]["en"] == "Who has the keys?"
    for change in list(draft.changes.all()):
        restore(change, officer)
    assert now(draft) == before


def test_parts_taken_out_and_put_in_by_a_file(draft: Draft, officer: User) -> None:
    document = now(draft)
    gone = item(document, "questions", "exit_plan")
    document["questions"].remove(gone)
    fresh = {**copy.deepcopy(gone), "key": "way_out"}
    document["questions"].insert(3, fresh)
    fresh["options"] = fresh["options"][::-1]
    bring_in(write_document(document), officer)
    assert now(draft) == document
    restore(draft.changes.get(place="questions/exit_plan"), officer)
    assert item(now(draft), "questions", "exit_plan") == gone
    assert not draft.changes.filter(after__position__isnull=False).exists(), "nothing else moved"


def test_the_fewest_moves_are_kept_when_the_order_differs(draft: Draft) -> None:
    document = now(draft)
    document["sources"].append(document["sources"].pop(2))
    bring_in(write_document(document))
    moved = draft.changes.get()
    assert (moved.key, moved.before["position"]) == (document["sources"][-1]["key"], 2)
    restore(moved, None)
    assert now(draft)["sources"][2]["key"] == moved.key


def test_a_changelog_speaks_of_its_own_number(draft: Draft, edition: Edition) -> None:
    bring_in(export_edition(edition))
    draft.refresh_from_db()
    assert draft.changelog == {}
    numbers = (f"\nnumber: {number}\n".encode() for number in (edition.number, edition.number + 1))
    bring_in(export_edition(edition).replace(*numbers))
    draft.refresh_from_db()
    assert draft.changelog == edition.document["changelog"]
    restore(draft.changes.get(), None)
    draft.refresh_from_db()
    assert draft.changelog == {}


def test_what_changed_since_the_proposal_is_never_overwritten(draft: Draft, edition: Edition, officer: User) -> None:
    document = now(draft)
    document["title"]["en"] = "Another title"
    proposal = propose(standing_draft(draft), document)
    question = draft.parts.get(family="questions", key="key_holder")
    change_part(question, {**question.body, "weight": 9}, officer)
    with pytest.raises(DraftMoved):
        carry_out(proposal, officer)
    assert draft.changes.count() == 1
    Draft.objects.update(state=Draft.State.SUBMITTED)
    with pytest.raises(DraftRefused):
        what_stands("cnil-hosting")


def test_nothing_is_half_written(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    before = export_draft(draft)
    document = now(draft)
    document["title"]["en"] = "Another title"
    document["questions"].pop()
    proposal = propose(standing_draft(draft), document)

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(DraftChange.objects.__class__, "bulk_create", fails)
    with pytest.raises(RuntimeError):
        carry_out(proposal, None)
    draft.refresh_from_db()
    assert export_draft(draft) == before


def test_a_whole_checklist_rewritten_asks_few_queries(
    draft: Draft, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    document = now(draft)
    for family in ("questions", "gates", "sources", "laws"):
        for part in document[family]:
            part[next(name for name in ("text", "title") if name in part)]["en"] = "Rewritten"
        document[family].reverse()
    proposal = propose(standing_draft(draft), document)
    with django_assert_max_num_queries(40):
        carry_out(proposal, None)
    assert now(draft) == document


@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(PACKS, PACKS)
def test_any_draft_becomes_any_other(db: None, first: dict[str, Any], second: dict[str, Any]) -> None:
    first, second = (without_twins(settle({**document, "key": "any"})) for document in (first, second))
    Draft.objects.all().delete()
    draft = begin_draft(read_incoming(write_document(first)).document)
    raw = write_document(second)
    bring_in(raw)
    draft.refresh_from_db()
    own = {name: value for name, value in second.items() if name not in ("number", "published", "changelog")}
    assert {name: now(draft)[name] for name in own} == own
    left = export_draft(draft)
    drop_draft(draft)
    assert export_draft(bring_in(left)) == left


def test_an_unfinished_draft_leaves_and_comes_back_a_malformed_file_does_not(draft: Draft) -> None:
    question = draft.parts.get(family="questions", key="key_holder")
    change_part(question, {"concern": "keys"}, None)
    raw = export_draft(draft)
    with pytest.raises(PackError):
        read_pack(raw)
    drop_draft(draft)
    assert export_draft(bring_in(raw)) == raw
    with pytest.raises(PackError) as caught:
        read_incoming(raw.replace(b"  concern: keys\n", b"  concern: [keys]\n  wieght: 3\n", 1))
    assert [problem.line for problem in caught.value.problems] != [None, None]
    assert {problem.message for problem in caught.value.problems} == {"a text is expected", "unknown field"}


def test_export_from_the_command_line(draft: Draft, edition: Edition, tmp_path: Path) -> None:
    out = StringIO()
    call_command("exportpack", stdout=out)
    assert out.getvalue().encode() == export_edition(edition)
    file = tmp_path / "draft.yaml"
    call_command("exportpack", "cnil-hosting", draft=True, output=file)
    assert file.read_bytes() == export_draft(draft)
    call_command("exportpack", number=edition.number, output=file)
    call_command("loadpack", str(file), stdout=out)
    assert "already published" in out.getvalue()
    for wrong in ({"number": 9}, {"output": tmp_path / "nowhere" / "file"}):
        with pytest.raises(CommandError):
            call_command("exportpack", **wrong)
    with pytest.raises(CommandError, match="no draft"):
        call_command("exportpack", "another", draft=True)
