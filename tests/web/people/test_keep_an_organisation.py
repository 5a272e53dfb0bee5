"""Members and owners: roles, handing over, leaving, several organisations; the last owner cannot be lost."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Guest, Invitation, Membership, Offer, Organisation, User
from checklists.services.people.found_organisation import create_organisation
from checklists.services.people.keep_members import LastOwnerError, end_membership


@pytest.fixture
def organisation(officer: User) -> Organisation:
    return officer.organisations.get()


@pytest.fixture
def colleague(organisation: Organisation) -> Membership:
    user = User.objects.create_user("collegue@hopital.example", "a long pass phrase")
    return Membership.objects.create(user=user, organisation=organisation, role="contributor")


def test_the_last_owner_can_neither_leave_nor_step_down(
    desk: Client, organisation: Organisation, colleague: Membership, officer: User
) -> None:
    own = officer.memberships.get()
    for address, sent in (
        ("leave/", {}),
        (f"members/{own.pk}/remove/", {}),
        (f"members/{own.pk}/role/", {"role": "reader"}),
    ):
        page = desk.post(f"/organisations/{organisation.pk}/{address}", sent, follow=True)
        assert "would have no owner" in page.content.decode()
    assert officer.memberships.get().role == "owner"


def test_an_owner_changes_a_role_and_a_forged_role_changes_nothing(
    desk: Client, organisation: Organisation, colleague: Membership
) -> None:
    address = f"/organisations/{organisation.pk}/members/{colleague.pk}/role/"
    desk.post(address, {"role": "reviewer"})
    colleague.refresh_from_db()
    assert colleague.role == "reviewer"
    for forged in ("emperor", "", "guest"):
        desk.post(address, {"role": forged})
    colleague.refresh_from_db()
    assert colleague.role == "reviewer"


def test_ownership_is_handed_over_whole(
    desk: Client, organisation: Organisation, colleague: Membership, officer: User
) -> None:
    desk.post(f"/organisations/{organisation.pk}/members/{colleague.pk}/transfer/")
    assert dict(organisation.memberships.values_list("user", "role")) == {
        officer.pk: "contributor",
        colleague.user_id: "owner",
    }
    assert desk.get(f"/organisations/{organisation.pk}/trail/").status_code == 404


def test_a_member_removed_is_out_at_once(
    desk: Client, organisation: Organisation, colleague: Membership, example: Offer
) -> None:
    browser = Client()
    browser.force_login(colleague.user)
    assert browser.get(f"/offers/{example.pk}/result/").status_code == 200
    desk.post(f"/organisations/{organisation.pk}/members/{colleague.pk}/remove/")
    assert browser.get(f"/offers/{example.pk}/result/").status_code == 404


def test_a_member_of_another_organisation_cannot_be_reached_through_ones_own(
    desk: Client, organisation: Organisation, stranger: User
) -> None:
    foreign = stranger.memberships.get()
    for act in ("role", "remove", "transfer"):
        response = desk.post(f"/organisations/{organisation.pk}/members/{foreign.pk}/{act}/", {"role": "reader"})
        assert response.status_code == 404


def test_each_organisation_has_its_own_list(desk: Client, organisation: Organisation, example: Offer) -> None:
    assert desk.post("/organisations/new/", {"name": "Second hospital"}).status_code == 302
    second = Organisation.objects.get(name="Second hospital")
    page = desk.get("/assessments/")
    assert page.context["organisation"] == second
    assert example.assessment.name not in page.content.decode()
    desk.post("/organisations/choose/", {"organisation": organisation.pk})
    assert example.assessment.name in desk.get("/assessments/").content.decode()
    for forged in ("", "x", "999999"):
        assert desk.post("/organisations/choose/", {"organisation": forged}).status_code == 404


def test_an_owner_renames_and_sets_retention_and_mistakes_are_told(desk: Client, organisation: Organisation) -> None:
    address = f"/organisations/{organisation.pk}/change/"
    assert desk.post(address, {"name": "", "bin_after": "0", "delete_after": "soon"}).status_code == 422
    assert desk.post(address, {"name": "CHU", "bin_after": "24", "delete_after": ""}).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name, organisation.bin_after, organisation.delete_after) == ("CHU", 24, None)


def test_queries_do_not_grow_with_members_guests_and_invitations(
    desk: Client, organisation: Organisation, example: Offer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    page = f"/organisations/{organisation.pk}/"
    for more in range(2):
        for number in range(8 * more):
            user = User.objects.create_user(f"p{number}@hopital.example", "a long pass phrase")
            Membership.objects.create(user=user, organisation=organisation, role="reader")
            other = User.objects.create_user(f"g{number}@cabinet.example", "a long pass phrase")
            Guest.objects.create(user=other, assessment=example.assessment, until=timezone.localdate())
            later = timezone.now() + timedelta(days=1)
            Invitation.objects.create(
                organisation=organisation, email=f"i{number}@x.example", role="reader", language="fr", expires_at=later
            )
        with django_assert_num_queries(7):
            desk.get(page)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_the_same_instant_do_not_both_succeed(officer: User, stranger: User) -> None:
    organisation = create_organisation(officer, "Two owners")
    Membership.objects.create(user=stranger, organisation=organisation, role="owner")
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def leave(membership: Membership) -> None:
        together.wait()
        try:
            end_membership(membership)
            outcomes.append("left")
        except LastOwnerError:
            outcomes.append("kept")
        finally:
            connection.close()

    leavers = [threading.Thread(target=leave, args=[each]) for each in organisation.memberships.all()]
    for leaver in leavers:
        leaver.start()
    for leaver in leavers:
        leaver.join()
    assert sorted(outcomes) == ["kept", "left"]
    assert organisation.memberships.get().role == "owner"
