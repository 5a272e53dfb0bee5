"""The table of permissions: what each role may do, and what must stay apart."""

from __future__ import annotations

import pytest

from checklists.core.people.permissions import ALLOWED, Action, Role, allows, granted, roles_that_may


def test_each_role_has_its_line_and_everybody_reads() -> None:
    assert set(ALLOWED) == set(Role)
    assert roles_that_may("read") == set(Role)


def test_the_owner_may_do_everything_and_nobody_else_keeps_the_organisation() -> None:
    assert all(granted(Role.OWNER).values())
    assert roles_that_may(Action.MANAGE_ORGANISATION) == roles_that_may(Action.APPROVE) == {Role.OWNER}


def test_who_answers_does_not_review_and_who_reviews_does_not_answer() -> None:
    assert roles_that_may(Action.ANSWER) & roles_that_may(Action.REVIEW) == {Role.OWNER}


def test_guests_only_read_and_readers_also_see_the_team_at_work() -> None:
    assert [action for action, may in granted(Role.GUEST).items() if may] == ["read"]
    assert [action for action, may in granted(Role.READER).items() if may] == ["read", "see_team"]


@pytest.mark.parametrize("role", Role)
def test_nobody_comments_on_what_they_do_not_see_or_sees_what_they_do_not_read(role: Role) -> None:
    may = granted(role)
    assert may["comment"] <= may["see_team"] <= may["read"]


def test_nobody_may_do_nothing_and_an_unknown_word_is_an_error() -> None:
    assert not any(granted(None).values())
    with pytest.raises(ValueError, match="fly"):
        allows(Role.OWNER, "fly")
