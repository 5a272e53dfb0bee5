"""What somebody types is text: on every page in a real browser, in the PDF, and in the files a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from checklists.core.review import Matter
from checklists.models import (
    Answer,
    Assessment,
    Comment,
    Membership,
    Need,
    Offer,
    Organisation,
    PlanStep,
    ProfileFact,
    ProviderProfile,
    Provision,
    ReviewAct,
    ReviewDecision,
    TransitionPlan,
    User,
)
from checklists.services.review.review_assessment import MatterDecision, close_round, decide, submit_for_review
from checklists.services.team.assign import Charge, assign
from checklists.services.team.discuss import add_comment
from checklists.services.transition import begin_plan
from tests.figures import count
from tests.services.made_profiles import a_profile

SHORT = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "' autofocus onfocus=alert(1) '",
    "</textarea><script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/m.png)",
    "=HYPERLINK('http://evil.example','x')",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
]
LONG = [
    *SHORT,
    "</script><script>fetch('http://evil.example')</script>",
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "<style>@import 'http://evil.example/a.css';</style>",
    "<link rel=stylesheet href=http://evil.example/b.css>",
    '<a href="javascript:alert(1)">x</a><form action="//evil.example"><button>x</button></form>',
    '<img src="file:///etc/passwd"><object data="http://evil.example/o"></object>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]
WRITTEN: dict[type[models.Model], tuple[str, ...]] = {
    User: ("first_name", "last_name"),
    Organisation: ("name",),
    Assessment: ("name", "description"),
    Offer: ("name", "provider"),
    Answer: ("comment", "justification"),
    Comment: ("text",),
    Need: ("note",),
    Provision: ("note",),
    PlanStep: ("title", "owner"),
    ProviderProfile: ("provider", "service", "note"),
    ProfileFact: ("source_title",),
    TransitionPlan: ("justification", "legal_basis", *TransitionPlan.GUARANTEES),
    ReviewAct: ("text",),
    ReviewDecision: ("remark",),
}
"""The fields that hold what people type."""
REPORTING = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
"""


def poison(turn: int) -> int:
    """Fill every field with as many payloads as it holds, another one first at each turn. How many were stored."""
    stored = 0
    for model, fields in WRITTEN.items():
        for field in fields:
            most = min(model._meta.get_field(field).max_length or 2000, 2000)
            payloads = LONG if most > 500 else SHORT
            text = ""
            for payload in payloads[turn % len(payloads) :] + payloads[: turn % len(payloads)]:
                if len(text) + len(payload) + 1 <= most:
                    text = f"{text} {payload}" if text else payload
                    stored += 1
            assert model.objects.update(**{field: text}), (model, field)
    return stored


@pytest.fixture
def full(example: Offer, officer: User) -> Offer:
    """An offer with something in each place that takes text."""
    begin_plan(example, timezone.localdate(), officer)
    colleague = User.objects.create_user("collegue@hopital.example")
    Membership.objects.create(user=colleague, organisation=example.assessment.organisation, role="contributor")
    assign(example.assessment, example, "keys", Charge(officer.pk), seen=Charge(), by=colleague)
    add_comment(example.assessment, example, "key_holder", "@dpo", colleague)
    add_comment(example.assessment, None, "", "@dpo", colleague)
    Need.objects.get_or_create(assessment=example.assessment)
    Provision.objects.get_or_create(offer=example)
    a_profile(officer)
    for answer in Answer.objects.filter(question__contains="chain", value__startswith="{"):
        chain = json.loads(answer.value)
        for entity in chain.get("entities", []):
            entity["name"] = LONG[0]
        Answer.objects.filter(pk=answer.pk).update(value=json.dumps(chain))
    submission = submit_for_review(example.assessment, "Note", colleague)
    decisions = {Matter.of(name): MatterDecision(False, "Remark", ("key_holder",)) for name in submission.matters}
    decide(example.assessment, decisions, officer)
    close_round(example.assessment, officer)
    return example


def test_nothing_typed_runs_in_a_browser(
    transactional_db: None, full: Offer, officer: User, browser: Browser, live_server: LiveServer
) -> None:
    client = Client()
    client.force_login(officer)
    context = browser.new_context(locale="fr", base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    context.add_init_script(REPORTING)
    page = context.new_page()
    run: list[str] = []
    page.on("dialog", lambda dialog: (run.append(f"dialog on {page.url}"), dialog.dismiss()))
    page.on("request", lambda sent: None if sent.url.startswith((live_server.url, "data:")) else run.append(sent.url))
    offer, assessment = f"/offers/{full.pk}", f"/assessments/{full.assessment_id}"
    organisation = f"/organisations/{full.assessment.organisation_id}"
    places = ["/assessments/", f"{assessment}/", f"{assessment}/change/", f"{assessment}/workload/"]
    places += [f"{assessment}/needs/", f"{assessment}/comparison/", f"{assessment}/guests/", "/deadlines/", "/person/"]
    places += [f"{offer}/change/", f"{offer}/questions/keys/", f"{offer}/control-chain/", f"{offer}/review/"]
    places += [f"{offer}/result/", f"{offer}/transition/", f"{offer}/capacity/", f"{offer}/reports/"]
    places += ["/assessments/evolution/", f"{assessment}/reassessment/"]
    profile = ProviderProfile.objects.get().pk
    places += ["/profiles/", f"/profiles/{profile}/", f"{offer}/fill/?profile={profile}"]
    places += [f"{organisation}/", f"{organisation}/change/", f"{organisation}/trail/"]
    places += [f"{assessment}/who-answers/", f"{assessment}/discussions/", f"{offer}/discussions/key_holder/"]
    places += ["/my-work/", "/notices/", f"{assessment}/review/"]
    tried = shown = 0
    for turn, state in ((0, "returned"), (5, "submitted")):
        tried += poison(turn)
        Assessment.objects.update(review_state=state)
        for place in places:
            response = page.goto(place)
            assert response
            assert response.status == 200, place
            shown += "alert(1)" in page.inner_text("body")
            run += [f"{name} on {place}" for name in page.evaluate("window.violations")]
            run += page.evaluate(
                "[...document.querySelectorAll('a[href^=javascript],iframe,object')].map(e => e.outerHTML)"
            )
    context.close()
    assert shown > len(places), "most pages show what was typed, as text"
    count("stored payloads in a browser", "run", tried=tried, faults=len(run))
    assert run == []


def test_nothing_typed_runs_or_is_fetched_in_the_report(
    desk: Client, full: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    connected = socket.create_connection

    def ask(address: Any, *arguments: Any, **more: Any) -> Any:
        asked.append(address)
        return connected(address, *arguments, **more)

    tried = poison(0)
    monkeypatch.setattr(socket, "create_connection", ask)
    response = desk.get(f"/offers/{full.pk}/report/?language=en")
    assert response.status_code == 200
    pdf = b"".join(response) if response.streaming else response.content
    shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "<script>alert(1)</script>" in shown
    assert "root:" not in shown
    active = [word for word in (b"/JavaScript", b"/Launch", b"/SubmitForm", b"evil.example)") if word in pdf]
    count("stored payloads in the report", "run or fetched", tried=tried, faults=len(asked) + len(active))
    assert asked == []
    assert active == []


def test_no_cell_of_a_file_is_a_formula(desk: Client, full: Offer, officer: User) -> None:
    tried = formulas = 0
    folder = f"/assessments/{full.assessment_id}/comparison"
    trail = f"/organisations/{full.assessment.organisation_id}/trail.csv"
    for turn in range(8, 12):
        tried += poison(turn)
        for address in (f"{folder}.csv", trail):
            response = desk.get(address)
            content = b"".join(response) if response.streaming else response.content
            text = content.decode("utf-8-sig")
            for delimiter in ",;":
                cells = (cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row)
                formulas += sum(cell.startswith(("=", "@", "+1", "-2", "\t", "\r")) for cell in cells)
        response = desk.get(f"{folder}.xlsx")
        content = b"".join(response) if response.streaming else response.content
        sheets = load_workbook(io.BytesIO(content))
        formulas += sum(cell.data_type == "f" for sheet in sheets for row in sheet.iter_rows() for cell in row)
    count("stored payloads in spreadsheets", "formulas", tried=tried, faults=formulas)
    assert formulas == 0
