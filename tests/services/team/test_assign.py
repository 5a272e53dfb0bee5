"""Who answers what: given, told, taken over, left by somebody who goes; nobody is left answering who may not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Answer, Assignment, Membership, Notice, Offer, TrailEntry, User
from checklists.services.people import keep_members
from checklists.services.people.erase_person import erase_person
from checklists.services.people.export_person import export_person
from checklists.services.team.assign import (
    WORKLOAD,
    AssignmentIsStale,
    AssignmentRefused,
    Charge,
    assign,
    assignments_of,
)
from checklists.services.team.part_progress import assignments_for, progress_of, remind_of_assignments
from checklists.services.trail.record import acting
from checklists.services.trail.verify_trail import verify_trail

NOBODY = Charge()
DAY = date(2026, 12, 24)


def join(example: Offer, name: str, role: str) -> User:
    user = User.objects.create_user(f"{name}@hopital.example", "a long pass phrase")
    Membership.objects.create(user=user, organisation=example.assessment.organisation, role=role)
    return user


@pytest.fixture
def claire(example: Offer) -> User:
    return join(example, "claire", "contributor")


@pytest.fixture
def given(example: Offer, claire: User, officer: User) -> Assignment:
    with acting(lambda: officer):
        row = assign(example.assessment, example, "keys", Charge(claire.pk, DAY), seen=NOBODY, by=officer)
    assert row
    return row


def test_the_person_is_told_and_the_trail_says_who_gave_what_to_whom(given: Assignment, claire: User) -> None:
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.part) == (claire, "assigned", "keys")
    assert notice.link.endswith("/questions/keys/")
    entry = TrailEntry.objects.get(kind="assignment.given")
    assert (entry.details["person"], entry.details["concern"]) == (claire.pk, "keys")
    assert entry.details["values"]["due"] == "2026-12-24"


def test_the_same_again_changes_nothing_and_tells_nobody(given: Assignment, claire: User, officer: User) -> None:
    charge = Charge(claire.pk, DAY)
    assign(given.assessment, given.offer, "keys", charge, seen=charge, by=officer)
    assert Notice.objects.count() == TrailEntry.objects.filter(subject_type="assignment").count() == 1


def test_two_people_assigning_at_once_the_later_is_told(given: Assignment, officer: User) -> None:
    with pytest.raises(AssignmentIsStale) as stale:
        assign(given.assessment, given.offer, "keys", Charge(officer.pk), seen=NOBODY, by=officer)
    assert stale.value.current == given
    assert Assignment.objects.get().assignee == given.assignee


def test_nobody_by_no_day_takes_it_away(given: Assignment, officer: User) -> None:
    assign(given.assessment, given.offer, "keys", NOBODY, seen=Charge.of(given), by=officer)
    assert not Assignment.objects.exists()
    assert TrailEntry.objects.filter(kind="assignment.deleted").exists()


@pytest.mark.parametrize("role", ["reviewer", "reader"])
def test_who_may_not_answer_is_refused(example: Offer, officer: User, stranger: User, role: str) -> None:
    for person in (join(example, "lea", role), stranger):
        with pytest.raises(AssignmentRefused):
            assign(example.assessment, example, "keys", Charge(person.pk), seen=NOBODY, by=officer)
    assert not Assignment.objects.exists()


def test_a_part_that_does_not_exist_is_no_part(example: Offer, officer: User) -> None:
    # The supplementary questions of a framework make a part only where the framework is chosen.
    pairs = [(example, "nothing"), (example, WORKLOAD), (None, "keys"), (example, "supplement-operation")]
    for offer, concern in pairs:
        with pytest.raises(KeyError):
            assign(example.assessment, offer, concern, Charge(officer.pk), seen=NOBODY, by=officer)


@pytest.mark.parametrize("how", ["leaves", "becomes a reader", "is erased"])
def test_who_goes_leaves_their_parts_to_nobody_and_the_owners_are_told(
    given: Assignment, claire: User, officer: User, how: str
) -> None:
    Notice.objects.all().delete()
    membership = claire.memberships.get()
    match how:
        case "leaves":
            keep_members.end_membership(membership)
        case "becomes a reader":
            keep_members.change_role(membership, "reader")
        case "is erased":
            erase_person(claire)
    given.refresh_from_db()
    assert (given.assignee, given.due) == (None, DAY)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.part) == (officer, "unassigned", "keys")
    assert verify_trail() == []


def test_another_role_that_answers_keeps_the_parts(given: Assignment, claire: User) -> None:
    keep_members.change_role(claire.memberships.get(), "owner")
    given.refresh_from_db()
    assert given.assignee == claire


def test_the_export_holds_what_is_assigned_and_what_was_told(given: Assignment, claire: User) -> None:
    document = export_person(claire)
    assert [row["concern"] for row in document["assignment"]] == ["keys"]
    assert [row["kind"] for row in document["notice"]] == ["assigned"]


def test_what_is_due_soon_is_told_once_and_again_when_the_day_moves(given: Assignment, officer: User) -> None:
    Answer.objects.filter(offer=given.offer, question="key_holder").update(status="unanswered", value="")
    Notice.objects.all().delete()
    assert remind_of_assignments(DAY - timedelta(days=20), 14) == 0
    assert remind_of_assignments(DAY - timedelta(days=14), 14) == 1
    assert remind_of_assignments(DAY, 14) == 0
    assert Notice.objects.get().due == DAY
    later = Charge(given.assignee_id, DAY + timedelta(days=2))
    assign(given.assessment, given.offer, "keys", later, seen=Charge(given.assignee_id, DAY), by=officer)
    assert remind_of_assignments(DAY, 14) == 1


def test_what_is_complete_or_in_the_bin_is_not_reminded_of(given: Assignment) -> None:
    assert progress_of([given])[given.pk].is_complete, "the worked example answers every question on keys"
    assert remind_of_assignments(DAY, 14) == 0
    Answer.objects.filter(offer=given.offer, question="key_holder").delete()
    given.assessment.binned_at = timezone.now()
    given.assessment.save()
    assert remind_of_assignments(DAY, 14) == 0
    call_command("sendreminders")


def test_progress_counts_what_is_asked_now_and_says_where_to_go_on(given: Assignment) -> None:
    whole = progress_of([given])[given.pk]
    Answer.objects.filter(offer=given.offer, question="key_holder").delete()
    less = progress_of([given])[given.pk]
    assert (less.answered, less.first_open) == (whole.answered - 1, "key_holder")


def test_progress_costs_the_same_for_many(
    given: Assignment, officer: User, claire: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for concern in ("jurisdiction", "transition"):
        assign(given.assessment, given.offer, concern, Charge(claire.pk), seen=NOBODY, by=officer)
    assign(given.assessment, None, WORKLOAD, Charge(claire.pk), seen=NOBODY, by=officer)
    with django_assert_num_queries(4):  # the assignments, the choices of frameworks, the answers and their evidence
        assert len(progress_of(assignments_for(claire))) == 4
    with django_assert_num_queries(1):
        assert len(assignments_of(given.assessment)) == 4
