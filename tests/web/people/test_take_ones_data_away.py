"""Rights of persons: export, deletion, what must be done first, retention, a privacy page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from checklists.models import Answer, Assessment, Membership, Offer, Organisation, TrailEntry, User
from checklists.services.assessments import keep_assessment
from checklists.services.trail.record import acting
from checklists.services.trail.verify_trail import verify_trail


def test_the_export_holds_the_account_and_every_row_that_names_the_person(
    desk: Client, officer: User, example: Offer, stranger: User
) -> None:
    document = json.loads(desk.get("/person/my-data.json").content)
    assert document["account"]["email"] == officer.email
    assert "password" not in document["account"]
    assert document["membership"][0]["role"] == "owner"
    assert document["assessment"][0]["name"] == example.assessment.name
    assert len(document["answer"]) == Answer.objects.filter(updated_by=officer).count()
    assert document["trail"]
    assert stranger.email not in json.dumps(document)


def test_the_only_owner_of_others_is_told_what_to_do_first(desk: Client, officer: User) -> None:
    organisation = officer.organisations.get()
    other = User.objects.create_user("collegue@hopital.example", "a long pass phrase")
    Membership.objects.create(user=other, organisation=organisation, role="reader")
    page = desk.get("/person/delete/").content.decode()
    assert "Others depend on you" in page
    assert organisation.name in page
    desk.post("/person/delete/", {"email": officer.email, "password": "a long pass phrase"})
    assert User.objects.filter(pk=officer.pk).exists()


def test_deleting_asks_for_the_address_then_leaves_answers_and_an_unbroken_trail(
    desk: Client, officer: User, example: Offer
) -> None:
    organisation = officer.organisations.get()
    other = User.objects.create_user("collegue@hopital.example", "a long pass phrase")
    Membership.objects.create(user=other, organisation=organisation, role="owner")
    number = officer.pk
    assert desk.post("/person/delete/", {"email": "somebody@else.example"}).status_code == 422
    assert User.objects.filter(pk=number).exists()
    assert desk.post("/person/delete/", {"email": officer.email, "password": "a long pass phrase"}).status_code == 302
    assert not User.objects.filter(pk=number).exists()
    assert Answer.objects.filter(offer=example, updated_by=None).exists()
    assert TrailEntry.objects.filter(kind="person.erased", chain=organisation.pk, actor=number).exists()
    assert officer.email not in json.dumps(list(TrailEntry.objects.values("details")))
    assert verify_trail() == []
    assert desk.get("/assessments/").status_code == 302


def test_an_organisation_of_one_goes_with_its_person(desk: Client, officer: User, example: Offer) -> None:
    assert officer.organisations.get().name in desk.get("/person/delete/").content.decode()
    desk.post("/person/delete/", {"email": officer.email, "password": "a long pass phrase"})
    assert not Organisation.objects.exists()
    assert not Assessment.objects.exists()
    assert TrailEntry.objects.filter(kind="organisation.deleted").exists()
    assert verify_trail() == []


@pytest.fixture
def old(example: Offer) -> Assessment:
    """The example, unchanged for 13 months."""
    then = timezone.now() - timedelta(days=400)
    Assessment.objects.filter(pk=example.assessment_id).update(updated_at=then)
    return Assessment.objects.get(pk=example.assessment_id)


def test_retention_bins_then_deletes_as_the_organisation_set_it(
    old: Assessment, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("retain")
    assert "0 binned, 0 deleted" in capsys.readouterr().out
    Organisation.objects.update(bin_after=12, delete_after=6)
    call_command("retain", dry_run=True)
    assert f"bin: {old.name}" in capsys.readouterr().out
    old.refresh_from_db()
    assert old.binned_at is None
    call_command("retain")
    old.refresh_from_db()
    assert old.binned_at is not None
    call_command("retain")
    assert Assessment.objects.filter(pk=old.pk).exists()
    Assessment.objects.filter(pk=old.pk).update(binned_at=timezone.now() - timedelta(days=200))
    call_command("retain")
    assert "1 deleted" in capsys.readouterr().out
    assert not Assessment.objects.filter(pk=old.pk).exists()
    assert TrailEntry.objects.filter(kind="assessment.deleted", subject_id=str(old.pk), actor=None).exists()


def test_what_changed_last_month_is_left_alone(old: Assessment, officer: User) -> None:
    Organisation.objects.update(bin_after=12)
    with acting(lambda: officer):
        keep_assessment.change_assessment(old, name="Alive", description="", reference_date=old.reference_date)
    call_command("retain")
    old.refresh_from_db()
    assert old.binned_at is None


@pytest.mark.parametrize(("language", "words"), [("fr", "Ce qui est conservé"), ("en", "What is stored")])
def test_the_privacy_page_opens_to_everybody_from_the_footer(
    client: Client, db: None, language: str, words: str
) -> None:
    client.cookies["django_language"] = language
    assert "/privacy/" in client.get("/").content.decode()
    assert words in client.get("/privacy/").content.decode()
