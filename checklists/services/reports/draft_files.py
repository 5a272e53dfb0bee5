"""Ask for the file of a draft, make it, keep it for a day. The same contents are made once, whoever asks."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.core.editions.edition import canonical_bytes
from checklists.models import DraftFile, Offer, User
from checklists.packs.reports.record import Record
from checklists.services.jobs import queue

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The kinds of file a draft can be, by ending."""

GOING_AT_ONCE = 3
"""Files that one person may have in the making at one time."""
MOST_AN_HOUR = 60
"""Files that one person may have made in an hour."""
KEPT = timedelta(days=1)

State = DraftFile.State


class TooManyDrafts(ValueError):
    """The person asked for too many files; the message says so in the active language."""


@transaction.atomic
def ask_for_draft(offer: Offer, record: Record, extension: str, by: User) -> DraftFile:
    """The file of ``record`` as ``extension``, made already or in the making. Raises ``TooManyDrafts``."""
    drop_old_drafts()
    contents = canonical_bytes(record.to_document())
    made = (
        DraftFile.objects.select_for_update()
        .filter(offer=offer, contents_sha256=record.sha256, extension=extension)
        .first()
    )
    if made is not None and made.state != State.FAILED:
        return made
    # Who asks twice at once asks in turn: the limits count what the first one asked.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = DraftFile.objects.filter(asked_by=by)
    if mine.filter(state__in=(State.WAITING, State.RUNNING)).count() >= GOING_AT_ONCE:
        raise TooManyDrafts(
            _("%(most)d files of yours are being made at this moment: wait for one of them.") % {"most": GOING_AT_ONCE}
        )
    if mine.filter(asked_at__gt=timezone.now() - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise TooManyDrafts(_("You asked for %(most)d files within an hour: wait a little.") % {"most": MOST_AN_HOUR})
    if made is not None:
        made.delete()
    return DraftFile.objects.create(
        offer=offer, asked_by=by, extension=extension, language=record.language, form=record.form,
        contents=contents, contents_sha256=record.sha256,
    )  # fmt: skip


def drop_old_drafts() -> None:
    DraftFile.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()


def take_draft() -> DraftFile | None:
    """The next file to make, now in the caller's hands; ``None`` when there is none left."""
    queue.give_up_the_lost(DraftFile, failure=DraftFile.Failure.STOPPED)
    return queue.take(DraftFile, failure="")


def is_any_draft_due() -> bool:
    return queue.is_anything_due(DraftFile)


def keep_draft(draft: DraftFile, file: bytes) -> None:
    mine = DraftFile.objects.filter(pk=draft.pk, state=State.RUNNING)
    mine.update(state=State.DONE, file=file, failure="")


def record_draft_failure(draft: DraftFile, failure: str) -> None:
    """A draft is made of what stands: one failure is enough, and asking again begins anew."""
    DraftFile.objects.filter(pk=draft.pk, state=State.RUNNING).update(state=State.FAILED, failure=failure)
