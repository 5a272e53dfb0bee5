"""A draft is made from an edition, and compiles back to the very same document."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.core.editions.edition import fingerprint
from checklists.models import Draft, Edition, User
from checklists.packs.editions.parts import put_together, take_apart
from checklists.services.drafts.compile_draft import Imprint, compile_draft
from checklists.services.drafts.open_draft import DraftRefused, open_draft


@pytest.fixture
def draft(edition: Edition, officer: User) -> Draft:
    return open_draft("cnil-hosting", edition, officer)


def test_a_document_taken_apart_and_put_together_is_the_same(edition: Edition) -> None:
    document = edition.document
    head, pieces = take_apart(document)
    imprint = {name: document[name] for name in ("number", "published", "changelog")}
    assert put_together(head, pieces, imprint) == document


def test_a_draft_of_the_flagship_compiles_to_the_edition_it_came_from(draft: Draft, edition: Edition) -> None:
    imprint = Imprint(edition.number, date.fromisoformat(edition.document["published"]), edition.document["changelog"])
    assert fingerprint(compile_draft(draft, imprint).to_document()) == edition.sha256


def test_without_an_imprint_it_is_the_next_number(draft: Draft, edition: Edition) -> None:
    assert compile_draft(draft).number == edition.number + 1


def test_compiling_asks_the_database_for_the_parts_and_the_last_number(
    draft: Draft, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        compile_draft(draft)


def test_a_second_draft_of_a_checklist_is_refused(draft: Draft, edition: Edition) -> None:
    with pytest.raises(DraftRefused):
        open_draft("cnil-hosting", edition)


def test_what_the_schema_has_no_list_for_is_kept_in_the_head() -> None:
    document = {
        "schema": "x",
        "key": "k",
        "number": 1,
        "published": "2026-01-01",
        "changelog": {},
        "later": [1, {"a": 2}],
    }
    head, pieces = take_apart(document)
    assert head == {"key": "k", "later": [1, {"a": 2}]}
    assert pieces == []
