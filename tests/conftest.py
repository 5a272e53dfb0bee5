"""What every test may ask for: the flagship edition, people, and a worked assessment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from checklists.core.edition import Edition as CoreEdition
from checklists.models import Edition, Offer, User
from checklists.models.immutability import unprotect_editions
from checklists.packs.reader import read_pack, shipped_pack
from checklists.services.found_organisation import found_organisation
from checklists.services.load_example import load_example
from checklists.services.publish_edition import publish_edition

_PACK = read_pack(shipped_pack("cnil-hosting"))


@pytest.fixture(scope="session")
def flagship() -> CoreEdition:
    return CoreEdition.from_document(_PACK.to_document())


@pytest.fixture
def edition(db: None) -> Edition:
    return publish_edition(_PACK)[0]


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


@pytest.fixture(autouse=True)
def _editions_can_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that really commits is cleaned up by emptying the tables, which editions refuse outside a test."""
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        yield
        unprotect_editions("default")
    else:
        yield
