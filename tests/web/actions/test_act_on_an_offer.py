"""Acting on a result: an action is taken in hand, shows where its owner looks, and is never lost to another save."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from checklists.models import Membership, Offer, OfferAction, TrailEntry, User
from checklists.services.actions.keep_action import Undertaking, keep_action
from checklists.services.people.keep_members import end_membership


def address(offer: Offer, key: str = "do-key_holder") -> str:
    return f"/offers/{offer.pk}/result/act/{key}/"


def sent(owner: object = "", due: str = "", state: str = "to_do", note: str = "", revision: int = 0) -> dict[str, str]:
    return {"owner": str(owner), "due": due, "state": state, "note": note, "revision": str(revision)}


def test_the_four_kinds_are_told_with_premise_and_effect(desk: Client, example: Offer) -> None:
    page = desk.get(f"/offers/{example.pk}/result/act/")
    plan = page.context["plan"]
    assert [group.kind for group in plan.groups if group.count] == ["find_out", "change", "obtain", "impossible"]
    for group in plan.groups:
        for line in (*group.first, *group.rest):
            assert line.what
            assert line.premise
            assert line.effect
    assert f"/assessments/{example.assessment_id}/hosts/" in page.content.decode()


def test_no_line_asks_to_stop_having_to_leave_or_to_have_no_link(desk: Client, example: Offer) -> None:
    plan = desk.get(f"/offers/{example.pk}/result/act/").context["plan"]
    keys = {line.key for group in plan.groups for line in (*group.first, *group.rest)}
    assert not keys & {"do-host_change_required", "do-us_law_reach", "do-ultimate_parent_country", "do-data_category"}


def test_an_action_taken_in_hand_shows_in_ones_work_and_in_the_deadlines(
    desk: Client, example: Offer, officer: User
) -> None:
    due = timezone.localdate() - timedelta(days=1)
    kept = desk.post(address(example), sent(officer.pk, due.strftime("%d/%m/%Y"), "under_way", "Ask the CISO"))
    assert kept.status_code == 302
    row = OfferAction.objects.get(offer=example)
    assert (row.owner, row.due, row.state, row.note) == (officer, due, "under_way", "Ask the CISO")
    for page in ("/my-work/", "/deadlines/", f"/offers/{example.pk}/result/act/", f"/offers/{example.pk}/result/"):
        assert "late" in desk.get(page).content.decode(), page
    assert b"Who holds the keys" in desk.get("/deadlines.ics").content.replace(b"\r\n ", b"")
    entry = TrailEntry.objects.filter(kind="action.undertaken").get()
    assert "Ask the CISO" not in str(entry.details)


def test_what_is_done_leaves_the_list_of_ones_work(desk: Client, example: Offer, officer: User) -> None:
    keep_action(example, "do-key_holder", Undertaking(owner=officer.pk, state="done"), revision=0, by=officer)
    assert "Who holds the keys" not in desk.get("/my-work/").content.decode()


def test_a_stale_save_is_refused_with_what_stands(desk: Client, example: Offer, officer: User) -> None:
    keep_action(example, "do-key_holder", Undertaking(note="First"), revision=0, by=officer)
    refused = desk.post(address(example), sent(note="Second"))
    assert refused.status_code == 409
    assert "Second" in refused.content.decode()
    assert OfferAction.objects.get(offer=example).note == "First"
    again = desk.post(address(example), sent(note="Second", revision=1))
    assert again.status_code == 302
    assert OfferAction.objects.get(offer=example).note == "Second"


@pytest.mark.parametrize(
    "wrong",
    [
        sent(due="31/02/2026"),
        sent(owner="999999"),
        sent(owner="me"),
        sent(state="dreamt"),
        sent(note="x" * 2001),
        sent() | {"revision": "many"},
        sent() | {"revision": "99999999999999999999"},
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(desk: Client, example: Offer, wrong: dict[str, str]) -> None:
    assert desk.post(address(example), wrong).status_code == 422
    assert not OfferAction.objects.exists()


def test_an_action_that_nothing_asks_for_is_not_found(desk: Client, example: Offer) -> None:
    for key in ("do-nothing", "rule-nothing", "find-us_law_reach", "do-us_law_reach"):
        assert desk.get(address(example, key)).status_code == 404


def test_the_smallest_set_goes_on_the_list_by_one_button(desk: Client, example: Offer) -> None:
    act = f"/offers/{example.pk}/result/act/"
    proposed = desk.get(act).context["plan"].fewest[0]
    assert desk.post(f"{act}fewest/", {"target": proposed.target.key}).status_code == 302
    assert OfferAction.objects.filter(offer=example).count() == proposed.untaken
    assert desk.get(act).context["plan"].fewest[0].untaken == 0
    desk.post(f"{act}fewest/", {"target": proposed.target.key})
    desk.post(f"{act}fewest/", {"target": "nowhere"})
    assert OfferAction.objects.filter(offer=example).count() == proposed.untaken


def test_who_leaves_is_in_charge_of_nothing(desk: Client, example: Offer, officer: User) -> None:
    organisation = example.assessment.organisation
    colleague = User.objects.create_user("collegue@hopital.example", "a long pass phrase")
    membership = Membership.objects.create(user=colleague, organisation=organisation, role="contributor")
    keep_action(example, "do-key_holder", Undertaking(owner=colleague.pk), revision=0, by=officer)
    end_membership(membership)
    assert OfferAction.objects.get(offer=example).owner is None


def test_a_reader_sees_the_actions_and_changes_none(client: Client, example: Offer) -> None:
    reader = User.objects.create_user("lecteur@hopital.example", "a long pass phrase")
    Membership.objects.create(user=reader, organisation=example.assessment.organisation, role="reader")
    client.force_login(reader)
    assert "Take in hand" not in client.get(f"/offers/{example.pk}/result/act/").content.decode()
    assert client.post(address(example), sent()).status_code == 404
