"""Drafts are made in the background: once for the same contents, a few at a time for one person."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.test import Client

from checklists.documents import draft_press
from checklists.models import DraftFile, Offer, User
from checklists.services.reports import draft_files
from tests.figures import count


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was rendered, without the time it takes."""
    made: list[Any] = []

    def render(frozen: Any) -> bytes:
        made.append(frozen)
        return b"%PDF-made"

    monkeypatch.setattr(draft_press, "plain_pdf", render)
    return made


def test_the_same_contents_are_made_once_whoever_asks(desk: Client, example: Offer, rendered: list[Any]) -> None:
    files = [desk.get(f"/offers/{example.pk}/report/?language=fr") for _again in range(10)]
    assert {file.content for file in files} == {b"%PDF-made"}
    count("drafts asked with the same contents", "made again", tried=10, faults=len(rendered) - 1)
    assert len(rendered) == 1
    desk.get(f"/offers/{example.pk}/report/?language=en")
    assert len(rendered) == 2


def test_other_contents_are_made_anew(desk: Client, example: Offer, rendered: list[Any]) -> None:
    desk.get(f"/offers/{example.pk}/report/")
    Offer.objects.filter(pk=example.pk).update(name="Another name")
    desk.get(f"/offers/{example.pk}/report/")
    assert len(rendered) == 2


def test_a_person_waits_for_three_and_another_does_not(
    desk: Client, example: Offer, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checklists.web.reports.views.make_drafts_now", lambda: 0)
    monkeypatch.setattr("checklists.web.reports.views.OTHERS_WAIT", 0.0)
    addresses = [f"/offers/{example.pk}/report/?language={language}&form={form}" for language in ("fr", "en")
                 for form in ("full", "summary")]  # fmt: skip
    answers = [desk.get(address) for address in addresses]
    assert [answer["Location"].startswith("/drafts-of-reports/") for answer in answers] == [True, True, True, False]
    assert "3 files of yours" in desk.get(answers[-1]["Location"]).content.decode()
    assert DraftFile.objects.count() == 3
    page = desk.get(answers[0]["Location"])
    assert "Waiting for its turn" in page.content.decode()
    assert desk.get(f"{answers[0]['Location']}file/").status_code == 404
    monkeypatch.undo()
    monkeypatch.setattr(draft_press, "plain_pdf", lambda frozen: b"%PDF-made")
    draft_press.work_off_drafts()
    asked = desk.get(answers[0]["Location"], headers={"HX-Request": "true"})
    assert asked.status_code == 286
    assert "Download the draft" in asked.content.decode()
    assert desk.get(f"{answers[0]['Location']}file/").content == b"%PDF-made"


def test_sixty_an_hour_are_enough(example: Offer, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_files, "MOST_AN_HOUR", 1)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(officer)
    monkeypatch.setattr(draft_press, "plain_pdf", lambda frozen: b"%PDF-made")
    assert browser.get(f"/offers/{example.pk}/report/?language=fr").status_code == 200
    refused = browser.get(f"/offers/{example.pk}/report/?language=en")
    assert "within an hour" in browser.get(refused["Location"]).content.decode()


def test_a_draft_that_cannot_be_made_is_told_and_asked_again_is_tried_again(
    desk: Client, example: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(frozen: Any) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr(draft_press, "plain_pdf", fail)
    told = desk.get(f"/offers/{example.pk}/report/", follow=True)
    assert "could not be set in pages" in told.content.decode()
    monkeypatch.setattr(draft_press, "plain_pdf", lambda frozen: b"%PDF-made")
    assert desk.get(f"/offers/{example.pk}/report/").content == b"%PDF-made"


@pytest.mark.django_db(transaction=True)
def test_ten_people_are_answered_by_one_rendering_while_pages_come(
    example: Offer, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    started = threading.Event()
    finish = threading.Event()
    made: list[Any] = []

    def render(frozen: Any) -> bytes:
        made.append(frozen)
        started.set()
        finish.wait(10)
        return b"%PDF-made"

    monkeypatch.setattr(draft_press, "plain_pdf", render)
    answers: list[Any] = []

    def ask() -> None:
        browser = Client()
        browser.force_login(officer)
        answers.append(browser.get(f"/offers/{example.pk}/report/"))
        connection.close()

    people = [threading.Thread(target=ask) for _each in range(10)]
    for person in people:
        person.start()
    assert started.wait(20)
    browser = Client()
    browser.force_login(officer)
    assert browser.get(f"/offers/{example.pk}/result/").status_code == 200
    finish.set()
    for person in people:
        person.join()
    kinds = sorted(answer.status_code for answer in answers)
    assert set(kinds) <= {200, 302}
    assert len(made) == 1
