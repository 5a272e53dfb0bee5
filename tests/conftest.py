"""What every test may ask for: the flagship edition, people, and a worked assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils.translation import override

from checklists.models import Edition, Offer, User
from checklists.services.assessments.load_example import load_example
from checklists.services.editions.publish_edition import publish_edition
from checklists.services.people.found_organisation import found_organisation
from tests.flagship import flagship, pack
from tests.profiles import PROFILES

__all__ = ["PROFILES", "flagship"]

pytest_plugins = ["tests.figures"]


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Each test starts in the site's language, whatever the one before asked for in its requests."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def edition(db: None) -> Edition:
    return publish_edition(pack())[0]


@pytest.fixture
def officer(edition: Edition) -> User:
    user = User.objects.create_user("dpo@hopital.example", "a long pass phrase")
    found_organisation(user)
    return user


@pytest.fixture
def stranger(edition: Edition) -> User:
    user = User.objects.create_user("autre@ailleurs.example", "a long pass phrase")
    found_organisation(user)
    return user


@pytest.fixture
def desk(officer: User, client: Client) -> Client:
    """A browser without a script, signed in as the officer, in English."""
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def example(officer: User) -> Offer:
    return load_example(officer.organisations.get(), officer)


_empty = BaseDatabaseOperations.execute_sql_flush


def _empty_without_triggers(operations: BaseDatabaseOperations, statements: Iterable[str]) -> None:
    """Between tests with real transactions the tables are emptied, which the triggers refuse: none stands meanwhile."""
    with operations.connection.cursor() as cursor:
        if operations.connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            _empty(operations, statements)
            for _name, sql in triggers:
                cursor.execute(sql)
        else:
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            tables = [table for (table,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            _empty(operations, statements)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


BaseDatabaseOperations.execute_sql_flush = _empty_without_triggers  # type: ignore[method-assign]
