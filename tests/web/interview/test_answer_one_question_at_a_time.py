"""The interview of an offer, without a script: one question a screen, back, skip, I don't know, until it is settled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from checklists.models import Answer, Edition, Offer, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer, create_assessment
from checklists.services.assessments.load_example import load_example
from checklists.services.judging.judge_offer import edition_of, judge_offer
from tests.frameworks import publish_shipped_frameworks

DAY = date(2026, 11, 30)


@pytest.fixture
def offer(officer: User) -> Offer:
    organisation = officer.organisations.get()
    edition = Edition.objects.get()
    registry = create_assessment(
        organisation=organisation, edition=edition, name="Registry", reference_date=DAY, by=officer
    )
    return add_offer(registry, name="Cloud", provider="Nuage")


def asked_in(response: HttpResponse) -> str:
    """The question the page asks; '' for none."""
    found = re.search(r'name="question" value="(\w+)"', response.content.decode())
    return found.group(1) if found else ""


def answer(client: Client, address: str, key: str, value: str, revision: int = 0, **more: str) -> HttpResponse:
    answer = value if value in ("unknown", "not_applicable") else f"option:{value}"
    data = {"question": key, "go": "next", f"q-{key}-answer": answer, f"q-{key}-revision": revision} | more
    return client.post(address, data, follow=True)  # type: ignore[return-value]


def walk(client: Client, offer: Offer, chosen: Mapping[str, str]) -> list[str]:
    """Answer until nothing is asked: as ``chosen``, else the first option. Returns the questions asked."""
    address = reverse("interview", args=[offer.pk])
    edition = edition_of(offer.assessment)
    page, asked = client.get(address), list[str]()
    while key := asked_in(page):  # type: ignore[arg-type]
        assert key not in asked
        asked.append(key)
        options = list(edition.questions[key].options)
        page = answer(client, address, key, chosen.get(key) or (options[0] if options else "unknown"))
        assert len(asked) <= len(edition.questions)
    return asked


def test_it_ends_settled_and_says_so(desk: Client, offer: Offer) -> None:
    asked = walk(desk, offer, {"data_category": "health"})
    assert asked[0] == "data_category"
    assert judge_offer(offer).verdict.is_settled
    page = desk.get(reverse("interview", args=[offer.pk])).content.decode()
    assert "Nothing left can change this verdict" in page
    assert reverse("result", args=[offer.pk]) in page
    further = desk.get(reverse("interview", args=[offer.pk]) + "?further")
    assert asked_in(further) not in ("", *asked)
    assert "It no longer changes the verdict." in further.content.decode()


def test_the_range_the_minimum_and_the_reason_are_in_sight(desk: Client, offer: Offer) -> None:
    address = reverse("interview", args=[offer.pk])
    first = desk.get(address).content.decode()
    assert "Question 1, about" in first
    assert "It describes the processing to be hosted" in first
    page = answer(desk, address, "data_category", "health")
    shown = page.content.decode()
    assert "Question 2, about" in shown
    assert "The last answer did not move the range." in shown
    assert shown.count('class="verdict-') == 5


def test_back_changes_an_earlier_answer_and_goes_on(desk: Client, offer: Offer) -> None:
    address = reverse("interview", args=[offer.pk])
    page = answer(desk, address, "data_category", "personal")
    assert f"{address}?question=data_category" in page.content.decode()
    again = desk.get(address, {"question": "data_category"})
    assert re.search(r'value="option:personal"[^>]*checked', again.content.decode())
    answer(desk, address, "data_category", "health", revision=1)
    assert Answer.objects.get(question="data_category").value == "health"


def test_skipped_questions_come_back_last(desk: Client, offer: Offer) -> None:
    address = reverse("interview", args=[offer.pk])
    page = answer(desk, address, "data_category", "non_personal")
    put_off = asked_in(page)
    page = desk.post(address, {"question": put_off, "go": "skip"}, follow=True)  # type: ignore[assignment]
    assert asked_in(page) not in ("", put_off)
    assert not Answer.objects.filter(question=put_off).exists()
    edition = edition_of(offer.assessment)
    asked = walk(desk, offer, dict.fromkeys(edition.questions, "unknown"))
    assert asked.index(put_off) > 5
    assert all(put_off in edition.conditions_of[key] for key in asked[asked.index(put_off) + 1 :])


def test_i_do_not_know_goes_on_a_list_with_whom_to_ask_and_where_to_look(desk: Client, offer: Offer) -> None:
    address = reverse("interview", args=[offer.pk])
    page = desk.get(address, {"question": "key_holder"})
    assert page.status_code == 200
    page = answer(desk, address, "key_holder", "unknown", whom="provider")  # type: ignore[assignment]
    row = Answer.objects.get(question="key_holder")
    assert (row.status, row.comment) == ("unknown", "To ask: The provider.")
    assert asked_in(page) not in ("", "key_holder")  # type: ignore[arg-type]
    listed = desk.get(reverse("to-ask", args=[offer.pk])).content.decode()
    assert "The provider" in listed
    question = edition_of(offer.assessment).questions["key_holder"]
    assert question.text["en"] in listed
    sent = desk.get(reverse("to-ask", args=[offer.pk]), {"form": "text", "whom": "provider"})
    assert question.where["en"][:60] in sent.content.decode()
    assert sent["Content-Type"].startswith("text/plain")
    answer(
        desk, address, "key_holder", "unknown", revision=1, whom="colleague", **{"q-key_holder-comment": row.comment}
    )
    row.refresh_from_db()
    assert row.comment == "To ask: IT or information security."


def test_the_end_counts_the_questions_that_the_list_shows(desk: Client, officer: User) -> None:
    """Those of the checklist that are asked: what a framework asks besides decides no verdict."""
    publish_shipped_frameworks()
    example = load_example(officer.organisations.get(), officer)
    ended = desk.get(reverse("interview", args=[example.pk]), follow=True).content.decode()
    listed = desk.get(reverse("to-ask", args=[example.pk])).content.decode()
    shown = listed.count("?question=")
    assert 0 < shown < example.assessment.answers.filter(status="unknown").count()
    assert f"{shown} questions to ask others" in ended


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose an answer, or skip the question."),
        ({"q-key_holder-answer": "option:nonsense"}, "This is not one of the possible answers."),
        ({"q-key_holder-answer": "not_applicable"}, "Write why the question does not apply"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(desk: Client, offer: Offer, sent: dict[str, str], told: str) -> None:
    address = reverse("interview", args=[offer.pk])
    page = desk.post(address, {"question": "key_holder", "go": "next", **sent})
    assert page.status_code == 422
    assert told in page.content.decode()
    assert "Error:" in page.content.decode().split("</title>")[0]
    assert not Answer.objects.filter(question="key_holder").exists()


def test_an_answer_changed_by_somebody_else_is_not_overwritten(desk: Client, offer: Offer) -> None:
    address = reverse("interview", args=[offer.pk])
    answer(desk, address, "key_holder", "provider")
    answer(desk, address, "key_holder", "none", revision=1)
    page = answer(desk, address, "key_holder", "customer_only", revision=1)
    assert page.status_code == 422
    assert "Somebody else changed this answer meanwhile" in page.content.decode()
    assert Answer.objects.get(question="key_holder").value == "none"


def test_what_a_profile_presumes_is_confirmed_several_at_a_time(desk: Client, offer: Offer) -> None:
    fact = {
        "profile": 1,
        "name": "Nuage",
        "checked_on": "2026-03-01",
        "source_title": "Contract",
        "source_url": "https://example.org/contract",
        "source_date": "2026-02-01",
    }
    edition = edition_of(offer.assessment)
    for key, value in (("key_holder", "provider"), ("storage_location", "eu")):
        said = Said(Answer.Status.ANSWERED, value)
        place = {"assessment": offer.assessment, "offer": offer, "question": edition.questions[key]}
        save_answer(**place, said=said, revision=0, by=None, from_profile=fact)  # type: ignore[arg-type]
    address = reverse("interview", args=[offer.pk])
    page = desk.get(address).content.decode()
    assert "What the library says of this service" in page
    assert page.count("Source: Contract") == 2
    desk.post(address, {"go": "confirm", "presumed": ["key_holder"], "revision-key_holder": "1"})
    assert not Answer.objects.get(question="key_holder").is_presumed
    assert Answer.objects.get(question="storage_location").is_presumed
    assert asked_in(desk.get(address)) == "data_category"  # type: ignore[arg-type]


def test_a_table_is_reached_and_can_be_left_open(desk: Client, offer: Offer) -> None:
    page = desk.get(reverse("interview", args=[offer.pk]), {"question": "control_chain"}).content.decode()
    assert reverse("control-chain", args=[offer.pk]) in page


def test_a_question_that_is_not_asked_is_not_found(desk: Client, offer: Offer) -> None:
    address = reverse("interview", args=[offer.pk])
    assert desk.get(address, {"question": "nonsense"}).status_code == 404
    assert desk.post(address, {"question": "nonsense", "go": "next"}).status_code == 302
