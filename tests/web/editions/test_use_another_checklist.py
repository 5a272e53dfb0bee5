"""A checklist of one's own is used like the one that ships: offered, answered, judged, compared, reported, moved."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import Assessment, Edition, Offer, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.assessments.keep_assessment import add_offer, create_assessment
from checklists.services.editions.offer_checklists import choose_checklists, offer_again, offered_to, withdraw_checklist
from checklists.services.judging.judge_offer import edition_of
from checklists.services.moves.move_edition import move_assessment, undo_move
from checklists.services.reports.issue_report import issue_report
from tests.documents.conftest import faults, made
from tests.grid import CONCERNS, KEY, grid, publish_grid

NEW = {"name": "Portail", "reference_date": "30/11/2026"}


@pytest.fixture
def offer(officer: User) -> Offer:
    """An offer judged by the grid, one question left open."""
    edition = publish_grid()
    organisation = officer.organisations.get()
    assessment = create_assessment(
        organisation=organisation, edition=edition, name="Achat", reference_date=date(2026, 11, 30), by=officer
    )
    add_offer(assessment, name="Autre")
    offer = add_offer(assessment, name="Offre")
    answer(offer, "large", "yes")
    for concern in CONCERNS:
        for number in range(1, 5):
            answer(offer, f"{concern}_{number}", "good")
    return offer


def answer(offer: Offer, key: str, value: str) -> None:
    question = edition_of(offer.assessment).questions[key]
    target = None if question.scope == "workload" else offer
    save_answer(assessment=offer.assessment, offer=target, question=question, said=Said("answered", value),
                revision=0, by=None)  # fmt: skip


def test_nothing_is_asked_where_there_is_one_checklist(desk: Client, edition: Edition) -> None:
    address = reverse("new-assessment")
    assert 'name="checklist"' not in desk.get(address).content.decode()
    desk.post(address, NEW)
    assert Assessment.objects.latest("created_at").edition == edition


def test_the_checklist_is_asked_for_where_there_are_two(desk: Client, edition: Edition) -> None:
    own = publish_grid()
    address = reverse("new-assessment")
    page = desk.get(address).content.decode()
    assert page.index(f'value="{edition.checklist}"') < page.index(f'value="{KEY}"')
    assert desk.post(address, NEW).status_code == 422
    assert desk.post(address, {**NEW, "checklist": "none-such"}).status_code == 422
    desk.post(address, {**NEW, "checklist": KEY})
    assert Assessment.objects.latest("created_at").edition == own


def test_an_organisation_sets_which_it_uses_and_which_comes_first(desk: Client, officer: User) -> None:
    publish_grid()
    organisation = officer.organisations.get()
    address = reverse("organisation-checklists", args=[organisation.pk])
    assert desk.get(address).status_code == 200
    both = ["cnil-hosting", KEY]
    assert desk.post(address, {"used": both, "default": KEY}).status_code == 302
    assert [each.key for each in offered_to(organisation)] == [KEY, "cnil-hosting"]
    assert desk.post(address, {"used": [KEY], "default": KEY}).status_code == 302
    assert [each.key for each in offered_to(organisation)] == [KEY]
    for wrong in ({"used": [], "default": KEY}, {"used": [KEY], "default": "cnil-hosting"}, {"used": ["x"]}):
        assert desk.post(address, wrong).status_code == 422
    assert [each.key for each in offered_to(organisation)] == [KEY]


def test_a_checklist_withdrawn_is_offered_to_nobody_and_kept_where_it_is_used(desk: Client, offer: Offer) -> None:
    organisation = offer.assessment.organisation
    choose_checklists(organisation, [KEY], KEY)
    withdraw_checklist(KEY, None)
    assert [each.key for each in offered_to(organisation)] == ["cnil-hosting"]
    assert desk.get(reverse("result", args=[offer.pk])).status_code == 200
    offer_again(KEY)
    assert [each.key for each in offered_to(organisation)] == [KEY]


def test_without_the_checklist_that_ships_the_first_one_published_is_the_default(desk: Client) -> None:
    publish_grid()
    withdraw_checklist("cnil-hosting", None)
    for name in ("decided-cases", "first-verdict", "new-assessment", "frameworks"):
        assert desk.get(reverse(name)).status_code == 200, name
    desk.logout()
    assert desk.get(reverse("home")).status_code == 200


ON_ASSESSMENT = ("assessment", "workload", "evidence", "comparison", "assessment-review", "who-could-host",
                 "discussions", "assignments", "needs", "change-assessment")  # fmt: skip
ON_OFFER = (
    "result",
    "check-answers",
    "report",
    "reports",
    "transition",
    "interview",
    "provision",
    "to-ask",
    "resume",
    "fill-offer",
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_an_assessment_stands(desk: Client, offer: Offer, language: str) -> None:
    desk.cookies["django_language"] = language
    for name in (*ON_ASSESSMENT, *ON_OFFER):
        for pk in (offer.assessment_id, offer.pk):
            response = desk.get(reverse(name, args=[pk])) if _names(name, pk == offer.pk) else None
            assert response is None or response.status_code in (200, 302), name
    for concern in CONCERNS:
        assert desk.get(reverse("concern", args=[offer.pk, concern])).status_code == 200
    for name in ("assessments", "deadlines", "my-work", "evolution"):
        assert desk.get(reverse(name)).status_code == 200, name
    told = desk.get(reverse("assessment", args=[offer.assessment_id])).content.decode()
    assert ("written in French only" in told) == (language == "en")


def _names(name: str, is_offer: bool) -> bool:
    return (name in ON_OFFER) == is_offer


@pytest.mark.parametrize("name", ["control-chain", "clear-text"])
def test_a_table_the_checklist_does_not_have_is_no_page(desk: Client, offer: Offer, name: str) -> None:
    assert desk.get(reverse(name, args=[offer.pk])).status_code == 404


def test_the_report_is_valid_and_its_code_verifies(offer: Offer, desk: Client) -> None:
    report, pdf = made(offer, "fr")
    assert faults(pdf) == []
    assert desk.get(reverse("verify-code", args=[report.code])).status_code == 200
    assert issue_report(offer, language="en", form="full", by=None)[0].edition.checklist == KEY


def test_a_second_edition_is_moved_to_and_back(offer: Offer, officer: User) -> None:
    questions = grid()["questions"]
    questions[-1]["weight"] = 9
    second = publish_grid(2, questions=questions, published="2026-02-01")
    first = offer.assessment.edition
    move, _ = move_assessment(offer.assessment, second.sha256, officer)
    offer.assessment.refresh_from_db()
    assert offer.assessment.edition == second
    undo_move(move, officer)
    offer.assessment.refresh_from_db()
    assert offer.assessment.edition == first
