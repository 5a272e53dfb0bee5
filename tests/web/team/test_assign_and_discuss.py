"""Assigning, discussing and meeting on the same answer, page by page, without a script."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.models import Answer, Assignment, Comment, Discussion, Guest, Membership, Notice, Offer, User
from checklists.services.frameworks.choose_frameworks import choose_frameworks
from checklists.services.team.assign import Charge, assign
from checklists.services.team.discuss import add_comment, delete_comment, resolve
from checklists.services.trail.record import acting
from tests.frameworks import publish_shipped_frameworks
from tests.web.answers.test_answer_a_question import said, save


@pytest.fixture
def claire(example: Offer) -> User:
    user = User.objects.create_user("claire@hopital.example", "x", first_name="Claire", last_name="Martin")
    Membership.objects.create(user=user, organisation=example.assessment.organisation, role="contributor")
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]


def form_of(page: str) -> dict[str, str]:
    """What the page of assignments would send if nobody touched it."""
    sent = dict(re.findall(r'name="(seen-[^"]+)" value="([^"]*)"', page))
    for name, block in re.findall(r'name="(person-[^"]+)"(.*?)</select>', page, re.S):
        chosen = re.search(r'value="(\d+)" selected', block)
        sent[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'name="(due-[^"]+)" value="([^"]*)"', page):
        sent[name] = value
    return sent


def test_assign_a_part_and_see_it_everywhere(desk: Client, example: Offer, claire: User) -> None:
    page = f"/assessments/{example.assessment_id}/who-answers/"
    sent = form_of(desk.get(page).content.decode())
    sent |= {f"person-{example.pk}-keys": str(claire.pk), f"due-{example.pk}-keys": "24/12/2099"}
    assert desk.post(page, sent).status_code == 302
    row = Assignment.objects.get()
    assert (row.assignee, row.due.isoformat()) == (claire, "2099-12-24")
    assert "Claire Martin · due 24/12/2099" in text_of(desk.get(f"/assessments/{example.assessment_id}/"))
    assert "Claire Martin · due 24/12/2099" in text_of(desk.get(f"/offers/{example.pk}/questions/keys/"))
    assert "Claire Martin · due 24/12/2099" in text_of(desk.get(f"/offers/{example.pk}/questions/keys/progress/"))
    hers = signed_in(claire)
    work = hers.get("/my-work/").content.decode()
    assert f"/offers/{example.pk}/questions/keys/" in work
    assert "24 December 2099" in work
    assert f"/offers/{example.pk}/questions/" not in desk.get("/my-work/").content.decode()


def test_an_impossible_day_is_told_beside_it_and_the_rest_is_saved(desk: Client, example: Offer, claire: User) -> None:
    page = f"/assessments/{example.assessment_id}/who-answers/"
    sent = form_of(desk.get(page).content.decode())
    sent |= {f"person-{example.pk}-keys": str(claire.pk), f"due-{example.pk}-keys": "31/02/2027"}
    sent |= {f"person-{example.pk}-jurisdiction": str(claire.pk), f"person-{example.pk}-transition": "nobody<b>"}
    response = desk.post(page, sent)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "31/02/2027" in shown
    assert shown.count('aria-invalid="true"') == 2
    assert [row.concern for row in Assignment.objects.all()] == ["jurisdiction"]


def test_an_older_page_does_not_undo_what_a_colleague_assigned(
    desk: Client, example: Offer, claire: User, officer: User
) -> None:
    page = f"/assessments/{example.assessment_id}/who-answers/"
    sent = form_of(desk.get(page).content.decode())
    assign(example.assessment, example, "keys", Charge(claire.pk), seen=Charge(), by=officer)
    assert desk.post(page, sent | {f"person-{example.pk}-transition": str(officer.pk)}).status_code == 302
    assert Assignment.objects.get(concern="keys").assignee == claire, "untouched on the older page"
    conflicting = desk.post(page, sent | {f"person-{example.pk}-keys": str(officer.pk)})
    assert conflicting.status_code == 422
    assert "Somebody assigned this part meanwhile: Claire Martin, no day" in text_of(conflicting)
    assert Assignment.objects.get(concern="keys").assignee == claire
    assert desk.post(page, form_of(conflicting.content.decode())).status_code == 302
    assert Assignment.objects.get(concern="keys").assignee == officer


def test_saving_the_page_takes_nothing_from_an_account_that_was_closed(
    desk: Client, example: Offer, officer: User, claire: User
) -> None:
    assign(example.assessment, example, "keys", Charge(claire.pk), seen=Charge(), by=officer)
    User.objects.filter(pk=claire.pk).update(is_active=False)
    page = f"/assessments/{example.assessment_id}/who-answers/"
    assert desk.post(page, form_of(desk.get(page).content.decode())).status_code == 302
    assert Assignment.objects.get().assignee == claire


def test_nothing_is_assigned_to_who_may_not_answer(desk: Client, example: Offer, stranger: User) -> None:
    page = f"/assessments/{example.assessment_id}/who-answers/"
    sent = form_of(desk.get(page).content.decode()) | {f"person-{example.pk}-keys": str(stranger.pk)}
    response = desk.post(page, sent)
    assert response.status_code == 422
    assert stranger.email not in response.content.decode()
    assert not Assignment.objects.exists()


def test_my_work_puts_what_is_late_first_and_costs_the_same_for_many(
    example: Offer, officer: User, claire: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hers, today = signed_in(claire), timezone.localdate()
    Answer.objects.filter(offer=example).delete()
    assign(example.assessment, example, "transition", Charge(claire.pk), seen=Charge(), by=officer)
    hers.get("/my-work/")
    with django_assert_num_queries(9):
        hers.get("/my-work/")
    late = Charge(claire.pk, today.replace(year=today.year - 1, day=1))
    assign(example.assessment, example, "keys", late, seen=Charge(), by=officer)
    assign(example.assessment, None, "workload", Charge(claire.pk, today), seen=Charge(), by=officer)
    with django_assert_num_queries(9):
        shown = text_of(hers.get("/my-work/"))
    assert shown.index(" late ") < shown.index("Transition")
    assert "0 of" in shown
    Membership.objects.filter(user=claire).update(role="reader")
    assert example.name not in hers.get("/my-work/").content.decode()


def test_a_part_that_a_framework_adds_can_be_assigned_as_long_as_it_is_asked(
    desk: Client, example: Offer, officer: User, claire: User
) -> None:
    publish_shipped_frameworks()
    choose_frameworks(example.assessment, ["eu-csf-2025-10"], officer)
    page = f"/assessments/{example.assessment_id}/who-answers/"
    sent = form_of(desk.get(page).content.decode())
    assert desk.post(page, sent | {f"person-{example.pk}-supplement-operation": str(claire.pk)}).status_code == 302
    hers = signed_in(claire)
    for address in ("/my-work/", "/notices/"):
        assert "Supplement: operation" in hers.get(address).content.decode()
    choose_frameworks(example.assessment, [], officer)
    assert "supplement-operation" not in hers.get("/my-work/").content.decode()
    assert hers.get("/notices/").status_code == 200


def test_say_something_and_be_answered(desk: Client, example: Offer, claire: User) -> None:
    place = f"/offers/{example.pk}/discussions/key_holder/"
    response = desk.post(place, {"text": "@claire: who holds\r\nthe keys?"})
    comment = Comment.objects.get()
    assert response["Location"] == f"{place}#comment-{comment.pk}"
    assert comment.text == "@claire: who holds\nthe keys?"
    hers = signed_in(claire)
    page = hers.get("/notices/").content.decode()
    link = re.search(r"/notices/open/\?notice=\d+", page)
    assert link
    assert hers.get(link[0])["Location"] == f"{place}#comment-{comment.pk}"
    assert "who holds" in hers.get(place).content.decode()
    assert "1 comment" in text_of(hers.get(f"/offers/{example.pk}/questions/keys/"))
    hers.post(f"/discussions/{comment.discussion_id}/mark/", {"resolved": "yes"})
    assert "Resolved by Claire Martin" in text_of(desk.get(place))
    assert "resolved" in text_of(desk.get(f"/assessments/{example.assessment_id}/discussions/"))


def test_an_unknown_mention_is_told_beside_the_field_and_nothing_is_lost(desk: Client, example: Offer) -> None:
    place = f"/assessments/{example.assessment_id}/discussions/"
    for text in ("Ask @nobody, please", "x" * 5001):
        response = desk.post(place, {"text": text})
        assert response.status_code == 422
        shown = response.content.decode()
        assert text in shown
        assert "invalid-feedback" in shown
    assert not Discussion.objects.exists()


def test_opening_the_discussion_reads_the_notices_that_lead_there(
    desk: Client, example: Offer, officer: User, claire: User
) -> None:
    add_comment(example.assessment, example, "key_holder", "@dpo", claire)
    add_comment(example.assessment, None, "", "@dpo", claire)
    desk.get(f"/offers/{example.pk}/discussions/key_holder/")
    assert [notice.part for notice in Notice.objects.unread().filter(user=officer)] == [""]


def test_only_ones_own_words_are_changed_and_an_owner_may_delete(
    desk: Client, example: Offer, officer: User, claire: User
) -> None:
    comment = add_comment(example.assessment, example, "key_holder", "Clause 12", officer)
    hers = signed_in(claire)
    for address in ("", "delete/"):
        hers.post(f"/comments/{comment.pk}/{address}", {"text": "forged"})
    comment.refresh_from_db()
    assert comment.text == "Clause 12"
    assert "Clause 12" in desk.get(f"/comments/{comment.pk}/").content.decode()
    assert desk.post(f"/comments/{comment.pk}/", {"text": "@nobody"}).status_code == 422
    assert desk.post(f"/comments/{comment.pk}/", {"text": "Clause 13"}).status_code == 302
    other = add_comment(example.assessment, example, "key_holder", "Noise", claire)
    desk.post(f"/comments/{other.pk}/delete/")
    shown = desk.get(f"/offers/{example.pk}/discussions/key_holder/").content.decode()
    assert "Clause 13" in shown
    assert "Noise" not in shown
    assert "This comment was deleted." in shown


def test_guests_see_nothing_of_the_team_and_readers_only_read(example: Offer, officer: User, claire: User) -> None:
    assign(example.assessment, example, "keys", Charge(claire.pk), seen=Charge(), by=officer)
    add_comment(example.assessment, example, "key_holder", "Internal", officer)
    visitor, reader = User.objects.create_user("a@cabinet.example"), User.objects.create_user("l@hopital.example")
    Guest.objects.create(user=visitor, assessment=example.assessment, until=timezone.localdate())
    Membership.objects.create(user=reader, organisation=example.assessment.organisation, role="reader")
    place = f"/offers/{example.pk}/discussions/key_holder/"
    guest = signed_in(visitor)
    for address in (
        f"/assessments/{example.assessment_id}/",
        f"/offers/{example.pk}/review/",
        "/notices/",
        "/my-work/",
    ):
        shown = guest.get(address).content.decode()
        for private in ("Claire", officer.email, "Internal", "/discussions/", "who-answers"):
            assert private not in shown, address
    assert guest.get(place).status_code == 404
    theirs = signed_in(reader)
    assert "Internal" in theirs.get(place).content.decode()
    assert "<textarea" not in theirs.get(place).content.decode()
    assert theirs.post(place, {"text": "x"}).status_code == 404


def test_a_former_member_has_no_name(desk: Client, example: Offer, claire: User) -> None:
    add_comment(example.assessment, example, "key_holder", "Clause 12", claire)
    claire.delete()
    shown = desk.get(f"/offers/{example.pk}/discussions/key_holder/").content.decode()
    assert "A former member" in shown
    assert "Claire" not in shown


def test_a_comment_is_in_no_report(desk: Client, example: Offer, officer: User) -> None:
    add_comment(example.assessment, example, "key_holder", "Not for print", officer)
    report = desk.get(f"/offers/{example.pk}/report/?format=html").content.decode()
    assert "key" in report
    assert "Not for print" not in report


def test_the_trail_says_who_assigned_and_discussed_what(
    desk: Client, example: Offer, officer: User, claire: User
) -> None:
    with acting(lambda: officer):
        assign(example.assessment, example, "keys", Charge(claire.pk), seen=Charge(), by=officer)
        comment = add_comment(example.assessment, example, "key_holder", "Secret words", officer)
        resolve(comment.discussion, officer)
        delete_comment(comment)
    shown = text_of(desk.get(f"/organisations/{example.assessment.organisation_id}/trail/"))
    name, question = example.assessment.name, "Who holds the keys that encrypt the data at rest, backups included?"
    assert (
        f"assigned a part of “{name}” to Claire Martin: Keys and access to unencrypted data ({example.name})" in shown
    )
    assert f"wrote a comment in a discussion of “{name}”: {question}" in shown
    assert f"marked a discussion in “{name}”: {question}" in shown
    assert "Secret words" not in shown


def test_a_session_that_ended_gives_the_comment_back(desk: Client, example: Offer, officer: User) -> None:
    place = f"/offers/{example.pk}/discussions/key_holder/"
    desk.logout()
    assert desk.post(place, {"text": "do not lose me"}).status_code == 302
    desk.force_login(officer)
    assert "do not lose me" in desk.get(place).content.decode()


@pytest.mark.parametrize("place", ["discussions/", "discussions/nothing/", "discussions/key_holder/"])
def test_a_question_of_the_offer_is_not_one_of_the_workload(desk: Client, example: Offer, place: str) -> None:
    status = 200 if place == "discussions/" else 404
    assert desk.get(f"/assessments/{example.assessment_id}/{place}").status_code == status


def test_a_discussion_costs_the_same_for_many_comments(
    desk: Client, example: Offer, officer: User, claire: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    places = (f"/offers/{example.pk}/discussions/key_holder/", f"/assessments/{example.assessment_id}/discussions/")
    add_comment(example.assessment, example, "key_holder", "One", officer)
    for place in places:
        desk.get(place)
    for number in range(6):
        add_comment(example.assessment, example, "key_holder", f"{number}", (officer, claire)[number % 2])
    for question in ("encryption_in_transit", "key_revocation"):
        add_comment(example.assessment, example, question, "More", claire)
    Notice.objects.all().delete()
    for place, most in zip(places, (12, 9), strict=True):
        with django_assert_num_queries(most):
            desk.get(place)


def test_a_deleted_comment_does_not_make_a_discussion(desk: Client, example: Offer, officer: User) -> None:
    delete_comment(add_comment(example.assessment, example, "key_holder", "Oops", officer))
    assert "Discuss" in text_of(desk.get(f"/offers/{example.pk}/questions/keys/"))
    assert "1 comment" not in text_of(desk.get(f"/offers/{example.pk}/questions/keys/"))


def test_two_people_on_one_answer_see_both_and_who_and_when(desk: Client, example: Offer, claire: User) -> None:
    revision = Answer.objects.get(offer=example, question="key_holder").revision
    hers = signed_in(claire)
    save(hers, example, "key_holder", "option:customer_only", revision, comment="Clause 12")
    response = save(desk, example, "key_holder", "unknown", revision, comment="Ask them")
    assert response.status_code == 409
    shown = text_of(response)
    for words in (
        "Claire Martin changed this answer on",
        "The customer alone",
        "Clause 12",
        "I don't know",
        "Ask them",
    ):
        assert words in shown.replace("’", "'").replace("&#x27;", "'")
    response = save(desk, example, "key_holder", "unknown", revision + 1, comment="Ask them")
    assert response.status_code == 200
    assert Answer.objects.get(offer=example, question="key_holder").comment == "Ask them"


def test_without_a_script_one_keeps_mine_or_what_stands_and_the_rest_of_the_page(
    desk: Client, example: Offer, claire: User
) -> None:
    revision = Answer.objects.get(offer=example, question="key_holder").revision
    save(signed_in(claire), example, "key_holder", "option:customer_only", revision, comment="Clause 12")
    page = f"/offers/{example.pk}/questions/keys/"
    mine = said("key_holder", "not_applicable", revision, justification="No <b>keys</b>")
    other = Answer.objects.get(offer=example, question="encryption_in_transit")
    wrong = said("encryption_in_transit", "not_applicable", other.revision, comment="kept on the page")
    response = desk.post(page, mine | wrong | {"go": "next"})
    assert response.status_code == 422
    assert "Claire Martin changed this answer on" in text_of(response)
    shown = response.content.decode()
    assert "No &lt;b&gt;keys&lt;/b&gt;" in shown
    assert f'name="q-key_holder-revision" id="q-key_holder-revision" value="{revision + 1}"' in shown
    again = said("key_holder", "not_applicable", revision + 1, justification="No keys")
    response = desk.post(page, again | wrong | {"keep-theirs": "key_holder"})
    assert response.status_code == 422, "the other answer still lacks its reason"
    assert "kept on the page" in response.content.decode()
    row = Answer.objects.get(offer=example, question="key_holder")
    assert (row.value, row.comment) == ("customer_only", "Clause 12")
    assert desk.post(page, again | {"keep-theirs": "key_holder"}).status_code == 302
    assert desk.post(page, again | {"go": "stay"}).status_code == 302
    assert Answer.objects.get(offer=example, question="key_holder").justification == "No keys"


def test_the_questionnaire_says_who_changed_an_answer_last(desk: Client, example: Offer, claire: User) -> None:
    revision = Answer.objects.get(offer=example, question="key_holder").revision
    save(signed_in(claire), example, "key_holder", "option:customer_only", revision)
    assert re.search(
        r"Saved \d\d/\d\d/\d{4} \d\d:\d\d · Claire Martin", text_of(desk.get(f"/offers/{example.pk}/questions/keys/"))
    )
