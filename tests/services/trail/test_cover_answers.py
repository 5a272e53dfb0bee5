"""Rewriting an answer or its history in the database is told; a lost head is told, and nobody is kept from saving."""

from __future__ import annotations

import json

from django.db import connection
from django.test import Client

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.models import Answer, AnswerChange, Offer, TrailChain, TrailEntry, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.trail.verify_trail import verify_trail
from tests.figures import count


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def lift(table: str) -> None:
    """What a hand in the database does first; the test's transaction puts it back."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    else:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def rewritten(example: Offer) -> dict[str, tuple[str, tuple[object, ...]]]:
    answer = Answer.objects.get(offer=example, question="key_holder")
    change = AnswerChange.objects.filter(answer=answer).latest("revision")
    after = json.dumps(change.after | {"value": "rewritten"})
    return {
        "the value": (
            "UPDATE checklists_answer SET status = 'answered', value = %s WHERE id = %s", ("rewritten", answer.pk)),
        "the comment": ("UPDATE checklists_answer SET comment = %s WHERE id = %s", ("rewritten", answer.pk)),
        "the status": ("UPDATE checklists_answer SET status = %s WHERE id = %s", ("unanswered", answer.pk)),
        "the history": ("UPDATE checklists_answerchange SET after = %s WHERE id = %s", (after, change.pk)),
        "a change taken out": (
            "DELETE FROM checklists_answerchange WHERE answer_id = %s AND revision = 2", (answer.pk,)),
    }  # fmt: skip


def test_an_answer_or_a_history_rewritten_by_hand_is_told(example: Offer, officer: User, flagship: CoreEdition) -> None:
    for comment in ("one", "two", "three"):
        revision = Answer.objects.get(offer=example, question="key_holder").revision
        said = Said("unknown", comment=comment)
        save_answer(
            assessment=example.assessment,
            offer=example,
            question=flagship.questions["key_holder"],
            said=said,
            revision=revision,
            by=officer,
        )
    assert verify_trail() == []
    unseen = []
    attempts = rewritten(example)
    for title, (statement, values) in attempts.items():
        kept = list(Answer.objects.values()), list(AnswerChange.objects.values())
        sql(statement, *values)
        if {found.fault for found in verify_trail()}.isdisjoint({"answer", "history"}):
            unseen.append(title)
        for row in kept[0]:
            Answer.objects.filter(pk=row["id"]).update(**row)
        for row in kept[1]:
            if not AnswerChange.objects.filter(pk=row["id"]).update(**row):
                AnswerChange.objects.bulk_create([AnswerChange(**row)])
    count("answers rewritten in the database", "unseen", tried=len(attempts), faults=len(unseen))
    assert unseen == []
    assert verify_trail() == []


def test_a_lost_head_is_told_and_saving_goes_on(desk: Client, example: Offer) -> None:
    chain = example.assessment.organisation_id
    lift("checklists_trailchain")
    TrailChain.objects.filter(chain=chain).delete()
    assert "headless" in {found.fault for found in verify_trail()}
    answer = desk.post(f"/assessments/{example.assessment_id}/change/", {"name": "R2", "reference_date": "2026-01-01"})
    assert answer.status_code == 302
    assert TrailEntry.objects.filter(chain=chain, kind="trail.head_lost").count() == 1
    assert verify_trail() == []
