"""Owners read the trail in sentences, filter it and take it away; a spreadsheet computes nothing of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.core.trail import Link, first_break
from checklists.models import Membership, Offer, Organisation, TrailEntry, User
from checklists.services.assessments import keep_assessment
from checklists.services.trail.record import acting
from checklists.web.trail.views import formula_safe


@pytest.fixture
def organisation(officer: User) -> Organisation:
    return officer.organisations.get()


def read(desk: Client, organisation: Organisation, **asked: str) -> str:
    return desk.get(f"/organisations/{organisation.pk}/trail/", asked).content.decode()


def test_it_reads_as_sentences(desk: Client, organisation: Organisation, example: Offer, officer: User) -> None:
    desk.post(
        f"/offers/{example.pk}/answers/key_holder/",
        {"q-key_holder-answer": "option:customer_only", "q-key_holder-revision": "1"},
    )
    assert "dpo@hopital.example signed in" in read(desk, organisation, kind="person.signed_in")
    page = read(desk, organisation)
    for words in ("answered in", "The customer alone", "→"):
        assert words in page
    desk.cookies["django_language"] = "fr"
    assert "s’est connecté" in read(desk, organisation, kind="person.signed_in")


def test_it_is_filtered_by_person_kind_and_day(
    desk: Client, organisation: Organisation, example: Offer, officer: User
) -> None:
    with acting(lambda: officer):
        keep_assessment.change_offer(example, name="New name", provider="", is_current=True)
    assert (
        desk.get(f"/organisations/{organisation.pk}/trail/", {"kind": "offer.changed", "person": officer.pk})
        .context["page"]
        .paginator.count
        == 1
    )
    assert desk.get(f"/organisations/{organisation.pk}/trail/", {"until": "01/01/2000"}).context["lines"] == []
    mistaken = desk.get(f"/organisations/{organisation.pk}/trail/", {"since": "31/02/2026", "person": "x", "kind": "y"})
    assert mistaken.status_code == 422
    assert "not a date" in mistaken.content.decode()


def test_a_failed_sign_in_and_a_sign_out_are_told(client: Client, desk: Client, organisation: Organisation) -> None:
    Client().post("/account/login/", {"login": "dpo@hopital.example", "password": "wrong"})
    Client().post("/account/login/", {"login": "nobody@x.example", "password": "wrong"})
    assert "sign-in as dpo@hopital.example was refused" in read(desk, organisation)
    unknown = TrailEntry.objects.get(kind="person.refused", chain=0)
    assert "nobody" not in json.dumps([unknown.subject_id, unknown.details])
    desk.post("/account/logout/")
    assert TrailEntry.objects.filter(kind="person.signed_out", chain=organisation.pk).count() == 1


def test_a_deleted_person_is_a_number(desk: Client, organisation: Organisation) -> None:
    user = User.objects.create_user("parti@hopital.example", "a long pass phrase")
    Membership.objects.create(user=user, organisation=organisation, role="reader")
    number = user.pk
    user.delete()
    page = read(desk, organisation)
    assert f"a deleted person (no. {number})" in page
    assert "parti@" not in page


def test_downloading_a_report_and_exporting_the_trail_are_told(
    desk: Client, organisation: Organisation, example: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checklists.documents.draft_press.plain_pdf", lambda frozen: b"%PDF")
    desk.get(f"/offers/{example.pk}/report/")
    desk.get(f"/organisations/{organisation.pk}/trail.csv")
    page = read(desk, organisation)
    assert "downloaded the report of" in page
    assert "exported the trail" in page


def test_the_json_export_can_be_verified_by_anyone(desk: Client, organisation: Organisation, example: Offer) -> None:
    response = desk.get(f"/organisations/{organisation.pk}/trail.json")
    document = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    links = []
    for entry in document["entries"]:
        kept = entry.pop("sha256")
        links.append((Link(**entry | {"at": datetime.fromisoformat(entry["at"])}), kept))
    assert len(links) == TrailEntry.objects.filter(chain=organisation.pk).count()
    assert first_break(links) is None


def test_a_spreadsheet_computes_nothing_of_the_csv(desk: Client, organisation: Organisation, example: Offer) -> None:
    for name in ("=1+1", "+1", "-1", "@x", "\t=1", "  =1", '=HYPERLINK("http://x")'):
        keep_assessment.change_offer(example, name=name, provider=name, is_current=True)
    response = desk.get(f"/organisations/{organisation.pk}/trail.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert len(cells) > 100
    assert [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r")] == []
    assert formula_safe("Registry") == "Registry"


def test_queries_do_not_grow_with_the_entries(
    desk: Client, organisation: Organisation, example: Offer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    read(desk, organisation)
    for number in range(2):
        for more in range(60 * number):
            keep_assessment.change_offer(example, name=f"Offer {more}", provider="", is_current=True)
        with django_assert_num_queries(9):
            read(desk, organisation)
