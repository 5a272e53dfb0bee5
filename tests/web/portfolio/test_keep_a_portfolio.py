"""An organisation's portfolio: everything on one page, filtered, sorted, taken away, and how it evolved."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from checklists.core.editions.vocabulary import Verdict
from checklists.models import (
    Assessment,
    Edition,
    Guest,
    Offer,
    Organisation,
    PortfolioLine,
    Reminder,
    TrailEntry,
    TransitionPlan,
    User,
    VerdictChange,
)
from checklists.services.portfolio.history import month_ends, portfolio_history
from checklists.services.portfolio.refresh_standings import AT_ONCE
from checklists.services.transition import begin_plan
from checklists.words.portfolio.evolution import columns_chart
from tests.browsing import faults

PAGE = "/assessments/"


@pytest.fixture
def organisation(officer: User) -> Organisation:
    return officer.organisations.get()


def some(organisation: Organisation, edition: Edition, names: Iterable[str]) -> list[Assessment]:
    """Assessments of these names, each with one offer that hosts it."""
    found = Assessment.objects.bulk_create(
        Assessment(organisation=organisation, edition=edition, name=name, reference_date=date(2026, 3, 1))
        for name in names
    )
    Offer.objects.bulk_create(
        Offer(assessment=each, name="Offer", provider="Ovélie", is_current=True) for each in found
    )
    return found


def names_on(client: Client, query: str = "") -> list[str]:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return [entry.row.assessment.name for entry in response.context["entries"]]


def test_one_row_says_it_all(desk: Client, example: Offer, officer: User) -> None:
    TransitionPlan.objects.filter(offer=example).delete()
    plan = begin_plan(example, timezone.localdate() - timedelta(days=300), officer)
    page = desk.get(PAGE).content.decode()
    result = desk.get(f"/offers/{example.pk}/result/understand/harms/").context["verdict"]
    row = desk.get(PAGE).context["entries"][0].row
    assert row.host.verdict.label == result.headline.label
    assert (row.host.low, row.host.high, row.confidence) == (result.low, result.high, result.confidence)
    assert row.required.label == result.required.label
    assert row.deadline.what == plan.steps.get(number=1).title
    for words in (example.assessment.name, example.name, example.provider, "Worked example", "days late", "score"):
        assert words in page


def test_queries_and_rows_do_not_grow_with_the_portfolio(
    desk: Client, organisation: Organisation, edition: Edition
) -> None:
    counted = []
    for more in (10, 290):
        some(organisation, edition, (f"Workload {n}" for n in range(more)))
        call_command("refreshstandings")
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            assert len(names_on(desk)) <= 25
        counted.append(len(captured))
    assert counted[0] == counted[1] <= 24  # what awaits one included


def test_judging_again_costs_the_same_queries_for_one_or_a_page(
    desk: Client, organisation: Organisation, edition: Edition
) -> None:
    counted = []
    for more in (1, AT_ONCE):
        some(organisation, edition, (f"Workload {n}" for n in range(more)))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(PAGE).context["waiting"] == 0
        counted.append(len(captured))
    assert counted[1] <= counted[0] + 1


def test_what_waits_is_counted_comes_last_and_shows_no_figure(
    desk: Client, organisation: Organisation, edition: Edition
) -> None:
    some(organisation, edition, (f"Workload {n:02}" for n in range(AT_ONCE + 2)))
    response = desk.get(f"{PAGE}?sort=name&page=2")
    assert response.context["waiting"] == 2
    assert [entry.row.waits for entry in response.context["entries"]] == [True, True]
    assert "Changed: waits to be judged again." in response.content.decode()
    assert desk.get(f"{PAGE}?sort=name").context["waiting"] == 0


def test_search_without_accents_or_capitals(desk: Client, organisation: Organisation, edition: Edition) -> None:
    some(organisation, edition, ["Hôpital de jour", "Archives", "100 % coton", "a_b"])
    assert names_on(desk, "?q=HOPITAL+jour") == ["Hôpital de jour"]
    assert len(names_on(desk, "?q=ovelie")) == 4
    assert names_on(desk, "?q=%25") == ["100 % coton"]
    assert names_on(desk, "?q=_") == ["a_b"]
    assert names_on(desk, "?q=nothing+of+the+kind") == []
    assert "No assessment meets these conditions" in desk.get(f"{PAGE}?q=nothing").content.decode()


def test_search_and_order_as_french_does(desk: Client, organisation: Organisation, edition: Edition) -> None:
    works, social = "Œuvre de secours", "oeuvre sociale"
    curly, straight = "L’hôpital d’Évreux", "L'hôpital droit"
    some(organisation, edition, [works, social, curly, straight, "Æther", "Zébulon"])
    for is_judged in (False, True):
        for word in ("oeuvre", "œuvre", "ŒUVRE"):
            assert set(names_on(desk, f"?q={word}")) == {works, social}
        for word in ("l'hôpital", "l’hopital", "L‘HÔPITAL"):
            assert set(names_on(desk, f"?q={word}")) == {curly, straight}
        assert names_on(desk, "?q=aether") == ["Æther"]
        if not is_judged:
            call_command("refreshstandings")
    assert names_on(desk, "?sort=name") == ["Æther", curly, straight, works, social, "Zébulon"]


def test_filters(desk: Client, organisation: Organisation, edition: Edition, example: Offer) -> None:
    late, soon, never = some(organisation, edition, ["Late", "Soon", "Never"])
    today = timezone.localdate()
    Assessment.objects.filter(pk=late.pk).update(reassess_by=today - timedelta(days=1))
    Assessment.objects.filter(pk=soon.pk).update(reassess_by=today + timedelta(days=20))
    line = PortfolioLine.objects.get
    desk.get(PAGE)
    verdict = Verdict(line(pk=example.assessment_id).verdict)
    own = example.assessment.name
    assert names_on(desk, "?due=overdue") == ["Late"]
    assert set(names_on(desk, "?due=30")) == {"Late", "Soon"}
    assert set(names_on(desk, "?due=none")) == {"Never", own}
    assert names_on(desk, f"?verdict={verdict.key}") == [own]
    assert set(names_on(desk, "?verdict=none")) == {"Late", "Soon", "Never"}
    assert names_on(desk, "?example=yes") == [own]
    assert own not in names_on(desk, "?example=no")
    assert len(names_on(desk, f"?edition={edition.pk}")) == 4
    short = names_on(desk, "?reached=no")
    assert short == ([own] if line(pk=example.assessment_id).distance > 0 else [])
    assert never.name not in short


@pytest.mark.parametrize(
    "query",
    ["verdict=great", "due=soon", "due=-1", "edition=x", "edition=999999", "sort=-nothing", f"q={'x' * 101}", "q=%00"],
)
def test_a_mistaken_condition_is_said_and_filters_nothing(desk: Client, example: Offer, query: str) -> None:
    response = desk.get(f"{PAGE}?{query}")
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert len(response.context["entries"]) == 1


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_a_page_that_is_not_there_is_the_nearest(desk: Client, example: Offer, page: str) -> None:
    assert len(names_on(desk, f"?page={page}")) == 1


def test_every_column_sorts_both_ways_and_says_so(desk: Client, organisation: Organisation, edition: Edition) -> None:
    some(organisation, edition, ["b", "É", "a"])
    columns = desk.get(PAGE).context["columns"]
    assert [column.aria_sort for column in columns if column.key == "changed"] == ["descending"]
    for column in columns:
        for sign, said in (("", "ascending"), ("-", "descending")):
            response = desk.get(f"{PAGE}?sort={sign}{column.key}")
            assert f'aria-sort="{said}"' in response.content.decode()
            assert len(response.context["entries"]) == 3
    assert names_on(desk, "?sort=name") == ["a", "b", "É"]
    assert names_on(desk, "?sort=-name") == ["É", "b", "a"]


def test_sorting_by_verdict_puts_the_worst_first_and_the_unknown_last(
    desk: Client, organisation: Organisation, edition: Edition
) -> None:
    rows = some(organisation, edition, ["acceptable", "none", "unacceptable"])
    desk.get(PAGE)
    for each, verdict in zip(rows, (3, None, 0), strict=True):
        PortfolioLine.objects.filter(pk=each.pk).update(host_verdict=verdict)
    assert names_on(desk, "?sort=host") == ["unacceptable", "acceptable", "none"]
    assert names_on(desk, "?sort=-host") == ["acceptable", "unacceptable", "none"]


def test_pages_keep_the_conditions(desk: Client, organisation: Organisation, edition: Edition) -> None:
    some(organisation, edition, (f"Workload {n:02}" for n in range(60)))
    call_command("refreshstandings")
    seen = [name for page in (1, 2, 3) for name in names_on(desk, f"?q=workload&sort=name&page={page}")]
    assert seen == [f"Workload {n:02}" for n in range(60)]
    page = desk.get(f"{PAGE}?q=workload&sort=name&page=2").content.decode()
    assert "?q=workload&amp;sort=name&amp;page=3" in page


def test_only_ones_own_and_what_is_lent(
    client: Client, stranger: User, example: Offer, organisation: Organisation, edition: Edition
) -> None:
    some(organisation, edition, ["Not lent"])
    client.force_login(stranger)
    assert names_on(client) == []
    Guest.objects.create(user=stranger, assessment=example.assessment, until=timezone.localdate())
    (entry,) = client.get(PAGE).context["entries"]
    assert (entry.is_lent, entry.may["answer"], entry.row.host.offer) == (True, False, example)
    assert "Not lent" not in client.get(f"{PAGE}portfolio.csv").content.decode()


def test_what_is_in_the_bin_is_not_there(desk: Client, example: Offer) -> None:
    desk.post(f"/assessments/{example.assessment_id}/put-in-bin/")
    assert names_on(desk) == []
    desk.post(f"/assessments/{example.assessment_id}/restore/")
    assert names_on(desk) == [example.assessment.name]


def test_take_it_away_as_a_file(desk: Client, organisation: Organisation, edition: Edition, example: Offer) -> None:
    some(organisation, edition, ["=HYPERLINK('http://evil.example')", "Kept out"])
    response = desk.get(f"{PAGE}portfolio.csv?q=hyperlink")
    head, line = csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
    assert line[0].startswith("'=HYPERLINK")
    assert len(head) == len(line)
    sheet = load_workbook(io.BytesIO(desk.get(f"{PAGE}portfolio.xlsx").content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(cells) == 4
    columns = {cells[0][at]: column[1:] for at, column in enumerate(sheet.iter_cols())}
    types = {head: {cell.data_type for cell in column if cell.value is not None} for head, column in columns.items()}
    for head in ("Questions asked", "Questions answered", "Confidence, per cent", "Current host: score, low"):
        assert types[head] == {"n"}, head
    assert types["Reference date"] == types["Last change"] == {"d"}
    assert types["Assessment"] == types["Identifier"] == {"s"}
    own = dict(zip(cells[0], next(row for row in cells if row[0] == example.assessment.name), strict=True))
    assert own["Current host: offer"] == example.name
    assert TrailEntry.objects.filter(kind="portfolio.exported", details__assessments=3).exists()
    assert "exported the portfolio" in desk.get(f"/organisations/{organisation.pk}/trail/").content.decode()


def test_go_on_where_one_left(desk: Client, organisation: Organisation, edition: Edition, example: Offer) -> None:
    (mine,) = some(organisation, edition, ["Mine"])
    offer = mine.offers.get()
    assert f"/offers/{offer.pk}/resume/" in desk.get(PAGE).content.decode()
    assert "#q-" in desk.get(f"/offers/{offer.pk}/resume/")["Location"]
    assert desk.get(f"/offers/{example.pk}/resume/")["Location"] == f"/offers/{example.pk}/review/"


# Looking at an assessment again.


def again(client: Client, assessment: Assessment) -> str:
    return client.get(f"/assessments/{assessment.pk}/reassessment/").content.decode()


def test_the_organisations_term_proposes_a_day(desk: Client, organisation: Organisation, edition: Edition) -> None:
    (mine,) = some(organisation, edition, ["Mine"])
    assert "No day is set" in again(desk, mine)
    form = {"name": organisation.name, "reassess_after": "18"}
    desk.post(f"/organisations/{organisation.pk}/change/", form)
    assert "To be looked at again by 1 September 2027" in again(desk, mine)
    assert "1 September 2027" in desk.get(f"/assessments/{mine.pk}/").content.decode()
    assert desk.get(PAGE).context["entries"][0].row.deadline.day == date(2027, 9, 1)
    refused = desk.post(f"/organisations/{organisation.pk}/change/", form | {"reassess_after": "0"})
    assert refused.status_code == 422


def test_a_day_set_by_hand_goes_before_what_is_proposed(
    desk: Client, organisation: Organisation, edition: Edition
) -> None:
    Organisation.objects.update(reassess_after=1)
    (mine,) = some(organisation, edition, ["Mine"])
    address = f"/assessments/{mine.pk}/reassessment/"
    for wrong in ("31/02/2027", "01/01/2020", "soon"):
        response = desk.post(address, {"reassess_by": wrong})
        assert response.status_code == 422
        assert f'value="{wrong}"' in response.content.decode()
    day = timezone.localdate() + timedelta(days=400)
    assert desk.post(address, {"reassess_by": f"{day:%d/%m/%Y}"}).status_code == 302
    assert desk.get(PAGE).context["entries"][0].row.deadline.day == day
    assert TrailEntry.objects.filter(kind="assessment.changed", details__changes__has_key="reassess_by").exists()
    desk.post(address, {"reassess_by": ""})
    assert desk.get(PAGE).context["entries"][0].row.deadline.day == date(2026, 4, 1)


def test_a_later_law_that_changes_the_outcome_proposes_its_day(desk: Client, example: Offer) -> None:
    assert "a worked example does not age" in again(desk, example.assessment)
    Assessment.objects.filter(pk=example.assessment_id).update(is_example=False, reference_date=date(2020, 7, 1))
    page = again(desk, example.assessment)
    changes = desk.get(f"/offers/{example.pk}/result/understand/later-law/").context["law"].later
    first = PortfolioLine.objects.get(pk=example.assessment_id).law_changes_on
    assert first == date(2020, 7, 16)
    assert changes
    assert "To be looked at again by 16 July 2020" in page
    assert "the law changes the outcome" in page


def test_deadlines_calendar_and_reminders_know_it(desk: Client, officer: User, example: Offer) -> None:
    today = timezone.localdate()
    Assessment.objects.filter(pk=example.assessment_id).update(reassess_by=today + timedelta(days=5))
    page = desk.get("/deadlines/").content.decode()
    assert "Assessments to look at again" in page
    assert example.assessment.name in page
    (event,) = Calendar.from_ical(desk.get("/deadlines.ics").content).walk("VEVENT")
    assert event["UID"] == f"reassess-{example.assessment_id}@{urlsplit(settings.SITE_URL).netloc.replace(':', '.')}"
    assert event["DTSTART"].dt == today + timedelta(days=5)
    Assessment.objects.filter(pk=example.assessment_id).update(reassess_by=date.max)
    assert b"VEVENT" in desk.get("/deadlines.ics").content
    Assessment.objects.filter(pk=example.assessment_id).update(reassess_by=today + timedelta(days=5))
    for _ in range(2):
        call_command("sendreminders")
    (message,) = mail.outbox
    assert message.to == [officer.email]
    assert example.assessment.name in message.body
    Assessment.objects.filter(pk=example.assessment_id).update(reassess_by=today + timedelta(days=6))
    call_command("sendreminders")
    assert len(mail.outbox) == 2
    assert Reminder.objects.filter(assessment=example.assessment).count() == 2


def test_strangers_are_told_of_no_deadline(client: Client, stranger: User, example: Offer) -> None:
    Assessment.objects.filter(pk=example.assessment_id).update(reassess_by=timezone.localdate())
    client.force_login(stranger)
    assert example.assessment.name not in client.get("/deadlines/").content.decode()
    assert b"VEVENT" not in client.get("/deadlines.ics").content
    call_command("sendreminders")
    assert all(stranger.email not in message.to for message in mail.outbox)


# How it evolved.


def at(year: int, month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 12))


def test_the_evolution_counts_each_verdict_at_the_end_of_each_month(
    organisation: Organisation, edition: Edition, desk: Client
) -> None:
    one, two, _three = some(organisation, edition, ["one", "two", "three"])
    VerdictChange.objects.bulk_create(
        [
            VerdictChange(assessment=one, at=at(2026, 1, 10), verdict=None),
            VerdictChange(assessment=one, at=at(2026, 2, 10), verdict=Verdict.TRANSITION_ONLY.key, is_reached=False),
            VerdictChange(assessment=two, at=at(2026, 2, 28), verdict=Verdict.ACCEPTABLE.key, is_reached=True),
            VerdictChange(assessment=one, at=at(2026, 3, 31), verdict=Verdict.SOVEREIGN.key, is_reached=True),
        ]
    )
    Assessment.objects.filter(pk=two.pk).update(binned_at=at(2026, 4, 2))
    days = [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    counted = [
        ({key: count for key, count in each.counts.items() if count}, each.reached)
        for each in portfolio_history(organisation, days)
    ]
    assert counted == [
        ({}, 0),
        ({None: 1}, 0),
        ({Verdict.TRANSITION_ONLY: 1, Verdict.ACCEPTABLE: 1}, 1),
        ({Verdict.ACCEPTABLE: 1, Verdict.SOVEREIGN: 1}, 2),
        ({Verdict.SOVEREIGN: 1}, 1),
    ]
    drawn = columns_chart(portfolio_history(organisation, days))
    assert drawn.count(">1</text>") >= 4
    assert "style=" not in drawn


def test_month_ends_are_last_days() -> None:
    assert month_ends(date(2026, 3, 31), 4) == [
        date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
    ]  # fmt: skip


def test_the_evolution_page(
    desk: Client, organisation: Organisation, edition: Edition, example: Offer, stranger: User, client: Client
) -> None:
    assert "Nothing to show yet" in desk.get("/assessments/evolution/").content.decode()
    some(organisation, edition, ["one"])
    response = desk.get("/assessments/evolution/")
    assert response.context["evolution"].lines[-1].total == 1
    assert 'role="img"' in response.content.decode()
    client.force_login(stranger)
    assert client.get("/assessments/evolution/").context["evolution"].is_empty


def test_in_a_browser(transactional_db: None, page: Page, example: Offer, edition: Edition) -> None:
    organisation = example.assessment.organisation
    some(organisation, edition, (f"Registre {n}" for n in range(30)))
    Assessment.objects.filter(name="Registre 3").update(name="Imagerie", reassess_by=timezone.localdate())
    found = []
    for address in (PAGE, f"{PAGE}evolution/", "/deadlines/", f"/assessments/{example.assessment_id}/reassessment/"):
        page.goto(address)
        found += faults(page)
    assert found == []
    page.goto(PAGE)
    page.fill("#id_q", "IMAGERIE")
    page.select_option("#id_sort", "deadline")
    page.click(".filter-show button")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.click(".cell-name a")
    page.locator("a[href$='/reassessment/']").click()
    page.fill("#id_reassess_by", "")
    page.click("main form .btn-primary")
    page.wait_for_url(lambda address: not address.endswith("/reassessment/"))
    page.goto(f"{PAGE}?due=none&example=no")
    expect(page.locator("tbody tr")).to_have_count(25)
