"""Discuss an assessment or one of its questions: say, change, take back, resolve. None of it is printed in a report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.core.people.permissions import Action
from checklists.core.team.mentions import Person, find_mentions
from checklists.models import Assessment, Comment, Discussion, Notice, Offer, User
from checklists.models.team import MAX_COMMENT
from checklists.services.notices.notify import notify
from checklists.services.permissions import who_may

CHANGED_WITHIN = timedelta(hours=1)
"""How long a comment can be changed by who wrote it: later, others may have answered. Deleting is always possible."""
SENT_TWICE_WITHIN = timedelta(minutes=5)
"""The same words by the same person right after each other, within this, are one comment sent twice."""


class CommentRefused(ValueError):
    """The comment cannot be kept as it is; ``reasons`` are sentences to show beside the field."""

    def __init__(self, reasons: list[Any]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(str(reason) for reason in reasons))


def address_of(discussion: Discussion) -> str:
    """Where the discussion is read."""
    if discussion.offer_id:
        return reverse("offer-discussion", args=[discussion.offer_id, discussion.question])
    if discussion.question:
        return reverse("workload-discussion", args=[discussion.assessment_id, discussion.question])
    return reverse("discussions", args=[discussion.assessment_id])


@transaction.atomic
def add_comment(assessment: Assessment, offer: Offer | None, question: str, text: str, by: User) -> Comment:
    """Say ``text`` on ``question`` of ``offer`` (no offer: of the workload; no question: on the assessment).

    Those mentioned are told, and those who wrote there before. A resolved discussion is open again. Sending the same
    twice says it once. Raises ``CommentRefused``.
    """
    mentioned = _checked(assessment, text)
    text = text.strip()
    # Assured before it is locked: two first comments at the same instant are of one discussion.
    Discussion.objects.get_or_create(assessment=assessment, offer=offer, question=question)
    discussion = Discussion.objects.select_for_update(of=("self",)).get(
        assessment=assessment, offer=offer, question=question
    )
    last = discussion.comments.last()
    if last and last.text == text and last.author_id == by.pk and timezone.now() - last.created_at < SENT_TWICE_WITHIN:
        return last
    if discussion.resolved_at:
        _mark(discussion, None)
    comment = Comment.objects.create(discussion=discussion, author=by, text=text)
    _tell(comment, mentioned, by)
    told = discussion.comments.filter(deleted_at=None).exclude(author__in=mentioned).values_list("author", flat=True)
    link, about = address_of(discussion), offer or assessment
    authors = {number for number in told if number is not None}
    notify(Notice.Kind.REPLIED, authors, about, link=link, by=by, part=question, may=Action.SEE_TEAM)
    return comment


@transaction.atomic
def change_comment(comment: Comment, text: str, by: User) -> None:
    """Change one's own comment, soon after writing it; who is newly mentioned is told. Raises ``CommentRefused``."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if not may_change(comment, by):
        raise CommentRefused([_("A comment is changed only by who wrote it, within an hour. Write another one.")])
    mentioned = _checked(comment.discussion.assessment, text) - _mentioned(comment)
    if text.strip() == comment.text:
        return
    comment.text, comment.edited_at = text.strip(), timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    _tell(comment, mentioned, by)


@transaction.atomic
def delete_comment(comment: Comment) -> None:
    """Take the words away for good; the place in the discussion stays, and the trail keeps their fingerprint."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if comment.deleted_at is None:
        comment.text, comment.deleted_at = "", timezone.now()
        comment.save(update_fields=["text", "deleted_at"])


@transaction.atomic
def resolve(discussion: Discussion, by: User | None) -> None:
    """Mark as resolved by ``by``; ``None`` opens it again."""
    discussion = Discussion.objects.select_for_update(of=("self",)).get(pk=discussion.pk)
    if bool(discussion.resolved_at) != bool(by):
        _mark(discussion, by)


def may_change(comment: Comment, user: User) -> bool:
    """Whether ``user`` may change the words of ``comment`` now."""
    is_recent = timezone.now() - comment.created_at < CHANGED_WITHIN
    return comment.author_id == user.pk and comment.deleted_at is None and is_recent


def handles(assessment: Assessment) -> dict[User, str]:
    """Those who may be mentioned on ``assessment``, each with the shortest ``@`` that means only them."""
    readers = list(who_may(Action.SEE_TEAM, assessment))
    people = [_person(reader) for reader in readers]
    found: dict[User, str] = {}
    for reader in readers:
        local = reader.email.partition("@")[0]
        means = find_mentions(f"@{local}", people)
        found[reader] = f"@{local}" if means.people == {reader.pk} else f"@{reader.email}"
    return found


def _mark(discussion: Discussion, by: User | None) -> None:
    discussion.resolved_at, discussion.resolved_by = (timezone.now() if by else None), by
    discussion.save(update_fields=["resolved_at", "resolved_by"])


def _person(user: User) -> Person:
    names = (user.email, user.email.partition("@")[0], user.get_full_name(), user.first_name)
    return Person(user.pk, tuple(name for name in names if name))


def _mentioned(comment: Comment) -> frozenset[int]:
    readers = who_may(Action.SEE_TEAM, comment.discussion.assessment)
    return find_mentions(comment.text, [_person(reader) for reader in readers]).people


def _checked(assessment: Assessment, text: str) -> frozenset[int]:
    """Those ``text`` mentions. Raises ``CommentRefused`` with every reason at once."""
    reasons: list[Any] = []
    if not text.strip():
        raise CommentRefused([_("Write something first.")])
    if (excess := len(text.strip()) - MAX_COMMENT) > 0:
        said = {"excess": excess, "most": MAX_COMMENT}
        raise CommentRefused([_("The text is too long by %(excess)d characters: %(most)d at most.") % said])
    readers = {reader.pk: reader for reader in who_may(Action.SEE_TEAM, assessment)}
    mentions = find_mentions(text, [_person(reader) for reader in readers.values()])
    for word in mentions.unknown:
        reasons.append(
            _("“@%(word)s” is nobody who may read this. Choose in the list below, or put a space after the @.")
            % {"word": word}
        )
    for name, numbers in mentions.ambiguous:
        addresses = ", ".join(sorted(f"@{readers[number].email}" for number in numbers))
        reasons.append(
            _("“@%(name)s” is the name of several people. Write one of these: %(addresses)s")
            % {"name": name, "addresses": addresses}
        )
    if reasons:
        raise CommentRefused(reasons)
    return mentions.people


def _tell(comment: Comment, mentioned: frozenset[int], by: User) -> None:
    discussion = comment.discussion
    about = discussion.offer or discussion.assessment
    link = f"{address_of(discussion)}#comment-{comment.pk}"
    notify(Notice.Kind.MENTIONED, mentioned, about, link=link, by=by, part=discussion.question, may=Action.SEE_TEAM)
