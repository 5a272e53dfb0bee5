"""Parts added, changed, moved, taken out and restored; every change kept."""

from __future__ import annotations

import pytest

from checklists.models import Draft, DraftPart, Edition, User
from checklists.services.drafts.compile_draft import compile_draft
from checklists.services.drafts.edit_draft import (
    PartIsStale,
    add_part,
    change_head,
    change_part,
    place_part,
    remove_part,
    restore,
    step_part,
)
from checklists.services.drafts.open_draft import DraftRefused, open_draft


@pytest.fixture
def draft(edition: Edition, officer: User) -> Draft:
    return open_draft("cnil-hosting", edition, officer)


def part(draft: Draft, key: str, family: str = "questions") -> DraftPart:
    return draft.parts.get(family=family, key=key, owner=None)


def order(draft: Draft, concern: str) -> list[str]:
    rows = draft.parts.filter(family="questions")
    return [row.key for row in rows if row.body["concern"] == concern]


def test_a_change_is_kept_with_who_and_what_was_before(draft: Draft, officer: User) -> None:
    question = part(draft, "key_holder")
    before = dict(question.body)
    assert change_part(question, before | {"weight": 9}, officer)
    change = draft.changes.get()
    assert (change.place, change.by, change.before, change.after["weight"]) == (
        "questions/key_holder", officer, before, 9,
    )  # fmt: skip


def test_a_change_that_changes_nothing_leaves_no_trace(draft: Draft, officer: User) -> None:
    question = part(draft, "key_holder")
    assert not change_part(question, dict(question.body), officer)
    assert not draft.changes.exists()


def test_a_change_that_rests_on_an_older_state_is_refused(draft: Draft, officer: User) -> None:
    mine, theirs = part(draft, "key_holder"), part(draft, "key_holder")
    change_part(theirs, theirs.body | {"weight": 9}, officer, revision=1)
    with pytest.raises(PartIsStale):
        change_part(mine, mine.body | {"weight": 7}, officer, revision=1)
    assert part(draft, "key_holder").body["weight"] == 9


def test_a_key_that_is_taken_is_refused(draft: Draft, officer: User) -> None:
    with pytest.raises(DraftRefused):
        add_part(draft, "questions", "key_holder", {}, officer)


def test_a_step_goes_past_the_neighbour_of_the_same_concern(draft: Draft, officer: User) -> None:
    standing = order(draft, "keys")
    assert step_part(part(draft, standing[2]), True, officer)
    assert order(draft, "keys")[1:3] == [standing[2], standing[1]]
    assert step_part(part(draft, standing[2]), False, officer)
    assert order(draft, "keys") == standing
    assert not step_part(part(draft, standing[0]), True, officer)
    assert not step_part(part(draft, standing[-1]), False, officer)


def test_a_question_dropped_in_another_concern_belongs_to_it(draft: Draft, officer: User) -> None:
    target = order(draft, "location")[0]
    place_part(part(draft, "key_holder"), part(draft, target), officer, "location")
    assert order(draft, "location")[:2] == ["key_holder", target]
    assert "key_holder" not in order(draft, "keys")


def test_a_question_taken_out_is_restored_with_its_answers(draft: Draft, edition: Edition, officer: User) -> None:
    before = {q.key: q for q in compile_draft(draft).questions}
    remove_part(part(draft, "key_holder"), officer)
    assert "key_holder" not in {q.key for q in compile_draft(draft).questions}
    restore(draft.changes.get(place="questions/key_holder"), officer)
    after = {q.key: q for q in compile_draft(draft).questions}
    assert after == before


def test_a_move_and_a_title_are_restored(draft: Draft, officer: User) -> None:
    standing = order(draft, "keys")
    step_part(part(draft, standing[1]), True, officer)
    restore(draft.changes.first(), officer)  # type: ignore[arg-type]
    assert order(draft, "keys") == standing
    head = dict(draft.head)
    change_head(draft, head | {"title": {"fr": "Autre", "en": "Other"}}, officer)
    restore(draft.changes.filter(family="head").first(), officer)  # type: ignore[arg-type]
    draft.refresh_from_db()
    assert draft.head == head


def test_nothing_is_written_in_a_draft_that_is_submitted(draft: Draft, officer: User) -> None:
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.SUBMITTED)
    with pytest.raises(DraftRefused):
        change_part(part(draft, "key_holder"), {}, officer)
