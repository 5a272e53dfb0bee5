"""From a draft to an edition nobody can change, not even in the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from checklists.models import Draft, DraftPart, Edition, User
from checklists.packs.files.problems import PackError
from checklists.services.drafts.check_draft import check_draft
from checklists.services.drafts.edit_draft import add_part, change_part
from checklists.services.drafts.open_draft import DraftRefused, open_draft
from checklists.services.drafts.publish_draft import DraftChanged, publish_draft, send_back, shown_as, submit_draft
from checklists.services.editions.publish_edition import load_edition
from tests.figures import count
from tests.replacing import REPLACING

CHANGELOG = {"fr": "Poids revus.", "en": "Weights read again."}
DAY = date(2027, 1, 4)


@pytest.fixture
def draft(edition: Edition, officer: User) -> Draft:
    return open_draft("cnil-hosting", edition, officer)


def part(draft: Draft, family: str, key: str) -> DraftPart:
    return draft.parts.get(family=family, key=key, owner=None)


def places(draft: Draft, *, warnings: bool = False) -> set[str]:
    return {problem.place for problem in check_draft(draft) if problem.is_warning == warnings}


def test_publish_with_number_day_and_changelog(draft: Draft, edition: Edition, officer: User) -> None:
    key_holder = part(draft, "questions", "key_holder")
    change_part(key_holder, key_holder.body | {"weight": 9}, officer)
    submit_draft(draft, CHANGELOG, officer)
    published = publish_draft(draft, DAY, officer)
    assert (published.number, published.document["changelog"]) == (edition.number + 1, CHANGELOG)
    assert load_edition(published.sha256).questions["key_holder"].weight == 9
    draft.refresh_from_db()
    assert (draft.state, draft.published_as, draft.published_by) == ("published", published, officer)


def test_a_published_edition_is_loaded_in_one_query_then_none(
    draft: Draft, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    submit_draft(draft, CHANGELOG, officer)
    sha256 = publish_draft(draft, DAY, officer).sha256
    with django_assert_num_queries(1):
        load_edition(sha256)
    with django_assert_num_queries(0):
        load_edition(sha256)


def test_without_a_changelog_in_every_language_it_is_refused(draft: Draft, officer: User) -> None:
    with pytest.raises(PackError, match="changelog: the text has no 'en'"):
        submit_draft(draft, {"fr": "Poids revus."}, officer)
    draft.refresh_from_db()
    assert draft.state == "open"


def test_who_wrote_does_not_publish_where_two_are_asked_for(
    draft: Draft, officer: User, stranger: User, settings: Settings
) -> None:
    settings.PUBLISHING_TAKES_TWO = True
    submit_draft(draft, CHANGELOG, officer)
    with pytest.raises(DraftRefused):
        publish_draft(draft, DAY, officer)
    assert publish_draft(draft, DAY, stranger).number


def test_an_approver_publishes_only_what_was_shown(draft: Draft, officer: User, stranger: User) -> None:
    """The text is swapped by sending back and submitting again, between the reading and the click."""
    submit_draft(draft, CHANGELOG, officer)
    shown = shown_as(draft)
    swaps = 0
    for swap in ("a part", "the changelog"):
        send_back(draft)
        if swap == "a part":
            key_holder = part(draft, "questions", "key_holder")
            change_part(key_holder, key_holder.body | {"weight": 1}, officer)
        submit_draft(draft, CHANGELOG if swap == "a part" else {"fr": "Autre.", "en": "Another."}, officer)
        with pytest.raises(DraftChanged):
            publish_draft(draft, DAY, stranger, shown=shown)
        swaps += 1
    count("drafts swapped between reading and publishing", "published", tried=swaps, faults=0)
    published = publish_draft(draft, DAY, stranger, shown=shown_as(draft))
    assert published.document["changelog"] == {"fr": "Autre.", "en": "Another."}
    assert draft.changes.filter(family="changelog", by=officer).count() == 2


def test_nothing_is_published_that_was_not_submitted_or_was_sent_back(draft: Draft, officer: User) -> None:
    with pytest.raises(DraftRefused):
        publish_draft(draft, DAY, officer)
    submit_draft(draft, CHANGELOG, officer)
    send_back(draft)
    with pytest.raises(DraftRefused):
        publish_draft(draft, DAY, officer)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checklists_edition SET number = 99",
        "DELETE FROM checklists_edition",
        REPLACING.format("checklists_edition"),
    ],
    ids=["changed", "deleted", "replaced"],
)
def test_the_database_itself_refuses_that_an_edition_is(statement: str, edition: Edition) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Edition.objects.filter(number=edition.number).exists()


def test_the_flagship_has_no_error(draft: Draft) -> None:
    assert places(draft) == set()


def test_an_unfinished_question_is_kept_and_told_of(draft: Draft, officer: User) -> None:
    add_part(draft, "questions", "brand_new", {"concern": "keys", "scope": "offer"}, officer)
    told = places(draft)
    assert {"questions/brand_new/text", "questions/brand_new/sources", "questions/brand_new"} <= told
    with pytest.raises(PackError):
        submit_draft(draft, CHANGELOG, officer)


def test_a_question_nobody_can_reach(draft: Draft, officer: User) -> None:
    never = {"all": [{"is": {"data_category": "health"}}, {"is": {"data_category": "personal"}}]}
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"applies": never}, officer)
    assert "questions/key_holder/applies" in places(draft)


def test_a_gate_that_can_never_hold_and_one_that_always_does(draft: Draft, officer: User) -> None:
    first, second = draft.parts.filter(family="gates")[:2]
    never = {"all": [{"is": {"key_holder": "none"}}, {"is": {"key_holder": "provider"}}]}
    change_part(first, first.body | {"when": never}, officer)
    change_part(second, second.body | {"when": {"any": [{"not": never}, never]}}, officer)
    assert f"gates/{first.key}/when" in places(draft)
    assert f"gates/{second.key}/when" in places(draft, warnings=True)


def test_a_condition_on_a_question_asked_later(draft: Draft, officer: User) -> None:
    question = part(draft, "questions", "data_category")
    change_part(question, question.body | {"applies": {"is": {"remote_access_from_third_country": "none"}}}, officer)
    assert "questions/data_category/applies" in places(draft, warnings=True) | places(draft)


def test_a_source_without_a_date_and_a_source_that_is_gone(draft: Draft, officer: User) -> None:
    source = part(draft, "sources", "gdpr-25")
    change_part(source, {name: value for name, value in source.body.items() if name != "date"}, officer)
    draft.parts.filter(family="sources", key="gdpr-28").delete()
    change_part(source, source.body | {"verify": True}, officer)
    told = places(draft)
    assert "sources/gdpr-25/date" in told
    assert any(place.endswith("/sources") for place in told)


def test_checks_are_made_once_a_revision(draft: Draft, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    check_draft(draft)
    with django_assert_num_queries(0):
        check_draft(draft)
