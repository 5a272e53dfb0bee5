"""Who may do what: one table, read by the views, the querysets, the templates and the tests.

Decision 0050 says why it is a table, and why each line reads as it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person is to an organisation; a guest is one to a single assessment, until a day."""

    OWNER = "owner"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    READER = "reader"
    GUEST = "guest"


class Action(StrEnum):
    """What can be allowed. The last one is about the organisation, the others about an assessment of it."""

    READ = "read"
    ANSWER = "answer"
    REVIEW = "review"
    APPROVE = "approve"
    ISSUE_REPORT = "issue_report"
    MANAGE_ASSESSMENT = "manage_assessment"
    MANAGE_ORGANISATION = "manage_organisation"


ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Action),
        Role.CONTRIBUTOR: frozenset({Action.READ, Action.ANSWER, Action.ISSUE_REPORT, Action.MANAGE_ASSESSMENT}),
        Role.REVIEWER: frozenset({Action.READ, Action.REVIEW, Action.ISSUE_REPORT}),
        Role.READER: frozenset({Action.READ}),
        Role.GUEST: frozenset({Action.READ}),
    }
)


def allows(role: Role | str | None, action: Action | str) -> bool:
    """Whether ``role`` (``None``: nobody here) may do ``action``. Raises ``ValueError`` for an unknown word."""
    return role is not None and Action(action) in ALLOWED[Role(role)]


def roles_that_may(action: Action | str) -> frozenset[Role]:
    """The roles that may do ``action``. Raises ``ValueError`` for an unknown word."""
    return frozenset(role for role in Role if allows(role, action))


def granted(role: Role | str | None) -> dict[str, bool]:
    """Every action by its word, and whether ``role`` may do it: what a template asks."""
    return {action.value: allows(role, action) for action in Action}
