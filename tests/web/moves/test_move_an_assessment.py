"""Moving an assessment by hand: told of a newer edition, previewed, moved, confirmed or undone."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from checklists.core.people.permissions import Role
from checklists.models import Edition, EditionMove, Membership, Offer, User
from checklists.services.moves.move_edition import move_assessment
from tests.moves import next_edition

REWORDED = "encryption_in_transit"


@pytest.fixture
def newer(edition: Edition, example: Offer) -> Edition:
    return next_edition(
        edition,
        removed=["deletion_proof"],
        reworded=[REWORDED],
        option_gone=[("key_holder", "provider")],
        added="what_else",
        ceiling="conditional",
    )


def at(example: Offer, page: str = "") -> str:
    return f"/assessments/{example.assessment_id}/edition/{page}"


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_a_newer_edition_is_told_on_the_assessments_page(desk: Client, example: Offer, newer: Edition) -> None:
    page = text(desk.get(f"/assessments/{example.assessment_id}/"))
    assert f"A newer edition of the checklist is published: {newer.number}" in page
    assert at(example) in page


def test_nothing_is_told_where_there_is_none(desk: Client, example: Offer) -> None:
    assert "newer edition" not in text(desk.get(f"/assessments/{example.assessment_id}/"))
    assert "nothing to move to" in text(desk.get(at(example)))


def test_the_preview_shows_both_verdicts_why_and_every_list(desk: Client, example: Offer, newer: Edition) -> None:
    page = text(desk.get(at(example)))
    assert "Another edition." in page
    assert "Only together do these parts move it:" in page
    for words in ("To confirm (1)", "To answer again (1)", "New questions (1)"):
        assert words in page
    assert "Questions not asked any more (1)" in page
    assert "<ins>In other words?</ins>" in page
    assert "The question is worded otherwise." in page
    assert "The answer given is not one of the possible answers any more." in page
    assert "What else?" in page


def test_move_tick_what_still_holds_and_confirm(desk: Client, example: Offer, newer: Edition) -> None:
    response = desk.post(at(example, "move/"), {"edition": newer.sha256}, follow=True)
    assert f"Moved to edition {newer.number}" in text(response)
    assert "waiting to be confirmed" in text(desk.get(f"/assessments/{example.assessment_id}/"))
    assert f"/offers/{example.pk}/questions/keys/#q-{REWORDED}" in text(response)
    response = desk.post(at(example, "confirm/"), {"act": "close"})
    assert response.status_code == 422
    assert "1 answer still has to be confirmed" in text(response)
    row = example.answers.get(question=REWORDED)
    response = desk.post(at(example, "confirm/"), {"act": "answers", "answer": [row.pk, "x", "9" * 30]}, follow=True)
    assert "1 answer is confirmed." in text(response)
    assert "Confirm the move</button>" in text(response)
    response = desk.post(at(example, "confirm/"), {"act": "close"}, follow=True)
    assert "The move is confirmed." in text(response)
    assert "judged again from what was kept" in text(desk.get(at(example)))
    assert "cannot be undone any more" in text(desk.post(at(example, "undo/")))


def test_move_and_undo_and_undo_again(desk: Client, example: Offer, newer: Edition, edition: Edition) -> None:
    desk.post(at(example, "move/"), {"edition": newer.sha256})
    page = text(desk.get(at(example)))
    assert "has again the answers it had" in page
    assert f"back on edition {edition.number}" in text(desk.post(at(example, "undo/"), follow=True))
    assert "undone already" in text(desk.post(at(example, "undo/"), follow=True))
    assert EditionMove.objects.get().state == "undone"


def test_what_would_be_set_aside_is_told_before_and_listed_after(desk: Client, example: Offer, newer: Edition) -> None:
    desk.post(at(example, "move/"), {"edition": newer.sha256})
    row = example.answers.get(question=REWORDED)
    save = f"/offers/{example.pk}/answers/{REWORDED}/"
    name = f"q-{REWORDED}-"
    desk.post(save, {f"{name}answer": "option:end_to_end", f"{name}revision": row.revision})
    assert "1 answer given since to a question that changed is set aside" in text(desk.get(at(example)))
    page = text(desk.post(at(example, "undo/"), follow=True))
    assert "1 answer set aside when it was undone" in page
    assert text(desk.get(at(example))).count("<dt>In other words?") == 1


def test_a_question_gone_meanwhile_is_told_to_the_page_that_still_shows_it(
    desk: Client, example: Offer, newer: Edition
) -> None:
    save = f"/offers/{example.pk}/answers/deletion_proof/"
    desk.post(at(example, "move/"), {"edition": newer.sha256})
    response = desk.post(save, {"q-deletion_proof-answer": "unknown"}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "not asked any more" in text(response)
    assert desk.post(f"/offers/{example.pk}/answers/never_was/", {}).status_code == 404


def test_no_report_is_issued_while_a_move_waits(desk: Client, example: Offer, newer: Edition) -> None:
    desk.post(at(example, "move/"), {"edition": newer.sha256})
    response = desk.post(f"/offers/{example.pk}/reports/issue/", {"language": "en", "form": "full"}, follow=True)
    assert "confirm the move first" in text(response)
    assert not example.reports.exists()
    assert desk.get(f"/offers/{example.pk}/report/?form=full&format=html").status_code == 200


@pytest.mark.parametrize("sent", ["", "f" * 64, "<script>", "1"])
def test_an_edition_that_is_none_is_refused_in_words(desk: Client, example: Offer, newer: Edition, sent: str) -> None:
    response = desk.post(at(example, "move/"), {"edition": sent})
    assert response.status_code == 422
    assert "not a published edition" in text(response)
    assert not EditionMove.objects.exists()


def test_a_number_that_is_none_shows_the_newest(desk: Client, example: Offer, newer: Edition) -> None:
    latest = next_edition(newer)
    assert f'value="{latest.sha256}"' in text(desk.get(at(example)))
    assert f'value="{newer.sha256}"' in text(desk.get(at(example), {"to": newer.number}))
    assert "no later edition of that number" in text(desk.get(at(example), {"to": "77"}))


def test_nothing_to_confirm_and_nothing_to_undo_are_told(desk: Client, example: Offer) -> None:
    assert "No move waits" in text(desk.post(at(example, "confirm/"), {"act": "close"}, follow=True))
    assert "no move to undo" in text(desk.post(at(example, "undo/"), follow=True))


def test_a_reader_is_told_and_cannot_move(client: Client, example: Offer, newer: Edition) -> None:
    reader = User.objects.create_user("lecteur@hopital.example", "a long pass phrase")
    Membership.objects.create(user=reader, organisation=example.assessment.organisation, role=Role.READER)
    client.force_login(reader)
    client.cookies["django_language"] = "en"
    page = text(client.get(f"/assessments/{example.assessment_id}/"))
    assert "A newer edition" in page
    assert at(example) not in page
    assert client.get(at(example)).status_code == 404
    listed = text(client.get(f"/organisations/{example.assessment.organisation_id}/editions/"))
    assert "An owner or a contributor can move it." in listed


def test_the_organisation_lists_what_rests_on_an_older_edition(desk: Client, example: Offer, edition: Edition) -> None:
    address = f"/organisations/{example.assessment.organisation_id}/editions/"
    assert "None: every assessment" in text(desk.get(address))
    newer = next_edition(edition)
    assert "See what moving would change" in text(desk.get(address))
    move_assessment(example.assessment, newer.sha256, None)
    assert "Move to be confirmed" in text(desk.get(address))
    assert address in text(desk.get(f"/organisations/{example.assessment.organisation_id}/"))


def test_the_pages_ask_few_queries(
    desk: Client, example: Offer, newer: Edition, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get(at(example))
    with django_assert_max_num_queries(20):
        desk.get(at(example))
    desk.post(at(example, "move/"), {"edition": newer.sha256})
    with django_assert_max_num_queries(24):
        desk.get(at(example))
    with django_assert_max_num_queries(10):
        desk.get(f"/organisations/{example.assessment.organisation_id}/editions/")
