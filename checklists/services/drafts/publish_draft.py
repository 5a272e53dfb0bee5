"""From a draft to an edition: asked for by an editor, decided by an approver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.core.editions.edition import fingerprint
from checklists.models import Draft, Edition, User
from checklists.packs.files.problems import PackError, Problem
from checklists.services.drafts.check_draft import check_for_publication
from checklists.services.drafts.compile_draft import Imprint, compile_draft, draft_document, next_imprint
from checklists.services.drafts.edit_draft import change_changelog
from checklists.services.drafts.open_draft import DraftRefused
from checklists.services.editions.publish_edition import publish_edition


def errors_of(draft: Draft, imprint: Imprint) -> list[Problem]:
    """What keeps ``draft`` from being published under ``imprint``."""
    return [problem for problem in check_for_publication(draft, imprint) if not problem.is_warning]


class DraftChanged(DraftRefused):
    """What is to be decided is not what was shown: it changed in between."""

    def __init__(self) -> None:
        super().__init__(_("This draft changed after the page was opened: read it again, then decide."))


def shown_as(draft: Draft) -> str:
    """The fingerprint of everything that an approver reads: the document, its changelog, who submitted it and when."""
    imprint = Imprint(0, date.min, draft.changelog)
    at = draft.submitted_at.isoformat() if draft.submitted_at else ""
    return fingerprint({"document": draft_document(draft, imprint), "changelog": draft.changelog, "at": at,
                        "by": draft.submitted_by_id, "state": draft.state})  # fmt: skip


def _lock(draft: Draft) -> None:
    """Nobody else's to change before the transaction ends, and read again."""
    Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    draft.refresh_from_db()


@transaction.atomic
def submit_draft(draft: Draft, changelog: Mapping[str, str], by: User) -> None:
    """Ask for publication: nothing is written any more. Raises ``PackError``, or ``DraftRefused`` if not open.

    The changelog is kept in the history of the draft, as ``by``'s.
    """
    _lock(draft)
    if draft.state != Draft.State.OPEN:
        raise DraftRefused(_("This draft is not being written any more: nothing in it can be changed."))
    change_changelog(draft, changelog, by)
    if errors := errors_of(draft, next_imprint(draft)):
        raise PackError(errors)
    draft.state, draft.submitted_by, draft.submitted_at = Draft.State.SUBMITTED, by, timezone.now()
    draft.save(update_fields=["changelog", "state", "submitted_by", "submitted_at", "updated_at"])


@transaction.atomic
def send_back(draft: Draft) -> None:
    """Open a submitted draft again."""
    _lock(draft)
    if draft.state != Draft.State.SUBMITTED:
        raise DraftRefused(_("Only a draft that waits for approval can be sent back."))
    draft.state, draft.submitted_by, draft.submitted_at = Draft.State.OPEN, None, None
    draft.save(update_fields=["state", "submitted_by", "submitted_at", "updated_at"])


@transaction.atomic
def drop_draft(draft: Draft) -> None:
    """Give the draft up; its history stays."""
    _lock(draft)
    if draft.state not in (Draft.State.OPEN, Draft.State.SUBMITTED):
        raise DraftRefused(_("This draft is published or dropped already."))
    draft.state = Draft.State.DROPPED
    draft.save(update_fields=["state", "updated_at"])


def is_author(draft: Draft, user: User) -> bool:
    """Whether ``user`` opened, submitted or changed anything in ``draft``. One query."""
    if user.pk in (draft.created_by_id, draft.submitted_by_id):
        return True
    return draft.changes.filter(by=user).exists()


@transaction.atomic
def publish_draft(draft: Draft, published: date, by: User, shown: str | None = None) -> Edition:
    """Publish a submitted draft as the next edition of its checklist, dated ``published``.

    ``shown`` is ``shown_as`` of what ``by`` read; ``DraftChanged`` is raised when it is not what stands. Raises
    ``DraftRefused`` when it was not submitted, or when two persons are asked for and ``by`` is one of its
    authors; ``PackError`` when it does not make sense.
    """
    _lock(draft)
    if draft.state != Draft.State.SUBMITTED:
        raise DraftRefused(_("Ask for publication first: this draft was not submitted."))
    if settings.PUBLISHING_TAKES_TWO and is_author(draft, by):
        raise DraftRefused(_("You wrote in this draft: another approver has to publish it."))
    if shown is not None and shown != shown_as(draft):
        raise DraftChanged
    following = next_imprint(draft)
    imprint = Imprint(following.number, published, draft.changelog)
    if errors := errors_of(draft, imprint):
        raise PackError(errors)
    edition, _is_new = publish_edition(compile_draft(draft, imprint))
    draft.state, draft.published_by, draft.published_as = Draft.State.PUBLISHED, by, edition
    draft.save(update_fields=["state", "published_by", "published_as", "updated_at"])
    return edition
