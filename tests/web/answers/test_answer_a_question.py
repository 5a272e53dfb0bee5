"""Answering as one goes and a page at a time: saved, refused, stale, forged, foreign, out of session."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Answer, AnswerChange, Assessment, Offer, User

HTMX = {"HX-Request": "true"}


@pytest.fixture
def offer(desk: Client) -> Offer:
    desk.post("/assessments/new/", {"name": "Registry", "reference_date": "08/10/2020", "token": str(uuid.uuid4())})
    assessment = Assessment.objects.get(name="Registry")
    desk.post(f"/assessments/{assessment.pk}/offers/new/", {"name": "Cloud", "token": str(uuid.uuid4())})
    return assessment.offers.get()


def said(key: str, answer: str, revision: int = 0, **more: str) -> dict[str, str]:
    extra = {f"q-{key}-{part}": text for part, text in more.items()}
    return {f"q-{key}-answer": answer, f"q-{key}-revision": str(revision), **extra}


def save(desk: Client, offer: Offer, key: str, answer: str, revision: int = 0, **more: str):
    return desk.post(f"/offers/{offer.pk}/answers/{key}/", said(key, answer, revision, **more), headers=HTMX)


def test_it_is_saved_and_says_when(desk: Client, offer: Offer) -> None:
    response = save(desk, offer, "key_holder", "option:provider", comment="Clause 12")
    assert response.status_code == 200
    assert "Saved at" in response.content.decode()
    row = Answer.objects.get(offer=offer)
    assert (row.value, row.comment, row.revision) == ("provider", "Clause 12", 1)
    assert AnswerChange.objects.get(answer=row).after["value"] == "provider"


def test_saving_twice_the_same_changes_nothing(desk: Client, offer: Offer) -> None:
    for _ in range(2):
        assert save(desk, offer, "key_holder", "option:provider").status_code == 200
    assert Answer.objects.get(offer=offer).revision == 1


def test_a_forged_option_is_refused_and_nothing_changes(desk: Client, offer: Offer) -> None:
    for forged in ("option:everyone", "nonsense", "option:", "given"):
        response = save(desk, offer, "key_holder", forged)
        assert response.status_code in (200, 422)
    assert not Answer.objects.filter(offer=offer).exists()


def test_not_applicable_needs_a_reason(desk: Client, offer: Offer) -> None:
    assert save(desk, offer, "key_holder", "not_applicable").status_code == 422
    assert save(desk, offer, "key_holder", "not_applicable", justification="No key").status_code == 200


def test_a_two_megabyte_comment_is_refused_in_words(desk: Client, offer: Offer) -> None:
    response = save(desk, offer, "key_holder", "option:provider", comment="x" * 2_000_000)
    assert response.status_code == 422
    assert "too long" in response.content.decode()


def test_a_stale_save_shows_both_and_loses_neither(desk: Client, offer: Offer) -> None:
    save(desk, offer, "key_holder", "option:provider")
    save(desk, offer, "key_holder", "option:customer_only", revision=1)
    response = save(desk, offer, "key_holder", "option:none", revision=1)
    assert response.status_code == 409
    assert "The customer alone" in response.content.decode()
    assert Answer.objects.get(offer=offer).value == "customer_only"


def test_an_impossible_date_is_explained(desk: Client, offer: Offer) -> None:
    response = save(desk, offer, "transition_end", "given", value="31/02/2021")
    assert response.status_code == 422
    assert "not a date" in response.content.decode()
    assert save(desk, offer, "transition_end", "given", value="28/02/2021").status_code == 200


def test_without_a_script_the_page_saves_what_it_can_and_keeps_the_rest(desk: Client, offer: Offer) -> None:
    sent = said("key_holder", "option:provider") | said("encryption_in_transit", "not_applicable", comment="to be seen")
    response = desk.post(f"/offers/{offer.pk}/questions/keys/", sent | {"go": "next"})
    assert response.status_code == 422
    assert "to be seen" in response.content.decode()
    assert Answer.objects.get(offer=offer).question == "key_holder"


def test_an_ended_session_gives_back_what_was_typed(client: Client, desk: Client, offer: Offer, officer: User) -> None:
    desk.logout()
    page = f"/offers/{offer.pk}/questions/keys/"
    response = desk.post(page, said("key_holder", "option:provider", comment="do not lose me"))
    assert response.status_code == 302
    assert save(desk, offer, "key_holder", "option:provider").status_code == 401
    desk.force_login(officer)
    assert "do not lose me" in desk.get(page).content.decode()


def test_another_organisations_pages_do_not_exist(client: Client, example: Offer, stranger: User) -> None:
    client.force_login(stranger)
    for path in ("questions/keys/", "review/", "result/", "report/", "change/"):
        assert client.get(f"/offers/{example.pk}/{path}").status_code == 404
    assert save(client, example, "key_holder", "option:customer_only", 1).status_code == 404
    assert client.get(f"/assessments/{example.assessment_id}/").status_code == 404
    assert client.get(f"/offers/{uuid.uuid4()}/result/").status_code == 404


def test_sending_the_creation_form_twice_makes_one_assessment(desk: Client) -> None:
    sent = {"name": "Twice", "reference_date": "08/10/2020", "token": str(uuid.uuid4())}
    for _ in range(2):
        assert desk.post("/assessments/new/", sent).status_code == 302
    assert Assessment.objects.filter(name="Twice").count() == 1


def test_an_answer_whose_question_stops_applying_is_kept_and_marked(desk: Client, offer: Offer) -> None:
    save(desk, offer, "host_change_required", "option:yes")
    save(desk, offer, "transition_active_steps", "option:planned")
    assert save(desk, offer, "host_change_required", "option:no", revision=1)["HX-Trigger"] == "porte-cles:saved"
    progress = desk.get(f"/offers/{offer.pk}/questions/transition/progress/")
    assert '"transition_active_steps": false' in progress["HX-Trigger"]
    assert "Kept, not counted" in desk.get(f"/offers/{offer.pk}/review/").content.decode()


def test_queries_do_not_grow_with_the_answers(
    desk: Client, offer: Offer, example: Offer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        save(desk, offer, "key_holder", "option:provider")
    for shown in (offer, example):
        for path in ("questions/keys/", "review/", "result/"):
            with django_assert_max_num_queries(10):
                desk.get(f"/offers/{shown.pk}/{path}")
    desk.get("/assessments/")  # judges again what was answered
    with django_assert_max_num_queries(24):  # what awaits included: of the last assessment alone
        desk.get("/assessments/")
