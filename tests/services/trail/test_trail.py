"""The trail writes itself, cannot be changed in the database, and says where it was tampered with."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from checklists.models import Edition, Membership, Offer, TrailEntry, User
from checklists.models.table_rules.declared import TRAIL_RULES
from checklists.models.table_rules.keep import declared_triggers
from checklists.models.table_rules.triggers import drop_triggers
from checklists.models.trail import INSTANCE
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments import keep_assessment
from checklists.services.judging.judge_offer import edition_of
from checklists.services.trail.record import acting, record, watched_models
from checklists.services.trail.verify_trail import verify_trail
from tests.replacing import REPLACING

UNWATCHED = {
    "user": "the sign-in signals tell of people",
    "reminder": "an e-mail sent, no change",
    "notice": "a pointer to what the trail tells already",
    "mailchoice": "what a person wants by e-mail is their own",
    "answer": "answerchange tells of each change",
    "provideranswer": "what a provider types; each sending of it is told",
    "idempotentrequest": "what a request sent twice is answered, kept for a day",
    "draft": "its own history tells of each change",
    "draftpart": "the history of its draft tells of each change",
    "draftchange": "the history of a draft",
    "profilechange": "the history of a profile, whose changes are told",
    "editionmove": "the service tells of a move, its undoing and its confirmation",
    "impactrun": "who asks for an impact is told by the service",
    "impactrow": "a figure, of nobody",
    "printjob": "where the making of a report stands",
    "draftfile": "a file kept for a day; each download of it is told",
    "printedreport": "the file of a report, whose issue is told",
    "portfolioline": "what the judge found, kept: it follows from what is told",
    "standing": "what the judge found, kept: it follows from what is told",
    "verdictchange": "the history of verdicts itself",
    "webhookmessage": "what is sent of what the trail tells, and its journal",
    "trailchain": "the trail itself",
    "trailentry": "the trail itself",
}


def test_every_model_is_watched_or_says_why_not() -> None:
    unwatched = set(apps.get_app_config("checklists").get_models()) - watched_models()
    assert {model._meta.model_name for model in unwatched} == set(UNWATCHED)


def test_a_change_says_who_what_before_and_after(example: Offer, officer: User) -> None:
    assessment = example.assessment
    with acting(lambda: officer):
        keep_assessment.change_assessment(
            assessment, name="Renamed", description="Dr Durand decides", reference_date=assessment.reference_date
        )
    entry = TrailEntry.objects.filter(kind="assessment.changed").latest("position")
    assert (entry.actor, entry.chain, entry.subject_id) == (officer.pk, assessment.organisation_id, str(assessment.pk))
    assert entry.details["changes"]["name"][1] == "Renamed"
    assert "Durand" not in json.dumps(entry.details)
    assert entry.details["changes"]["description"][1].startswith("sha256:")


def test_saving_without_a_change_leaves_no_entry(example: Offer) -> None:
    before = TrailEntry.objects.count()
    keep_assessment.change_offer(example, name=example.name, provider=example.provider, is_current=example.is_current)
    assert TrailEntry.objects.count() == before


def test_an_answer_tells_the_question_and_both_values_and_keeps_no_text(example: Offer, officer: User) -> None:
    question = edition_of(example.assessment).questions["key_holder"]
    said = Said("answered", "customer_only", comment="ask Mme Petit")
    with acting(lambda: officer):
        save_answer(assessment=example.assessment, offer=example, question=question, said=said, revision=1, by=officer)
    entry = TrailEntry.objects.filter(kind="answer.changed").latest("position")
    assert entry.details["question"] == "key_holder"
    assert entry.details["changes"]["value"] == ["provider", "customer_only"]
    assert "Petit" not in json.dumps(entry.details)


def test_what_fails_leaves_neither_change_nor_entry(example: Offer) -> None:
    before = TrailEntry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep_assessment.bin_assessment(example.assessment)
        raise ZeroDivisionError
    assert TrailEntry.objects.count() == before
    assert verify_trail() == []


def test_the_database_refuses_to_change_or_delete_an_entry(example: Offer) -> None:
    statements = ["UPDATE checklists_trailentry SET kind = 'x'", "DELETE FROM checklists_trailentry"]
    statements.append(REPLACING.format("checklists_trailentry"))
    before = list(TrailEntry.objects.values_list("sha256", flat=True))
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(TrailEntry.objects.values_list("sha256", flat=True)) == before


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE checklists_trailentry SET kind = 'x' WHERE position = 3", "entry 3: the entry is not what"),
        ("DELETE FROM checklists_trailentry WHERE position = 3", "entry 3: an entry is missing"),
        ("DELETE FROM checklists_trailentry WHERE position = (SELECT max(position) FROM checklists_trailentry)", "cut"),
        ("DELETE FROM checklists_trailchain WHERE chain > 0", "the head of the chain is gone"),
    ],
)
def test_verifytrail_finds_a_break_and_says_where(
    example: Offer, tampering: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    drop_triggers(connection, declared_triggers(connection, TRAIL_RULES))
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verifytrail")
    said = capsys.readouterr().err
    assert fault.replace("cut", "does not end where its head says") in said
    assert f"organisation {example.assessment.organisation_id}" in said
    assert "checklists_trailentry: trigger checklists_trailentry_no_update is missing" in said


def test_a_chain_rewritten_whole_does_not_match_the_heads_kept_elsewhere(
    example: Offer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "heads.json"
    call_command("verifytrail", write_heads=str(kept))
    assert "The trail holds" in capsys.readouterr().out
    record("report.downloaded", organisation=example.assessment.organisation_id)
    call_command("verifytrail", heads=str(kept))
    forged = json.loads(kept.read_text())
    forged[-1][2] = "f" * 64
    kept.write_text(json.dumps(forged))
    with pytest.raises(CommandError):
        call_command("verifytrail", heads=str(kept))
    assert "rewritten" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_unbroken_chain() -> None:
    failures: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(8):
                record("report.downloaded", organisation=41)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert TrailEntry.objects.filter(chain=41).count() == 48
    assert verify_trail() == []


def test_a_deleted_person_stays_a_number_and_the_chain_holds(example: Offer, officer: User) -> None:
    reader = User.objects.create_user("lecteur@hopital.example", "a long pass phrase")
    number = reader.pk
    with acting(lambda: reader):
        Membership.objects.create(user=reader, organisation=example.assessment.organisation, role="reader")
        reader.delete()
    assert TrailEntry.objects.filter(actor=number).count() == 2
    assert "lecteur" not in json.dumps(list(TrailEntry.objects.values_list("details", flat=True)))
    assert verify_trail() == []


def test_a_new_edition_is_told_in_the_instances_chain(edition: Edition) -> None:
    entry = TrailEntry.objects.get(kind="edition.added")
    assert entry.chain == INSTANCE
    assert entry.details["values"]["sha256"] == edition.sha256


def test_a_value_that_is_none_is_told_as_none_and_not_as_its_text(example: Offer) -> None:
    assessment = example.assessment
    keep_assessment.reassess_by(assessment, date(2027, 1, 31))
    keep_assessment.reassess_by(assessment, None)
    told = TrailEntry.objects.filter(kind="assessment.changed", subject_id=str(assessment.pk)).order_by("-position")
    assert [entry.details["changes"]["reassess_by"] for entry in told[:2]] == [
        ["2027-01-31", None],
        [None, "2027-01-31"],
    ]
