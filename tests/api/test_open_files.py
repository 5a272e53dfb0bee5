"""An assessment that was never issued: out as a file, in again, out again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from django.test import Client
from pydantic import ValidationError

from checklists.models import Assessment, Evidence, Need, Offer, OfferAction, Provision, TransitionPlan, User
from checklists.packs.reports.record import Record, json_schema
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.capacity import state_need, state_provision
from checklists.services.evidence.keep_evidence import answer_for_evidence, hold_to_evidence
from checklists.services.judging.judge_offer import edition_of, judge_offer
from checklists.services.records.freeze_draft import freeze_draft
from checklists.services.transition import begin_plan
from tests.api.test_use_the_interface import call, problem, token_for
from tests.figures import count


@pytest.fixture
def whole(example: Offer, officer: User) -> Assessment:
    """The example with a second and a third offer, evidence, capacities, two plans and actions in hand."""
    assessment = example.assessment
    hold_to_evidence(assessment, held=True)
    second = add_offer(assessment, name="Seconde offre", provider="Société", is_current=False)
    third = add_offer(assessment, name="Troisième", is_current=True)
    for offer, value in ((second, "customer_only"), (third, "provider")):
        question = edition_of(assessment).questions["key_holder"]
        save_answer(
            assessment=assessment, offer=offer, question=question, said=Said("answered", value), revision=0, by=officer
        )
    for offer in (example, second):
        Evidence.objects.create(
            answer=answer_for_evidence(assessment, offer, "key_holder"),
            kind="contract",
            strength="document",
            title="Contrat « clés »",
            valid_until=date(2030, 1, 1),
            original_name="contrat.pdf",
            size=1200,
            sha256="0" * 64,
            note="Annexe 3",
        )
    state_need(assessment, {"cpu": 12, "availability": "99.9", "support": "always", "services": ["kubernetes"]})
    state_provision(second, {"cpu": 16, "note": "Fiche"})
    TransitionPlan.objects.filter(offer=example).delete()
    for offer, target in ((example, second), (third, example)):
        plan = begin_plan(offer, date(2026, 12, 1), officer)
        plan.target = target
        plan.save()
    for offer in (example, second):
        OfferAction.objects.create(offer=offer, key="fix.key_holder", state="under_way", note="Devis demandé")
    return assessment


def _bring(desk: Client, contents: bytes, **more: str) -> Any:
    file = io.BytesIO(contents)
    file.name = "a.json"
    return desk.post("/assessments/import/", {"file": file, **more})


def test_out_in_and_out_again_gives_the_same_bytes(desk: Client, whole: Assessment) -> None:
    first = desk.get(f"/assessments/{whole.pk}/assessment.json")
    document = json.loads(first.content)
    assert document["is_draft"] is True
    assert document["issue"] is None
    shown = _bring(desk, first.content, look="1")
    assert shown.status_code == 200, shown.content.decode().partition("invalid-feedback")[2][:600]
    assert Assessment.objects.count() == 1
    page = shown.content.decode()
    assert "Troisième" in page
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    made = desk.post("/assessments/import/", {"kept": kept})
    assert made.status_code == 302, made.content
    brought = Assessment.objects.exclude(pk=whole.pk).get()
    assert desk.get(f"/assessments/{brought.pk}/assessment.json").content == first.content
    pairs = zip(whole.offers.all(), brought.offers.all(), strict=True)
    assert all(judge_offer(old).to_bytes() == judge_offer(new).to_bytes() for old, new in pairs)
    assert (Need.objects.count(), Provision.objects.count(), TransitionPlan.objects.count()) == (2, 2, 4)
    assert desk.post("/assessments/import/", {"kept": kept[:-3] + "abc"}).status_code == 422


def test_the_file_is_valid_for_two_readers_of_the_published_schema(whole: Assessment) -> None:
    schema = json.loads(json.dumps(json_schema()))
    document = json.loads(freeze_draft(whole).to_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    jsonschema_rs.Draft202012Validator(schema).validate(document)
    document["record"]["actions"][0]["state"] = "nothing"
    assert not jsonschema.Draft202012Validator(schema).is_valid(document)
    assert not jsonschema_rs.Draft202012Validator(schema).is_valid(document)


def test_programs_take_it_and_bring_it_back(officer: User, whole: Assessment) -> None:
    token = token_for(officer)
    out = call("GET", f"/assessments/{whole.pk}/assessment.json", token)
    assert out.status_code == 200
    owner = officer.organisations.get().pk
    made = call(
        "POST", f"/assessments/import?organisation={owner}", token, json.loads(out.content), idempotency_key="a"
    )
    assert made.status_code == 201, made.content
    again = call(
        "POST", f"/assessments/import?organisation={owner}", token, json.loads(out.content), idempotency_key="a"
    )
    assert again.json() == made.json()
    assert call("GET", f"/assessments/{made.json()['id']}/assessment.json", token).content == out.content
    alone = call(
        "POST", "/assessments", token, {"organisation": owner, "name": "Vide", "reference_date": "2026-11-30"}
    ).json()
    problem(call("GET", f"/assessments/{alone['id']}/assessment.json", token), 409)


def _set(*path: str | int) -> Callable[[Any, Any], None]:
    def change(document: Any, value: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


STEP = ("transition_plan", "steps", 0)
HOSTILE: tuple[tuple[Callable[[Any, Any], None], Any], ...] = (
    (_set("surprise"), 1),
    (_set("answers", 0, "status"), "sure"),
    (_set("answers", 0, "question"), "no_such_question"),
    (_set("evidence", 0, "valid_from"), "2031-01-01"),
    (_set("evidence", 0, "link"), "javascript:alert(1)"),
    (_set("evidence", 0, "question"), "nothing"),
    (_set("evidence", 0, "size"), 10**30),
    (_set(*STEP, "number"), 2),
    (_set(*STEP, "after"), "tomorrow"),
    (_set(*STEP, "title"), "\x00"),
    (_set("actions"), [{"key": "a", "state": "done"}] * 2),
    (_set("comparison", "alternatives", 0, "answers", 0, "value"), "nobody"),
    (_set("comparison", "need", "quantities", "cpu"), "12.5"),
    (_set("reference_date"), "2026-02-30"),
    (_set("subject", "assessment"), ""),
    (_set("judgement", "verdict"), {"worst": "sovereign", "best": "sovereign"}),
)


def test_a_hostile_file_makes_nothing_and_says_where(officer: User, whole: Assessment) -> None:
    token, owner = token_for(officer), officer.organisations.get().pk
    accepted = 0
    for change, value in HOSTILE:
        document = json.loads(freeze_draft(whole).to_bytes())
        change(document["record"], value)
        with suppress(ValidationError):
            document["sha256"] = Record.model_validate_json(json.dumps(document["record"])).sha256
        answer = call("POST", f"/assessments/import?organisation={owner}", token, document)
        accepted += answer.status_code == 201
        assert answer.status_code in (409, 422), (value, answer.content)
        told = problem(answer, answer.status_code)
        assert answer.status_code == 409 or told["errors"][0]["pointer"].startswith("/record"), (value, told)
    assert Assessment.objects.count() == 1
    count("hostile files of an assessment", "accepted", tried=len(HOSTILE), faults=accepted)


def test_faults_are_told_in_words_in_the_reader_s_language(desk: Client, whole: Assessment) -> None:
    document = json.loads(freeze_draft(whole).to_bytes())
    document["record"]["answers"][0]["status"] = "sure"
    desk.cookies["django_language"] = "fr"
    page = _bring(desk, json.dumps(document).encode()).content.decode()
    assert "/record/answers/0/status" in page
    assert "valeur" in page
    assert "Input should" not in page
