"""Said, mentioned, replied to, changed, taken back, resolved; bounded, and never lost without a word."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from checklists.models import Comment, Discussion, Guest, Membership, Notice, Offer, TrailEntry, User
from checklists.services.people.erase_person import erase_person
from checklists.services.people.export_person import export_person
from checklists.services.team.discuss import (
    CHANGED_WITHIN,
    CommentRefused,
    add_comment,
    change_comment,
    delete_comment,
    handles,
    resolve,
)
from checklists.services.team.threads import discussions_of, talks_of
from checklists.services.trail.record import acting
from checklists.services.trail.verify_trail import verify_trail


@pytest.fixture
def claire(example: Offer) -> User:
    return join(example, "claire.martin@hopital.example", first_name="Claire", last_name="Martin")


def join(example: Offer, email: str, role: str = "contributor", **names: str) -> User:
    user = User.objects.create_user(email, "a long pass phrase", **names)
    Membership.objects.create(user=user, organisation=example.assessment.organisation, role=role)
    return user


def say(example: Offer, text: str, by: User, question: str = "key_holder") -> Comment:
    with acting(lambda: by):
        return add_comment(example.assessment, example if question else None, question, text, by)


def test_who_is_mentioned_is_told_where(example: Offer, officer: User, claire: User) -> None:
    comment = say(example, "@Claire Martin, who holds them?", officer)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (claire, "mentioned")
    assert notice.link == f"/offers/{example.pk}/discussions/key_holder/#comment-{comment.pk}"


def test_who_wrote_before_is_told_of_a_reply_and_nobody_twice(example: Offer, officer: User, claire: User) -> None:
    reviewer = join(example, "rene@hopital.example", "reviewer")
    say(example, "Who holds the keys?", officer)
    say(example, "The provider, I think.", reviewer)
    Notice.objects.all().delete()
    say(example, "@dpo and all: it is in clause 12.", claire)
    told = set(Notice.objects.values_list("user", "kind"))
    assert told == {(officer.pk, "mentioned"), (reviewer.pk, "replied")}


@pytest.mark.parametrize("text", ["@nobody", "@claire and @nobody", "x" * 5001, "", "  \n"])
def test_what_cannot_be_kept_is_told_and_nothing_is_half_done(
    example: Offer, officer: User, claire: User, text: str
) -> None:
    with pytest.raises(CommentRefused):
        say(example, text, officer)
    assert not Discussion.objects.exists()
    assert not Notice.objects.exists()


def test_a_name_of_two_people_is_told_with_what_to_write(example: Offer, officer: User, claire: User) -> None:
    join(example, "c.petit@hopital.example", first_name="Claire", last_name="Petit")
    with pytest.raises(CommentRefused, match=r"@c\.petit@hopital\.example, @claire\.martin@hopital\.example"):
        say(example, "@Claire?", officer)


def test_five_thousand_characters_fit(example: Offer, officer: User) -> None:
    assert len(say(example, "é" * 5000, officer).text) == 5000


def test_guests_and_strangers_are_not_to_be_mentioned(example: Offer, officer: User, stranger: User) -> None:
    guest = User.objects.create_user("auditeur@cabinet.example")
    Guest.objects.create(user=guest, assessment=example.assessment, until=timezone.localdate())
    for person in (guest, stranger):
        with pytest.raises(CommentRefused):
            say(example, f"@{person.email}", officer)
        assert person not in handles(example.assessment)


def test_the_list_gives_for_each_what_means_only_them(example: Offer, officer: User, claire: User) -> None:
    other = join(example, "claire.martin@autre.example")
    given = handles(example.assessment)
    assert given[officer] == "@dpo"
    assert given[claire] == "@claire.martin@hopital.example"
    for person, handle in given.items():
        Notice.objects.all().delete()
        say(example, f"{handle}?", other if person == officer else officer)
        if person != officer:
            assert Notice.objects.filter(user=person, kind="mentioned").exists()


def test_sent_twice_it_is_said_once(example: Offer, officer: User) -> None:
    assert say(example, "Who?", officer).pk == say(example, "Who?", officer).pk


def test_one_changes_ones_own_words_soon_and_the_trail_keeps_fingerprints(
    example: Offer, officer: User, claire: User
) -> None:
    comment = say(example, "Mme Petit said so.", officer)
    with pytest.raises(CommentRefused):
        change_comment(comment, "forged", claire)
    with acting(lambda: officer):
        change_comment(comment, "She said so, @claire.", officer)
    comment.refresh_from_db()
    assert comment.text == "She said so, @claire."
    assert comment.edited_at
    assert Notice.objects.get().user == claire
    change_comment(comment, "She said so, @claire!", officer)
    assert Notice.objects.count() == 1, "mentioned already"
    entry = TrailEntry.objects.filter(kind="comment.changed").earliest("position")
    assert [value[:7] for value in entry.details["changes"]["text"]] == ["sha256:", "sha256:"]
    assert "Petit" not in json.dumps(list(TrailEntry.objects.values_list("details", flat=True)))
    Comment.objects.update(created_at=timezone.now() - CHANGED_WITHIN)
    with pytest.raises(CommentRefused):
        change_comment(comment, "too late", officer)


def test_deleted_words_are_gone_and_their_place_stays(example: Offer, officer: User) -> None:
    comment = say(example, "a secret", officer)
    delete_comment(comment)
    delete_comment(comment)
    comment.refresh_from_db()
    assert (comment.text, bool(comment.deleted_at)) == ("", True)
    assert talks_of(example.assessment, example) == {}
    with pytest.raises(CommentRefused):
        change_comment(comment, "back", officer)


def test_resolved_until_somebody_says_more(example: Offer, officer: User, claire: User) -> None:
    discussion = say(example, "Who?", officer).discussion
    resolve(discussion, officer)
    assert talks_of(example.assessment, example)["key_holder"].is_resolved
    assert discussions_of(example.assessment)[0].resolved_at
    say(example, "Not quite.", claire)
    assert not talks_of(example.assessment, example)["key_holder"].is_resolved
    told = TrailEntry.objects.filter(subject_type="discussion").order_by("position")
    assert list(told.values_list("kind", flat=True)) == [
        "discussion.opened",
        "discussion.changed",
        "discussion.changed",
    ]


def test_erased_their_words_stay_without_their_name_and_what_was_told_goes(
    example: Offer, officer: User, claire: User
) -> None:
    comment = say(example, "Clause 12.", claire)
    say(example, "@claire thanks", officer)
    document = export_person(claire)
    assert [row["text"] for row in document["comment"]] == ["Clause 12."]
    assert {row["kind"] for row in document["notice"]} == {"mentioned"}
    erase_person(claire)
    comment.refresh_from_db()
    assert (comment.author, comment.text) == (None, "Clause 12.")
    assert not Notice.objects.filter(kind="mentioned").exists()


def test_all_of_it_goes_with_the_assessment_and_the_trail_holds(example: Offer, officer: User, claire: User) -> None:
    say(example, "@claire?", officer)
    say(example, "Here.", claire, question="")
    example.assessment.delete()
    assert not Comment.objects.exists()
    assert not Notice.objects.exists()
    assert verify_trail() == []
