"""Who may do what: one table, read by the views, the querysets, the templates and the tests.

Decisions 0050 and 0059 say why it is a table, and why each line reads as it does.
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
    """What can be allowed. The last three are about the organisation, the others about an assessment of it."""

    READ = "read"
    SEE_TEAM = "see_team"
    COMMENT = "comment"
    ANSWER = "answer"
    REVIEW = "review"
    APPROVE = "approve"
    ISSUE_REPORT = "issue_report"
    MANAGE_ASSESSMENT = "manage_assessment"
    MANAGE_ORGANISATION = "manage_organisation"
    WRITE_CRITERIA = "write_criteria"
    PUBLISH_CRITERIA = "publish_criteria"


_TEAM = frozenset({Action.READ, Action.SEE_TEAM})
"""What every member may: read, and see what is the team's own (who answers what, the discussions)."""

ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Action),
        Role.CONTRIBUTOR: _TEAM | {Action.COMMENT, Action.ANSWER, Action.ISSUE_REPORT, Action.MANAGE_ASSESSMENT},
        Role.REVIEWER: _TEAM | {Action.COMMENT, Action.REVIEW, Action.ISSUE_REPORT},
        Role.READER: _TEAM,
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
