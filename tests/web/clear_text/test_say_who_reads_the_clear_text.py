"""Saying who can read the clear text, class by class: saved, guarded, judged, shown."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Answer, Assessment, Offer, User
from checklists.services.judging.judge_offer import judge_offer


@pytest.fixture
def offer(desk: Client) -> Offer:
    desk.post("/assessments/new/", {"name": "Registry", "reference_date": "01/02/2024", "token": str(uuid.uuid4())})
    assessment = Assessment.objects.get(name="Registry")
    desk.post(f"/assessments/{assessment.pk}/offers/new/", {"name": "Cloud", "token": str(uuid.uuid4())})
    return assessment.offers.get()


def held_by_the_customer(revision: int = 0, **more: str) -> dict[str, str]:
    row = {"rest": "encrypted", "transit": "encrypted", "use": "clear", "keys": "customer", "code": "approved"}
    return (
        {f"content-{column}": word for column, word in row.items()} | {"revision": str(revision), "go": "save"} | more
    )


def fill(desk: Client, offer: Offer, sent: dict[str, str]):
    return desk.post(f"/offers/{offer.pk}/clear-text/", sent)


def test_keys_of_the_customer_and_processing_by_the_provider_are_flagged_in_use(desk: Client, offer: Offer) -> None:
    assert fill(desk, offer, held_by_the_customer()).status_code == 302
    for page in ("clear-text", "result/understand/clear-text"):
        assert "while in use, the content can be read" in desk.get(f"/offers/{offer.pk}/{page}/").content.decode()
    assert "readable by the provider: content" in desk.get(f"/offers/{offer.pk}/review/").content.decode()
    assert "eadable by the provider: content" in desk.get(f"/offers/{offer.pk}/questions/keys/").content.decode()


def test_the_two_results_stand_apart(desk: Client, offer: Offer) -> None:
    reach = {"q-us_law_reach-answer": "option:through_parent", "q-us_law_reach-revision": "0"}
    desk.post(f"/offers/{offer.pk}/answers/us_law_reach/", reach, headers={"HX-Request": "true"})
    stored = {"content-use": "absent", "content-code": "customer"}
    kept = {"rest": "encrypted", "transit": "absent", "use": "absent", "keys": "customer", "code": "customer"}
    backups = {f"backups-{column}": word for column, word in kept.items()}
    fill(desk, offer, held_by_the_customer() | backups)
    assert judge_offer(offer).compelled == {"compelled_disclosure": True, "compelled_interruption": True}
    fill(desk, offer, held_by_the_customer(1, **stored) | backups)
    assert judge_offer(offer).compelled == {"compelled_disclosure": False, "compelled_interruption": True}


def test_a_stale_save_shows_both_and_loses_neither(desk: Client, offer: Offer) -> None:
    fill(desk, offer, held_by_the_customer())
    fill(desk, offer, held_by_the_customer(1, **{"content-keys": "provider"}))
    stale = fill(desk, offer, held_by_the_customer(1, **{"content-keys": "third_party"}))
    assert stale.status_code == 409
    assert re.search(r'<option value="third_party"\s+selected>', stale.content.decode())
    assert '"keys":"provider"' in Answer.objects.get(question="clear_text_table").value
    assert fill(desk, offer, held_by_the_customer(2, **{"content-keys": "third_party"})).status_code == 302


def test_a_forged_word_is_left_out(desk: Client, offer: Offer) -> None:
    fill(desk, offer, held_by_the_customer(**{"content-keys": "everyone"}))
    assert "everyone" not in Answer.objects.get(question="clear_text_table").value


def test_a_comment_too_long_is_refused_in_words_and_shown_again(desk: Client, offer: Offer) -> None:
    response = fill(desk, offer, held_by_the_customer(comment="x" * 6000))
    assert response.status_code == 422
    assert "too long" in response.content.decode()
    assert "xxxx" in response.content.decode()


def test_not_knowing_is_an_answer(desk: Client, offer: Offer) -> None:
    fill(desk, offer, {"go": "unknown", "revision": "0"})
    assert Answer.objects.get(question="clear_text_table").status == "unknown"


def test_another_organisations_table_does_not_exist(client: Client, example: Offer, stranger: User) -> None:
    client.force_login(stranger)
    assert client.get(f"/offers/{example.pk}/clear-text/").status_code == 404
    assert fill(client, example, held_by_the_customer()).status_code == 404


def test_the_report_has_its_chapter(desk: Client, offer: Offer) -> None:
    fill(desk, offer, held_by_the_customer())
    page = desk.get(f"/offers/{offer.pk}/report/?language=en&format=html").content.decode()
    assert "If compelled, could the provider produce unencrypted data?" in page


def test_the_table_costs_no_query_of_its_own(
    desk: Client, offer: Offer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(desk, offer, held_by_the_customer())
    with django_assert_max_num_queries(8):
        desk.get(f"/offers/{offer.pk}/clear-text/")
