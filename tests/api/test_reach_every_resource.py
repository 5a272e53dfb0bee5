"""Every address of the interface over roles and scopes: a new one without a row here fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from checklists.api.problems import Problem
from checklists.api.v1 import api
from checklists.core.people.permissions import Action, Role, allows
from checklists.models import Evidence, Membership, Offer, PortfolioLine, TransitionPlan, User
from checklists.services.evidence.keep_evidence import answer_for_evidence
from checklists.services.judging.judge_offer import edition_of
from checklists.services.portfolio.refresh_standings import refresh_all
from checklists.services.reports.issue_report import issue_report
from tests.api.test_use_the_interface import ROOT, call, problem, token_for
from tests.figures import count

ANYWHERE = "anywhere"
"""Opens to any token with the scope: it lists or holds what its holder may see, or what is public."""
STEP = {"title": "Copie", "low": 1, "likely": 2, "high": 3}
PLAN = {"starts_on": "2026-12-01", "steps": [STEP]}
EVIDENCE = {"title": "t", "kind": "other", "strength": "claim"}
SAW = {"if_match": '"0"'}


@dataclass(frozen=True)
class Row:
    """The scope an address asks for, and a request that gets as far as it: '' for none beyond a token."""

    may: str
    body: Any = None
    more: str = ""
    open_to: str = ""
    headers: Any = None


ANSWER, MANAGE = Action.ANSWER, Action.MANAGE_ASSESSMENT
ROWS: dict[str, Row] = {
    "GET /organisations": Row(Action.READ, open_to=ANYWHERE),
    "GET /organisations/{organisation_id}/trail": Row(Action.MANAGE_ORGANISATION),
    "GET /assessments": Row(Action.READ, open_to=ANYWHERE),
    "POST /assessments": Row(
        MANAGE, {"organisation": "{organisation_id}", "name": "n", "reference_date": "2026-01-01"}
    ),
    "POST /assessments/import": Row(MANAGE, {}, more="?organisation={organisation_id}"),
    "GET /assessments/{assessment_id}": Row(Action.READ),
    "PATCH /assessments/{assessment_id}": Row(MANAGE, {"description": "d"}),
    "DELETE /assessments/{assessment_id}": Row(MANAGE),
    "GET /assessments/{assessment_id}/assessment.json": Row(Action.READ),
    "GET /assessments/{assessment_id}/offers": Row(Action.READ),
    "POST /assessments/{assessment_id}/offers": Row(MANAGE, {"name": "n"}),
    "GET /assessments/{assessment_id}/answers": Row(Action.READ),
    "GET /assessments/{assessment_id}/answers/{question}": Row(Action.READ),
    "PUT /assessments/{assessment_id}/answers/{question}": Row(ANSWER, {"status": "unknown"}),
    "POST /assessments/{assessment_id}/answers/{question}/evidence": Row(ANSWER),
    "GET /assessments/{assessment_id}/evidence": Row(Action.READ),
    "GET /assessments/{assessment_id}/need": Row(Action.READ),
    "PUT /assessments/{assessment_id}/need": Row(ANSWER, {"cpu": 4}),
    "GET /assessments/{assessment_id}/comparison": Row(Action.READ),
    "GET /assessments/{assessment_id}/hosts": Row(Action.READ),
    "POST /assessments/{assessment_id}/hosts": Row(MANAGE, {"profile": 0}),
    "GET /offers/{offer_id}": Row(Action.READ),
    "PUT /offers/{offer_id}": Row(MANAGE, {"name": "n"}),
    "GET /offers/{offer_id}/answers": Row(Action.READ),
    "GET /offers/{offer_id}/answers/{question}": Row(Action.READ),
    "PUT /offers/{offer_id}/answers/{question}": Row(ANSWER, {"status": "unknown"}),
    "POST /offers/{offer_id}/answers/{question}/evidence": Row(ANSWER),
    "GET /offers/{offer_id}/control-chain": Row(Action.READ),
    "PUT /offers/{offer_id}/control-chain": Row(ANSWER, {"entities": [], "links": []}),
    "GET /offers/{offer_id}/clear-text": Row(Action.READ),
    "PUT /offers/{offer_id}/clear-text": Row(ANSWER, {"rows": {}}),
    "GET /offers/{offer_id}/provision": Row(Action.READ),
    "PUT /offers/{offer_id}/provision": Row(ANSWER, {"cpu": 4}),
    "GET /offers/{offer_id}/unmet-needs": Row(Action.READ),
    "GET /offers/{offer_id}/judgement": Row(Action.READ),
    "GET /offers/{offer_id}/actions": Row(Action.READ),
    "PUT /offers/{offer_id}/actions/{action}": Row(ANSWER, {}),
    "GET /offers/{offer_id}/lenses": Row(Action.READ),
    "GET /offers/{offer_id}/transition": Row(Action.READ),
    "PUT /offers/{offer_id}/transition": Row(ANSWER, PLAN),
    "DELETE /offers/{offer_id}/transition": Row(ANSWER),
    "GET /offers/{offer_id}/reports": Row(Action.READ),
    "POST /offers/{offer_id}/reports": Row(Action.ISSUE_REPORT, {"language": "xx"}),
    "GET /reports/{report_id}": Row(Action.READ),
    "GET /reports/{report_id}/report.pdf": Row(Action.READ),
    "GET /reports/{report_id}/assessment.json": Row(Action.READ),
    "GET /evidence/{evidence_id}": Row(Action.READ),
    "GET /evidence/{evidence_id}/file": Row(Action.READ),
    "GET /portfolio": Row(Action.READ, open_to=ANYWHERE),
    "GET /deadlines": Row(Action.READ, open_to=ANYWHERE),
    "GET /checklists": Row("", open_to=ANYWHERE),
    "GET /checklists/{key}/{number}": Row("", open_to=ANYWHERE),
    "GET /profiles": Row("", open_to=ANYWHERE),
    "GET /verify/{code}": Row("", open_to=ANYWHERE),
}


def _known() -> set[str]:
    paths = api.get_openapi_schema()["paths"]
    return {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, methods in paths.items() for method in methods}


@pytest.mark.django_db
def test_every_address_has_a_row() -> None:
    assert _known() == set(ROWS)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _fill(part: Any, places: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        return {key: _fill(value, places) for key, value in part.items()}
    if isinstance(part, str) and (whole := re.fullmatch(r"\{(\w+)\}", part)):
        return places[whole[1]]
    return re.sub(r"\{(\w+)\}", lambda found: str(places[found[1]]), part) if isinstance(part, str) else part


def _places(example: Offer) -> dict[str, Any]:
    answer = answer_for_evidence(example.assessment, example, "key_holder")
    evidence = Evidence.objects.create(answer=answer, kind="other", strength="claim", title="t")
    questions = edition_of(example.assessment).questions
    report, _ = issue_report(example, language="en", form="summary", by=None)
    return {
        "organisation_id": example.assessment.organisation_id,
        "assessment_id": example.assessment_id,
        "offer_id": example.pk,
        "question": "key_holder",
        "workload_question": next(key for key, one in questions.items() if one.scope == "workload"),
        "action": "find-key_holder",
        "report_id": report.pk,
        "evidence_id": evidence.pk,
        "key": example.assessment.edition.checklist,
        "number": example.assessment.edition.number,
        "code": "AAAA-AAAA-AAAA-AAAA",
    }


def _opens(name: str, places: dict[str, Any], token: str) -> bool:
    """Whether the request was refused for what it asks, or done; and not for who asks."""
    method, path = name.split(" ")
    row = ROWS[name]
    question = places["workload_question"] if "/assessments/{" in path else places["question"]
    where = _fill(path + row.more, places | {"question": question})
    with _undone():
        if name.endswith("/evidence") and method == "POST":
            answer = Client().post(f"{ROOT}{where}", EVIDENCE, headers={"Authorization": f"Bearer {token}"})
        else:
            answer = call(method, where, token, _fill(row.body, places))
    assert answer.status_code < 500, (name, answer.content)
    if answer.status_code in (401, 403):
        return False
    kind = "" if answer.status_code < 400 else answer.json()["type"].rpartition(":")[2]
    return kind != "not-found" or row.open_to == ANYWHERE or name in GONE


GONE = {"GET /offers/{offer_id}/transition", "DELETE /offers/{offer_id}/transition", "GET /evidence/{evidence_id}/file"}
"""Where nothing is there for anybody: the access to them is that of what they hang on."""


def test_each_resource_says_and_keeps_what_the_pages_do(example: Offer, officer: User) -> None:
    """One walk: what is written is read again, and a second writer on an old revision is refused."""
    token, at = token_for(officer), f"/offers/{example.pk}"
    chain = call("GET", f"{at}/control-chain", token)
    sent = {"entities": [{"id": "A", "name": "Hôte", "country": "FR", "role": "contracting"}], "links": []}
    kept = call("PUT", f"{at}/control-chain", token, sent, if_match=chain["ETag"])
    assert kept.status_code == 200, kept.content
    assert kept.json()["contracting_country"] == "FR"
    problem(call("PUT", f"{at}/control-chain", token, {**sent, "entities": []}, if_match=chain["ETag"]), 412)
    told = problem(call("PUT", f"{at}/control-chain", token, {"entities": [{"id": "?"}], "links": []}, **SAW), 422)
    assert told["errors"][0]["pointer"] == "/entities/0/id"
    table = call("GET", f"{at}/clear-text", token)
    rows = {"rows": {"content": {"rest": "encrypted", "keys": "provider"}}}
    read = call("PUT", f"{at}/clear-text", token, rows, if_match=table["ETag"]).json()
    assert read["content"] is True
    assert call("PUT", f"/assessments/{example.assessment_id}/need", token, {"cpu": 8}).json()["cpu"] == 8
    assert [gap["need"] for gap in call("GET", f"{at}/unmet-needs", token).json()] == ["cpu"]
    TransitionPlan.objects.filter(offer=example).delete()
    problem(call("GET", f"{at}/transition", token), 404)
    plan = call("PUT", f"{at}/transition", token, PLAN, **SAW)
    assert (plan.status_code, plan.json()["likely"]) == (200, 2)
    first = plan.json()["steps"][0]["number"]
    more = {**PLAN, "steps": [{**STEP, "number": first}, {**STEP, "title": "Essai", "after": [first]}]}
    again = call("PUT", f"{at}/transition", token, more, if_match=plan["ETag"])
    assert again.json()["likely"] == 4
    problem(call("PUT", f"{at}/transition", token, PLAN, if_match=plan["ETag"]), 412)
    assert call("DELETE", f"{at}/transition", token).status_code == 204
    refresh_all(PortfolioLine.objects.all())
    line = call("GET", "/portfolio", token).json()["items"][0]
    assert line["assessment"] == str(example.assessment_id)
    assert line["asked"] >= line["answered"] > 0
    assert call("GET", f"/organisations/{example.assessment.organisation_id}/trail?limit=1", token).json()["next"]


def test_evidence_is_sent_as_a_form_and_fetched(example: Offer, officer: User) -> None:
    token = token_for(officer)
    path = f"/api/v1/offers/{example.pk}/answers/key_holder/evidence"
    said = {"title": "Contrat", "kind": "contract", "strength": "document", "valid_until": "2030-01-01"}
    file = SimpleUploadedFile("contrat.txt", "Article 12 : les clés restent chez le client.".encode())
    made = Client().post(path, {**said, "file": file}, headers={"Authorization": f"Bearer {token}"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert call("GET", f"/evidence/{told['id']}", token).json() | {"added_at": told["added_at"]} == told
    fetched = call("GET", f"/evidence/{told['id']}/file", token)
    assert fetched.content.startswith(b"Article 12")
    assert "attachment" in fetched["Content-Disposition"]
    listed = call("GET", f"/assessments/{example.assessment_id}/evidence", token).json()
    assert told["id"] in {one["id"] for one in listed["items"]}
    refused = Client().post(path, {**said, "title": ""}, headers={"Authorization": f"Bearer {token}"})
    assert problem(refused, 422)["errors"][0]["pointer"] == "/title"


def test_actions_lenses_comparison_and_hosts_are_told(example: Offer, officer: User) -> None:
    token, at = token_for(officer), f"/offers/{example.pk}"
    told = call("GET", f"{at}/actions", token).json()
    first = told["actions"][0]
    assert first["what"]
    taken = call("PUT", f"{at}/actions/{first['key']}", token, {"state": "under_way", "note": "Devis"}, **SAW)
    assert (taken.status_code, taken.json()["revision"]) == (200, 1)
    problem(call("PUT", f"{at}/actions/{first['key']}", token, {"state": "done"}, **SAW), 412)
    assert call("GET", f"{at}/lenses", token).status_code == 200
    compared = call("GET", f"/assessments/{example.assessment_id}/comparison", token).json()
    assert [one["offer"] for one in compared["offers"]] == [str(example.pk)]
    assert isinstance(call("GET", f"/assessments/{example.assessment_id}/hosts", token).json(), list)


def test_lists_cost_the_same_however_long_they_are(
    officer: User, example: Offer, django_assert_max_num_queries: Any
) -> None:
    token = token_for(officer)
    refresh_all(PortfolioLine.objects.all())
    for path, most in (("/portfolio", 4), (f"/assessments/{example.assessment_id}/evidence", 4), ("/deadlines", 12)):
        call("GET", path, token)
        with django_assert_max_num_queries(most):
            assert call("GET", path, token).status_code == 200


def test_no_role_and_no_scope_opens_more_than_the_table_says(
    example: Offer, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each address with only its scope, for each role; and with every scope but its own."""

    def reached(*_anything: object) -> None:
        raise Problem(409, "reached", "stop here")

    # What comes after the access is tried elsewhere: here it would only take time.
    for heavy in ("actions._plan", "comparing.shortlist", "comparing.compare_offers", "files.freeze_draft"):
        monkeypatch.setattr(f"checklists.api.{heavy}", reached)
    places = _places(example)
    membership = Membership.objects.get(user=officer)
    only = {scope: token_for(officer, scope) for scope in Action}
    but = {scope: token_for(officer, *(other for other in Action if other != scope)) for scope in Action}
    tried, wrong = 0, []
    for role in (Role.OWNER, Role.CONTRIBUTOR, Role.REVIEWER, Role.READER, None):
        Membership.objects.filter(user=officer).delete()
        if role:
            Membership.objects.create(user=officer, organisation=membership.organisation, role=role)
        for name, row in ROWS.items():
            if not row.may:
                continue
            expected = row.open_to == ANYWHERE or allows(role, row.may)
            checks = [(only[Action(row.may)], expected), (but[Action(row.may)], False)]
            for token, wanted in checks:
                tried += 1
                if name in GONE and role is None:
                    continue
                if _opens(name, places, token) is not wanted and not (name in GONE and wanted is False):
                    wrong.append((name, role, wanted))
    count("addresses of the interface over roles and scopes", "wrong", tried=tried, faults=len(wrong))
    assert not wrong, wrong[:12]
