"""What awaits a person is on top of the portfolio: to go on, to review, invitations, a newer edition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checklists.models import Assessment, Invitation, Membership, Offer, Organisation, User
from checklists.services.people.found_organisation import create_organisation, found_organisation
from tests.web.interview.test_answer_one_question_at_a_time import offer  # noqa: F401

HOME = reverse("assessments")


def invited(user: User, organisation: Organisation) -> Invitation:
    ends = timezone.now() + timedelta(days=5)
    return Invitation.objects.create(
        organisation=organisation, email=user.email, role="contributor", language="en", expires_at=ends
    )


def test_going_on_says_how_many_questions_and_minutes(desk: Client, offer: Offer) -> None:  # noqa: F811
    page = desk.get(HOME).content.decode()
    assert "Go on: Registry · Cloud" in " ".join(page.split())
    assert "min" in page.split("Go on:")[1].split("</li>")[0]
    assert reverse("interview", args=[offer.pk]) in page
    assert "What awaits you" not in desk.get(HOME, {"q": "x"}).content.decode()


def test_an_invitation_is_never_invisible(desk: Client, officer: User, stranger: User) -> None:
    invited(officer, stranger.organisations.get())
    page = desk.get(HOME).content.decode()
    assert str(stranger.organisations.get()) in page
    assert "in the e-mail sent to your address" in page
    EmailAddress.objects.create(user=officer, email=officer.email, verified=True, primary=True)
    page = desk.get(HOME).content.decode()
    assert "Read and answer" in page
    address = page.split("Read and answer")[0].rsplit('href="', 1)[1].split('"')[0]
    desk.post(address)
    assert Membership.objects.filter(user=officer, organisation=stranger.organisations.get()).exists()
    assert "Invitation:" not in desk.get(HOME).content.decode()


def test_notices_never_say_that_nothing_awaits_while_something_does(
    desk: Client, officer: User, stranger: User
) -> None:
    assert "Nothing awaits you." in desk.get("/notices/").content.decode()
    invited(officer, stranger.organisations.get())
    page = desk.get("/notices/").content.decode()
    assert str(stranger.organisations.get()) in page
    assert "Nothing awaits you." not in page
    assert 'class="unread-count">1<' in desk.get("/person/").content.decode()


def test_who_belongs_nowhere_sees_the_invitation(client: Client, stranger: User) -> None:
    newcomer = User.objects.create_user("new@hopital.example", "a long pass phrase")
    invited(newcomer, stranger.organisations.get())
    client.force_login(newcomer)
    assert str(stranger.organisations.get()) in client.get(HOME).content.decode()


@pytest.mark.parametrize(("role", "sees"), [("reviewer", True), ("contributor", False)])
def test_a_reviewer_is_told_what_to_review(client: Client, offer: Offer, role: str, sees: bool) -> None:  # noqa: F811
    Assessment.objects.update(review_state=Assessment.ReviewState.SUBMITTED)
    person = User.objects.create_user("reviewer@hopital.example", "a long pass phrase")
    Membership.objects.create(user=person, organisation=offer.assessment.organisation, role=role)
    client.force_login(person)
    client.cookies["django_language"] = "en"
    page = client.get(HOME).content.decode()
    assert ("To review: Registry" in " ".join(page.split())) is sees


@pytest.mark.parametrize("role", ["reviewer", "reader"])
def test_a_link_to_a_question_opens_it_for_reading(client: Client, offer: Offer, role: str) -> None:  # noqa: F811
    person = User.objects.create_user("reader@hopital.example", "a long pass phrase")
    Membership.objects.create(user=person, organisation=offer.assessment.organisation, role=role)
    client.force_login(person)
    client.cookies["django_language"] = "en"
    address = reverse("concern", args=[offer.pk, "keys"])
    page = client.get(address)
    assert page.status_code == 200
    assert "your role does not answer them" in page.content.decode()
    assert '<fieldset class="plain" disabled>' in page.content.decode()
    assert "Save and go on" not in page.content.decode()
    assert (
        client.post(address, {"q-key_holder-answer": "option:provider", "q-key_holder-revision": "0"}).status_code
        == 404
    )
    assert client.get(reverse("workload", args=[offer.assessment_id])).status_code == 200


def test_another_organisation_awaits_nothing_of_ours(client: Client, offer: Offer, stranger: User) -> None:  # noqa: F811
    found_organisation(stranger)
    create_organisation(stranger, "Second")
    client.force_login(stranger)
    assert "Registry" not in client.get(HOME).content.decode()
