"""The page that says, before publishing, whose verdict a draft would move: figures and parts, no names."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from checklists.models import Draft, ImpactRun, Offer, Organisation, User
from checklists.services.assessments.load_example import load_example
from checklists.services.drafts.edit_draft import change_part
from checklists.services.impact import measure_impact
from checklists.services.impact.measure_impact import measure_waiting
from checklists.services.people.found_organisation import found_organisation
from tests.admin.conftest import part


def at(draft: Draft, page: str = "impact") -> str:
    return reverse(f"admin:checklists_draft_{page}", args=[draft.pk])


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def lenient(draft: Draft) -> Draft:
    """A draft in which no gate caps below 'conditional'."""
    for gate in draft.parts.filter(family="gates"):
        change_part(gate, gate.body | {"ceiling": "conditional"}, None)
    return draft


def worked_out(bench: Client, draft: Draft) -> str:
    bench.post(at(draft, "ask_impact"))
    with patch.object(measure_impact, "NAP", 0):
        measure_waiting()
    return text(bench.get(at(draft)))


def test_ask_wait_and_read_who_would_move_and_why(bench: Client, lenient: Draft, example: Offer) -> None:
    assert "nobody knows whose verdict" in text(bench.get(at(lenient, "publish")))
    assert bench.post(at(lenient, "ask_impact"))["Location"] == at(lenient)
    page = text(bench.get(at(lenient)))
    assert '<meta http-equiv="refresh"' in page
    assert "Waiting for its turn" in page
    measure_waiting()
    page = text(bench.get(at(lenient)))
    assert "http-equiv" not in page
    assert "1 offer would change verdict (0 lower, 1 higher)" in page
    assert "Verdict at best" in page
    place = ImpactRun.objects.get().summary["causes"][0]["place"]
    gate = part(lenient, "gates", place.removeprefix("gates/"))
    assert reverse("admin:checklists_draft_part", args=[lenient.pk, gate.pk]) in page
    assert "1 offer would change verdict" in text(bench.get(at(lenient, "publish")))
    assert at(lenient) in text(bench.get(at(lenient, "change")))


def test_no_name_and_no_answer_is_shown(bench: Client, lenient: Draft, example: Offer) -> None:
    for number in range(2):
        user = User.objects.create_user(f"dpo{number}@ailleurs.example", "a long pass phrase")
        load_example(found_organisation(user), user)
    page = worked_out(bench, lenient)
    assert "drawn at random" in page
    assert page.count('<th scope="row">3</th>') == 1
    secrets = {example.name, example.provider, example.assessment.name, str(example.assessment_id), str(example.pk)}
    secrets |= {organisation.name for organisation in Organisation.objects.all()}
    assert [secret for secret in secrets if secret and secret in page] == []


def test_fewer_than_three_organisations_and_no_line_is_shown(bench: Client, lenient: Draft, example: Offer) -> None:
    page = worked_out(bench, lenient)
    assert "fewer than three organisations" in page
    assert "drawn at random" not in page


def test_it_is_out_of_date_once_the_draft_has_changed(bench: Client, lenient: Draft, example: Offer) -> None:
    assert "Out of date" not in worked_out(bench, lenient)
    gate = part(lenient, "gates", "no_transfer_tool")
    change_part(gate, gate.body | {"ceiling": "acceptable"}, None)
    assert "Out of date" in text(bench.get(at(lenient)))
    assert "Out of date" in text(bench.get(at(lenient, "publish")))


def test_a_draft_that_makes_no_sense_is_sent_to_its_checks(bench: Client, draft: Draft, editor: User) -> None:
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"concern": "nowhere"}, editor)
    response = bench.post(at(draft, "ask_impact"))
    assert response.status_code == 422
    assert f'<a href="{at(draft, "checks")}">See the checks</a>' in text(response)


def test_the_progress_is_asked_for_and_the_page_comes_back_at_the_end(
    bench: Client, draft: Draft, example: Offer
) -> None:
    bench.post(at(draft, "ask_impact"))
    ImpactRun.objects.update(state="running", total=4, done=1)
    poll = bench.get(at(draft), headers={"HX-Request": "true"})
    assert "offers read: 1 of 4" in text(poll)
    assert 'value="1" max="4"' in text(poll)
    ImpactRun.objects.update(state="waiting")
    measure_waiting()
    assert bench.get(at(draft), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "No offer would change verdict." in text(bench.get(at(draft)))


def test_cancel_and_cancel_again(bench: Client, draft: Draft, example: Offer) -> None:
    bench.post(at(draft, "ask_impact"))
    run = ImpactRun.objects.get()
    page = text(bench.post(at(draft, "cancel_impact"), {"run": run.pk}, follow=True))
    assert "Cancelled." in page
    assert "ended already" in text(bench.post(at(draft, "cancel_impact"), {"run": run.pk}, follow=True))
    assert bench.post(at(draft, "cancel_impact"), {"run": "x"}).status_code == 404
    assert measure_waiting() == 0


def test_a_run_that_failed_says_so_and_can_be_asked_again(bench: Client, draft: Draft, example: Offer) -> None:
    bench.post(at(draft, "ask_impact"))
    ImpactRun.objects.update(state="failed")
    page = text(bench.get(at(draft)))
    assert "could not be worked out" in page
    assert at(draft, "ask_impact") in page


def test_only_those_who_write_or_approve_criteria_see_it(
    desk: Client, bench: Client, draft: Draft, approver: User, officer: User
) -> None:
    bench.force_login(approver)
    assert bench.get(at(draft)).status_code == 200
    assert bench.post(at(draft, "ask_impact")).status_code == 302
    officer.is_staff = True
    officer.save()
    bench.force_login(officer)
    # An owner who writes the checklists of one organisation finds no other draft.
    assert bench.get(at(draft)).status_code == 404
    assert bench.post(at(draft, "ask_impact")).status_code == 404
    assert bench.post(at(draft, "cancel_impact"), {"run": "1"}).status_code == 404


def test_the_page_asks_few_queries(
    bench: Client, lenient: Draft, example: Offer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    worked_out(bench, lenient)
    with django_assert_max_num_queries(12):
        bench.get(at(lenient))
