"""A first verdict without an account: asked, judged, printed on a page, kept as an assessment or forgotten."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from checklists.models import Answer, Assessment, Edition, User
from checklists.packs.profiles.reader import read_profile, shipped_profile
from checklists.services.editions.publish_edition import load_edition
from checklists.services.profiles.load_profile import load_profile
from tests.web.interview.test_answer_one_question_at_a_time import answer, asked_in

ASK, RESULT = reverse("first-verdict"), reverse("first-verdict-result")
PDF, KEEP = reverse("first-verdict-report"), reverse("keep-first-verdict")


@pytest.fixture
def visitor(edition: Edition, client: Client) -> Client:
    cache.clear()
    client.cookies["django_language"] = "en"
    return client


def walk(visitor: Client) -> dict[str, str]:
    """Answer the first option of each question until the verdict shows."""
    edition = load_edition(Edition.objects.get().sha256)
    said = dict[str, str]()
    page = visitor.get(ASK, follow=True)
    while key := asked_in(page):  # type: ignore[arg-type]
        options = list(edition.questions[key].options)
        said[key] = "health" if key == "data_category" else options[0] if options else "unknown"
        page = answer(visitor, ASK, key, said[key])  # type: ignore[assignment]
        assert len(said) <= len(edition.questions)
    return said


def test_it_ends_with_the_verdict_the_reasons_and_their_sources(visitor: Client) -> None:
    assert walk(visitor)
    page = visitor.get(RESULT).content.decode()
    assert "Unacceptable" in page
    assert "The minimum, " in page
    assert 'class="reason"' in page
    assert 'class="sources' in page
    assert not Assessment.objects.exists()
    assert not Answer.objects.exists()


def test_what_was_answered_without_an_account_comes_from_the_site_and_not_from_a_cache(visitor: Client) -> None:
    """Back would show the question as it was before it was answered, and a shared browser what was said."""
    walk(visitor)
    for address in (ASK, RESULT, KEEP, "/help/"):
        assert visitor.get(address).headers.get("Cache-Control") == "private, no-store", address
    assert "no-store" not in Client().get("/help/").headers.get("Cache-Control", "")


def test_the_page_to_download_is_one_page(visitor: Client) -> None:
    walk(visitor)
    sent = visitor.get(PDF)
    assert sent["Content-Type"] == "application/pdf"
    assert "no-store" in sent["Cache-Control"]
    with pikepdf.open(io.BytesIO(sent.content)) as pdf:
        assert len(pdf.pages) == 1


def test_keeping_it_asks_to_sign_in_and_types_nothing_again(visitor: Client, officer: User) -> None:
    said = walk(visitor)
    asked = visitor.get(KEEP)
    assert asked.status_code == 302
    assert reverse("account_login") in asked["Location"]
    signed = visitor.post(asked["Location"], {"login": officer.email, "password": "a long pass phrase"}, follow=True)
    assert signed.redirect_chain[-1][0] == KEEP
    assert f"{len(said)} answers become an assessment." in signed.content.decode()
    visitor.post(KEEP, {"name": "Registry", "offer": "Cloud"})
    kept = Assessment.objects.get()
    assert (kept.name, kept.offers.get().name) == ("Registry", "Cloud")
    assert {row.question: row.value or row.status for row in kept.answers.all()} == said
    assert visitor.get(KEEP, follow=True).redirect_chain[-1][0] == reverse("assessments")
    visitor.post(KEEP, {"name": "Twice", "offer": "Cloud"})
    assert Assessment.objects.count() == 1


def test_signing_up_keeps_it_too(visitor: Client) -> None:
    said = walk(visitor)
    person = {"email": "new@hopital.example", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    signed = visitor.post(f"{reverse('account_signup')}?next={KEEP}", person | {"next": KEEP}, follow=True)
    assert signed.redirect_chain[-1][0] == KEEP
    visitor.post(KEEP)
    assert Assessment.objects.get().answers.count() == len(said)


def test_forgetting_leaves_nothing_in_the_session(visitor: Client) -> None:
    answer(visitor, ASK, "data_category", "health")
    visitor.post(reverse("forget-first-verdict"))
    assert not {"first_verdict"} & visitor.session.keys()
    assert asked_in(visitor.get(ASK)) == "data_category"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("data_category", {"q-data_category-answer": "option:nonsense"}),
        ("data_category", {"q-data_category-answer": "not_applicable", "q-data_category-justification": "x" * 301}),
        ("transition_end", {"q-transition_end-answer": "given", "q-transition_end-value": "31/02/2027"}),
        ("storage_country", {"q-storage_country-answer": "given", "q-storage_country-value": "XX"}),
        ("data_category", {}),
    ],
)
def test_only_short_answers_of_the_edition_are_kept(visitor: Client, key: str, sent: dict[str, str]) -> None:
    page = visitor.post(ASK, {"question": key, "go": "next", **sent})
    assert page.status_code == 422
    assert "first_verdict" not in visitor.session


def test_tables_and_other_keys_are_not_kept(visitor: Client) -> None:
    for key in ("control_chain", "clear_text_table", "nonsense"):
        visitor.post(ASK, {"question": key, "go": "next", f"q-{key}-answer": "unknown"})
    assert "first_verdict" not in visitor.session


def test_a_session_that_cannot_be_read_begins_again(visitor: Client) -> None:
    for broken in ("text", {"edition": "0" * 64, "day": "2026-01-01", "said": {}}, {"said": []}):
        session = visitor.session
        session["first_verdict"] = broken
        session.save()
        assert asked_in(visitor.get(ASK)) == "data_category"  # type: ignore[arg-type]


def test_the_site_can_close_it(visitor: Client, settings: Any) -> None:
    settings.FIRST_VERDICT = False
    for address in (ASK, RESULT, PDF):
        assert visitor.get(address).status_code == 404


def test_it_is_rate_limited(visitor: Client) -> None:
    statuses = {visitor.post(ASK, {"question": "nonsense", "go": "next"}).status_code for _ in range(130)}
    assert statuses == {302, 429}


def test_who_could_host_it_is_told_without_an_account(visitor: Client) -> None:
    hosts = reverse("first-verdict-hosts")
    assert visitor.get(hosts).status_code == 302
    load_profile(read_profile(shipped_profile("oodrive")), None)
    walk(visitor)
    assert hosts in visitor.get(RESULT).content.decode()
    page = visitor.get(hosts)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Oodrive" in text
    assert "Make it an offer" not in text
    assert reverse("profiles") not in text.split("<main")[1]
    assert "0 ways out of" in visitor.get(hosts, {"country": "US"}).content.decode()
    assert not Assessment.objects.exists()
