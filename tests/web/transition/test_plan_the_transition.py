"""Planning the way out: from the template, corrected, carried over into the answers, exported, reminded of."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Offer, PlanStep, TransitionPlan, User
from checklists.services.transition import begin_plan
from tests.browsing import faults


@pytest.fixture
def plan(example: Offer, officer: User) -> TransitionPlan:
    return begin_plan(example, date(2026, 1, 5), officer)


def sent(plan: TransitionPlan, **changes: str) -> dict[str, str]:
    """The form as the page shows it, with some fields changed."""
    plan.refresh_from_db()
    steps = list(plan.steps.all())
    form = {
        "revision": str(plan.revision),
        "starts_on": f"{plan.starts_on:%d/%m/%Y}",
        "steps-TOTAL_FORMS": str(len(steps) + 1),
        "steps-INITIAL_FORMS": str(len(steps)),
        f"steps-{len(steps)}-state": "planned",
    }
    for index, step in enumerate(steps):
        fields = ("number", "title", "owner", "low", "likely", "high", "after", "state")
        form |= {f"steps-{index}-{field}": str(getattr(step, field)) for field in fields}
    return form | changes


def test_begin_from_the_template(desk: Client, example: Offer) -> None:
    address = f"/offers/{example.pk}/transition/"
    assert "Begin the plan" in desk.get(address).content.decode()
    for _ in range(2):
        desk.post(address)
    plan = TransitionPlan.objects.get(offer=example)
    assert plan.steps.count() == 9
    assert "Strictly necessary duration" in desk.get(address).content.decode()


def test_steps_make_nobody_busy_and_are_this_installations(desk: Client, plan: TransitionPlan, settings: Any) -> None:
    seen = []
    sites = ("https://one.example", "https://two.example:8443/keys", "http://two.example:8080", "https://two.example/b")
    for site in sites:
        settings.SITE_URL = site
        file = desk.get(f"/offers/{plan.offer_id}/transition.ics").content
        events = Calendar.from_ical(file).walk("VEVENT")
        assert {event["TRANSP"] for event in events} == {"TRANSPARENT"}
        seen.append({str(event["UID"]) for event in events})
        # RFC 5545, 3.8.7.2: in UTC, whatever the clock of the site.
        assert all(re.search(rb"^DTSTAMP:\d{8}T\d{6}Z\r$", file, re.MULTILINE) for _event in events)
        assert b"TZID" not in file
    assert all(seen)
    assert len(set().union(*seen)) == sum(map(len, seen))


def test_days_are_read_as_they_are_typed(desk: Client, plan: TransitionPlan) -> None:
    for typed in ("31122027", "31 décembre 2027", "３１／１２／２０２７"):
        TransitionPlan.objects.filter(pk=plan.pk).update(asked_end=None)
        desk.post(f"/offers/{plan.offer_id}/transition/", sent(plan, asked_end=typed))
        plan.refresh_from_db()
        assert plan.asked_end == date(2027, 12, 31), typed


def test_a_number_waited_for_is_not_given_again(desk: Client, plan: TransitionPlan) -> None:
    address = f"/offers/{plan.offer_id}/transition/"
    new = {"steps-9-low": "1", "steps-9-likely": "2", "steps-9-high": "3", "steps-9-state": "planned"}
    desk.post(address, sent(plan, **new, **{"steps-9-title": "Dry run"}))
    desk.post(address, sent(plan, **{"steps-7-after": "7, 10"}))
    desk.post(address, sent(plan, **{"steps-9-DELETE": "on"}))
    desk.post(address, sent(plan, **new, **{"steps-9-title": "Archive the contract"}))
    assert plan.steps.get(title="Archive the contract").number == 11
    assert plan.steps.get(number=8).after == "7, 10"


def test_a_number_that_was_removed_long_ago_is_not_given_again(desk: Client, plan: TransitionPlan) -> None:
    """Nobody waits for it: a report, a calendar or a colleague's note may still name it."""
    address = f"/offers/{plan.offer_id}/transition/"
    new = {"steps-9-low": "1", "steps-9-likely": "2", "steps-9-high": "3", "steps-9-state": "planned"}
    desk.post(address, sent(plan, **new, **{"steps-9-title": "Dry run"}))
    desk.post(address, sent(plan, **{"steps-9-DELETE": "on"}))
    desk.post(address, sent(plan, justification="Something else is saved in between."))
    desk.post(address, sent(plan, **new, **{"steps-9-title": "Archive the contract"}))
    assert plan.steps.get(title="Archive the contract").number == 11
    plan.refresh_from_db()
    assert plan.last_number == 11


def test_change_a_step_add_one_remove_one(desk: Client, plan: TransitionPlan) -> None:
    address = f"/offers/{plan.offer_id}/transition/"
    form = sent(plan, **{"steps-0-owner": "Achats", "steps-8-DELETE": "on", "steps-9-title": "Train the teams"})
    form |= {"steps-9-low": "1", "steps-9-likely": "2", "steps-9-high": "3", "steps-9-after": "5; 4"}
    assert desk.post(address, form).status_code == 302
    assert plan.steps.get(number=1).owner == "Achats"
    assert not plan.steps.filter(number=9).exclude(title="Train the teams").exists()
    assert plan.steps.get(title="Train the teams").after == "4, 5"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("steps-1-likely", "-3", "greater than or equal to 0"),
        ("steps-1-high", "1", "Less than “likely”"),
        ("steps-1-after", "one, two", "separated by commas"),
        ("steps-1-started_on", "31/02/2026", "not a date of the calendar"),
        ("asked_end", "01/01/2020", "before the first day"),
        ("starts_on", "soon", "not a date of the calendar"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_saved(
    desk: Client, plan: TransitionPlan, field: str, typed: str, words: str
) -> None:
    form = sent(plan, **{field: typed, "steps-0-owner": "Achats", "legal_basis": "GDPR, Art. 6(1)(e)"})
    response = desk.post(f"/offers/{plan.offer_id}/transition/", form)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert f'value="{typed}"' in page
    assert plan.steps.get(number=1).owner == "Achats"
    plan.refresh_from_db()
    assert plan.legal_basis == "GDPR, Art. 6(1)(e)"


def test_steps_that_wait_for_each_other_are_kept_and_explained(desk: Client, plan: TransitionPlan) -> None:
    desk.post(f"/offers/{plan.offer_id}/transition/", sent(plan, **{"steps-0-after": "3"}))
    page = desk.get(f"/offers/{plan.offer_id}/transition/").content.decode()
    assert "These steps wait for each other" in page
    assert plan.steps.get(number=1).after == "3"


def test_a_plan_changed_meanwhile_is_not_overwritten(desk: Client, plan: TransitionPlan) -> None:
    form = sent(plan, **{"steps-0-title": "Mine"})
    desk.post(f"/offers/{plan.offer_id}/transition/", sent(plan, **{"steps-0-title": "Theirs"}))
    response = desk.post(f"/offers/{plan.offer_id}/transition/", form)
    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert plan.steps.get(number=1).title == "Theirs"


def test_carry_the_plan_over_into_the_answers(desk: Client, plan: TransitionPlan) -> None:
    form = sent(plan, legal_basis="GDPR, Art. 6(1)(e)", guarantee_keys="HSM of the hospital")
    desk.post(f"/offers/{plan.offer_id}/transition/", form | {"asked_end": "31/12/2026"})
    desk.post(f"/offers/{plan.offer_id}/transition/answers/")
    answers = dict(plan.offer.answers.filter(question__startswith="transition").values_list("question", "value"))
    assert answers["transition_end"] == "2026-12-31"
    assert answers["transition_guarantees"] == "partial"
    assert answers["transition_legal_basis"] == "identified"
    assert "The answers agree with the plan" in desk.get(f"/offers/{plan.offer_id}/transition/").content.decode()


def test_the_calendar_file_can_be_read(desk: Client, plan: TransitionPlan) -> None:
    for address in (f"/offers/{plan.offer_id}/transition.ics", "/deadlines.ics"):
        response = desk.get(address)
        assert response["Content-Type"].startswith("text/calendar")
        events = Calendar.from_ical(response.content).walk("VEVENT")
        assert len(events) == 11
        assert len({str(event["UID"]) for event in events}) == 11


def test_each_member_is_reminded_once(plan: TransitionPlan, officer: User) -> None:
    PlanStep.objects.filter(plan=plan).update(low=0, likely=0, high=0)
    TransitionPlan.objects.filter(pk=plan.pk).update(starts_on=timezone.localdate())
    for _ in range(2):
        call_command("sendreminders")
    (message,) = mail.outbox
    assert message.to == [officer.email]
    assert "Appel d’offres" in message.body or "Procurement" in message.body


def test_strangers_find_nothing(client: Client, stranger: User, plan: TransitionPlan) -> None:
    client.force_login(stranger)
    for address in ("transition/", "transition.ics"):
        assert client.get(f"/offers/{plan.offer_id}/{address}").status_code == 404
    assert client.post(f"/offers/{plan.offer_id}/transition/delete/").status_code == 404
    assert plan.offer.name not in client.get("/deadlines/").content.decode()


def test_deadlines_cost_the_same_for_many_plans(
    desk: Client, plan: TransitionPlan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get("/deadlines/")
    with django_assert_num_queries(10):
        desk.get("/deadlines/")
    other = Offer.objects.create(assessment=plan.offer.assessment, name="Another")
    begin_plan(other, date(2026, 3, 1), None)
    desk.get("/deadlines/")  # judges again what a plan was added to
    with django_assert_num_queries(10):
        desk.get("/deadlines/")


def test_in_a_browser(transactional_db: None, page: Page, example: Offer) -> None:
    page.goto(f"/offers/{example.pk}/transition/")
    page.click("main form button")
    page.fill("#id_steps-0-likely", "400")
    page.click("main form > button")
    expect(page.locator("#id_steps-0-high ~ .field-error")).to_be_visible()
    page.fill("#id_steps-0-high", "400")
    page.click("main form > button")
    expect(page.locator(".field-error")).to_have_count(0)
    assert faults(page) == []
