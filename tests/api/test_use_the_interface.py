"""The interface: what a token opens, what it refuses, and how every refusal is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checklists.core.people.permissions import ALLOWED, Action, Role
from checklists.models import ApiToken, Assessment, Membership, Offer, TrailEntry, User
from checklists.services.api.tokens import TokenRefused, create_token, find_token, renew_token, revoke_token
from tests.figures import count

ROOT = "/api/v1"
SOON = timedelta(days=30)


def token_for(user: User, *scopes: Action, **more: Any) -> str:
    made = create_token(name="a program", by=user, scopes=scopes or Action, expires_at=timezone.now() + SOON, **more)
    return made[1]


def call(method: str, path: str, token: str = "", body: object = None, **headers: str) -> Any:
    sent = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
    sent |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    data = b"" if body is None else json.dumps(body).encode()
    return Client().generic(method, ROOT + path, data, content_type="application/json", **sent)


def problem(response: Any, status: int) -> Mapping[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told: Mapping[str, Any] = json.loads(response.content)
    assert told["status"] == status
    assert told["detail"]
    return told


@pytest.fixture
def token(officer: User) -> str:
    return token_for(officer)


def test_begin_an_assessment_answer_it_and_read_its_judgement(officer: User, token: str) -> None:
    organisation = officer.organisations.get()
    sent = {"organisation": organisation.pk, "name": "Registre", "reference_date": "2026-11-30"}
    made = call("POST", "/assessments", token, sent)
    assert made.status_code == 201
    assessment = made.json()
    assert made["Location"].endswith(f"/assessments/{assessment['id']}")
    offer = call("POST", f"/assessments/{assessment['id']}/offers", token, {"name": "Une offre"}).json()
    saved = call(
        "PUT",
        f"/offers/{offer['id']}/answers/key_holder",
        token,
        {"status": "answered", "value": "provider"},
        if_match='"0"',
    )
    assert saved.status_code == 200
    assert saved["ETag"] == '"1"'
    account = call("GET", f"/offers/{offer['id']}/judgement", token).json()["account"]
    assert account["questions"]["key_holder"]["option"] == "provider"
    assert TrailEntry.objects.filter(kind="assessment.added", details__token__startswith="a program").exists()


def test_a_change_says_the_revision_it_rests_on(example: Offer, token: str) -> None:
    path = f"/offers/{example.pk}/answers/key_holder"
    standing = call("GET", path, token)
    mine = {"status": "answered", "value": "customer_only"}
    problem(call("PUT", path, token, mine), 428)
    problem(call("PUT", path, token, mine, if_match='"x"'), 422)
    first = call("PUT", path, token, mine, if_match=standing["ETag"])
    assert first.status_code == 200
    other = {"status": "unknown"}
    late = call("PUT", path, token, other, if_match=standing["ETag"])
    told = problem(late, 412)
    assert told["current"]["value"] == "customer_only"
    assert told["sent"]["status"] == "unknown"
    assert late["ETag"] == first["ETag"]
    assert call("PUT", path, token, mine, if_match=standing["ETag"]).status_code == 200  # what stands, sent again


def test_what_is_wrong_is_pointed_at(officer: User, example: Offer, token: str) -> None:
    path = f"/offers/{example.pk}/answers/key_holder"
    told = problem(call("PUT", path, token, {"status": "answered", "value": "nobody"}, if_match='"1"'), 422)
    assert told["errors"][0]["pointer"] == "/value"
    told = problem(call("PUT", path, token, {"status": "not_applicable"}, if_match='"1"'), 422)
    assert told["errors"][0]["pointer"] == "/justification"
    sent = {"organisation": "x", "name": "", "reference_date": "yesterday"}
    told = problem(call("POST", "/assessments", token, sent), 422)
    assert {error["pointer"] for error in told["errors"]} == {"/organisation", "/name", "/reference_date"}
    problem(call("GET", "/assessments?cursor=nonsense", token), 422)
    problem(call("GET", "/nowhere", token), 404)
    problem(call("PATCH", "/assessments", token), 405)
    french = call("PUT", path, token, {"status": "unknown"}, accept_language="fr")
    assert "révision" in problem(french, 428)["detail"]


def test_a_key_makes_a_request_count_once(officer: User, token: str) -> None:
    sent = {"organisation": officer.organisations.get().pk, "name": "Une fois", "reference_date": "2026-11-30"}
    first, again = (call("POST", "/assessments", token, sent, idempotency_key="k1") for _ in range(2))
    assert first.json() == again.json()
    assert Assessment.objects.filter(name="Une fois").count() == 1
    problem(call("POST", "/assessments", token, {**sent, "name": "Autre"}, idempotency_key="k1"), 422)


def test_a_token_opens_nothing_once_it_ended_was_revoked_or_was_changed(officer: User, example: Offer) -> None:
    working = token_for(officer, Action.READ)
    path = f"/offers/{example.pk}"
    assert call("GET", path, working).status_code == 200
    tried = 0
    other_kind, no_secret = working.replace("pck_", "pcx_"), f"pck_{working[4:12]}_"
    for forged in ("", "x", working[:-1], working + "a", other_kind, no_secret, "pck__"):
        problem(call("GET", path, forged), 401)
        tried += 1
    found = find_token(working)
    assert found is not None
    revoke_token(found)
    problem(call("GET", path, working), 401)
    ended = token_for(officer, Action.READ)
    ApiToken.objects.filter(revoked_at=None).update(expires_at=timezone.now())
    problem(call("GET", path, ended), 401)
    gone = token_for(officer, Action.READ)
    officer.is_active = False
    officer.save()
    problem(call("GET", path, gone), 401)
    count("tokens of the interface", "accepted", tried=tried + 3, faults=0)


def test_no_token_does_more_than_its_scopes_and_its_holders_present_role(example: Offer, officer: User) -> None:
    """Every role and scope on every kind of request: what is allowed passes, the rest is refused."""
    membership = Membership.objects.get(user=officer)
    organisation = membership.organisation_id
    requests = (
        (Action.READ, "GET", f"/offers/{example.pk}", None, {}),
        (Action.READ, "GET", f"/offers/{example.pk}/judgement", None, {}),
        (Action.READ, "GET", f"/assessments/{example.assessment_id}/answers", None, {}),
        (Action.ANSWER, "PUT", f"/offers/{example.pk}/answers/key_holder", {"status": "unknown"}, {"if_match": '"99"'}),
        (Action.ISSUE_REPORT, "POST", f"/offers/{example.pk}/reports", {"language": "xx"}, {}),
        (Action.MANAGE_ASSESSMENT, "PATCH", f"/assessments/{example.assessment_id}", {"description": "d"}, {}),
        (
            Action.MANAGE_ASSESSMENT,
            "POST",
            "/assessments",
            {"organisation": organisation, "name": "n", "reference_date": "2026-01-01"},
            {},
        ),
    )
    tokens = {scope: token_for(officer, scope) for scope in Action}
    wrong = tried = 0
    for role in (Role.OWNER, Role.CONTRIBUTOR, Role.REVIEWER, Role.READER, None):
        Membership.objects.filter(pk=membership.pk).delete()
        if role is not None:
            Membership.objects.create(pk=membership.pk, user=officer, organisation_id=organisation, role=role)
        for scope, token in tokens.items():
            for needed, method, path, body, headers in requests:
                status = call(method, path, token, body, **headers).status_code
                may = scope is needed and role is not None and needed in ALLOWED[role]
                wrong += (status in (401, 403, 404)) is may
                tried += 1
    count("requests to the interface over scopes and roles", "wrong", tried=tried, faults=wrong)
    assert wrong == 0


def test_a_token_is_limited_to_chosen_assessments_and_to_an_organisation(
    example: Offer, officer: User, stranger: User
) -> None:
    limited = token_for(officer, Action.READ, assessments=[example.assessment])
    assert [row["id"] for row in call("GET", "/assessments", limited).json()["items"]] == [str(example.assessment_id)]
    assert call("GET", "/organisations", limited).json() == []
    other = token_for(stranger, Action.READ)
    problem(call("GET", f"/assessments/{example.assessment_id}", other), 404)
    shared = token_for(officer, Action.READ, organisation=officer.organisations.get())
    assert call("GET", f"/offers/{example.pk}", shared).status_code == 200
    Membership.objects.filter(user=officer).delete()
    assert call("GET", f"/offers/{example.pk}", shared).status_code == 200


def test_what_a_token_cannot_be(officer: User) -> None:
    now = timezone.now()
    organisation = officer.organisations.get()
    for more in (
        {"name": " "},
        {"scopes": []},
        {"expires_at": now},
        {"expires_at": now + timedelta(days=400)},
        {"organisation": organisation, "scopes": [Action.MANAGE_ORGANISATION]},
    ):
        with pytest.raises(TokenRefused):
            create_token(**{"name": "n", "by": officer, "scopes": [Action.READ], "expires_at": now + SOON} | more)
    Membership.objects.filter(user=officer).update(role=Role.READER)
    with pytest.raises(TokenRefused):
        create_token(name="n", by=officer, scopes=[Action.ANSWER], expires_at=now + SOON)


def test_renewing_keeps_the_scopes_and_ends_the_old_one(officer: User) -> None:
    old = find_token(token_for(officer, Action.READ))
    assert old is not None
    fresh, secret = renew_token(old, officer, timezone.now() + SOON)
    assert fresh.scopes == old.scopes
    assert find_token(secret) == fresh
    assert not old.is_working


def test_the_list_costs_the_same_however_long_it_is(
    officer: User, example: Offer, token: str, django_assert_num_queries: Any
) -> None:
    organisation = officer.organisations.get()
    call("GET", "/assessments", token)
    with django_assert_num_queries(2):
        call("GET", "/assessments?limit=5", token)
    rows = [
        Assessment(
            organisation=organisation, edition=example.assessment.edition, name=f"{n}", reference_date="2026-01-01"
        )
        for n in range(60)
    ]
    Assessment.objects.bulk_create(rows)
    with django_assert_num_queries(2):
        page = call("GET", "/assessments?limit=5", token).json()
    seen = [row["id"] for row in page["items"]]
    while page["next"]:
        page = call("GET", f"/assessments?limit=25&cursor={page['next']}", token).json()
        seen += [row["id"] for row in page["items"]]
    assert len(seen) == len(set(seen)) == 61


def test_anyone_verifies_a_report_and_learns_no_more(example: Offer, token: str) -> None:
    answer = call("POST", f"/offers/{example.pk}/reports", token, {"language": "en", "form": "summary"})
    assert answer.status_code == 202
    report = answer.json()
    assert answer["Location"].endswith(report["id"])
    assert report["state"] == "waiting"
    problem(call("GET", f"/reports/{report['id']}/report.pdf", token), 409)
    assert call("GET", f"/reports/{report['id']}/assessment.json", token).status_code == 200
    problem(call("GET", "/verify/0000-0000-0000-0000"), 404)


def test_the_description_is_valid_and_says_every_answer() -> None:
    from openapi_spec_validator import validate

    document = Client().get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    validate(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert {"401", "403", "404"} <= set(operation["responses"]) or "security" not in operation


def test_tokens_are_made_and_ended_in_the_browser(desk: Client, officer: User) -> None:
    page = desk.post("/person/tokens/", {"name": "Script", "scopes": ["read"], "days": "10"})
    secret = page.content.decode().partition('<code class="said">')[2].partition("<")[0]
    assert find_token(secret) is not None
    assert secret not in desk.get("/person/tokens/").content.decode()
    token = ApiToken.objects.get()
    renewed = desk.post(f"/tokens/{token.pk}/renew/").content.decode()
    assert find_token(secret) is None
    assert "Script" in renewed
    fresh = ApiToken.objects.get(revoked_at=None)
    assert desk.post(f"/tokens/{fresh.pk}/revoke/").status_code == 302
    assert desk.post("/person/tokens/", {"name": "", "scopes": ["read"], "days": "999"}).status_code == 422
    assert desk.get("/api/").status_code == 200
