"""A draft of the flagship, and the people of the two groups that write criteria."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from checklists.models import Draft, DraftPart, Edition, User
from checklists.services.drafts.open_draft import open_draft
from checklists.services.people.grant_criteria_roles import APPROVERS, EDITORS


def person(email: str, *groups: str) -> User:
    user = User.objects.create_user(email, "a long pass phrase", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@pytest.fixture
def editor(edition: Edition) -> User:
    return person("redaction@autorite.example", EDITORS)


@pytest.fixture
def approver(edition: Edition) -> User:
    return person("approbation@autorite.example", APPROVERS)


@pytest.fixture
def draft(edition: Edition, editor: User) -> Draft:
    return open_draft("cnil-hosting", edition, editor)


@pytest.fixture
def bench(editor: User, client: Client) -> Client:
    """A browser without a script, signed in as the editor, in English."""
    client.force_login(editor)
    client.cookies["django_language"] = "en"
    return client


def part(draft: Draft, family: str, key: str) -> DraftPart:
    return DraftPart.objects.select_related("draft").get(draft=draft, family=family, key=key, owner=None)
