"""What a provider says: kept, then sent as a version that never changes. It touches no answer of the offer."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.signals import post_delete
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Question
from checklists.core.people.permissions import Action
from checklists.models import (
    Answer,
    Assessment,
    Notice,
    ProviderAnswer,
    ProviderDocument,
    ProviderRequest,
    ProviderVersion,
)
from checklists.services.answers.save_answer import Said, check_said
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.keep_evidence import scanned, weight_left
from checklists.services.evidence.receive_file import FileRefused, Received
from checklists.services.notices.notify import notify
from checklists.services.review.content_lock import ContentIsLocked, refuse_if_closed

MOST_DOCUMENTS = 100
"""Files that one link may carry, those removed included."""


class LinkClosed(Exception):
    """The link was revoked, or ended, meanwhile: nothing was written."""


def _locked(asked: ProviderRequest) -> ProviderRequest:
    """The request as it stands, held until the end of the transaction. Raises ``LinkClosed``, ``ContentIsLocked``."""
    found = ProviderRequest.objects.open().select_for_update(of=("self",)).filter(pk=asked.pk)
    current = found.select_related("offer").first()
    if current is None:
        raise LinkClosed
    # Whoever submits or approves the assessment waits here, or is waited for.
    rows = Assessment.objects.select_for_update(no_key=True).filter(pk=current.offer.assessment_id)
    current.offer.assessment = rows.defer("description").get()
    refuse_if_closed(current.offer.assessment)
    return current


@transaction.atomic
def keep_answer(asked: ProviderRequest, question: Question, said: Said) -> ProviderAnswer:
    """Keep what the provider says of ``question``. Raises ``AnswerRefused``, ``LinkClosed``, ``ContentIsLocked``."""
    check_said(question, said)
    current = _locked(asked)
    if question.key not in current.questions:
        raise LinkClosed
    value = said.value if said.status == Answer.Status.ANSWERED else ""
    row, _is_new = ProviderAnswer.objects.update_or_create(
        request=current,
        question=question.key,
        defaults={
            "status": said.status,
            "value": value,
            "justification": said.justification.strip(),
            "comment": said.comment.strip(),
        },
    )
    return row


def attach(
    asked: ProviderRequest, question: str, title: str, valid_until: date | None, received: Received
) -> ProviderDocument:
    """Keep a file beside the answer to ``question``. Raises ``FileRefused``, ``LinkClosed``, ``ContentIsLocked``."""
    is_scanned = scanned(received)
    name = evidence_files.store(received.contents)
    try:
        with transaction.atomic():
            current = _locked(asked)
            if question not in current.questions:
                raise LinkClosed
            _check_room(current, len(received.contents))
            return ProviderDocument.objects.create(
                request=current,
                question=question,
                title=title.strip()[:200] or received.name,
                valid_until=valid_until,
                original_name=received.name,
                stored_as=name,
                media_type=received.media_type,
                size=len(received.contents),
                sha256=hashlib.sha256(received.contents).hexdigest(),
                is_scanned=is_scanned,
            )
    except BaseException:
        evidence_files.discard(name)
        raise


def _check_room(asked: ProviderRequest, size: int) -> None:
    """A provider may take a quarter of what the files of an assessment may, and no more than is left."""
    if asked.documents.count() >= MOST_DOCUMENTS:
        raise FileRefused(_("No more than %(most)d files can be attached.") % {"most": MOST_DOCUMENTS})
    most = int(settings.EVIDENCE_QUOTA_BYTES) // 4
    taken = asked.documents.aggregate(total=Sum("size"))["total"] or 0
    left = min(most - taken, weight_left(asked.offer.assessment))
    if size > left:
        raise FileRefused(
            _("The files attached may take %(left)s more. Attach a shorter one, or name it in the comment.")
            % {"left": filesizeformat(max(left, 0))}
        )


@transaction.atomic
def detach(asked: ProviderRequest, document: ProviderDocument) -> None:
    """Take a document away; what was sent with it keeps it. Raises ``LinkClosed``, ``ContentIsLocked``."""
    current = _locked(asked)
    row = current.documents.filter(pk=document.pk, removed_at=None).first()
    if row is None:
        return
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])


@transaction.atomic
def submit(asked: ProviderRequest) -> ProviderVersion | None:
    """Send what is kept as the next version; ``None`` when nothing is said, or nothing changed since the last one.

    Whoever sent the questions is told. Raises ``LinkClosed``, ``ContentIsLocked``.
    """
    current = _locked(asked)
    said = snapshot(current)
    last = current.versions.last()
    if not said or (last and last.answers == said):
        return None
    current.version += 1
    current.submitted_at = timezone.now()
    current.save(update_fields=["version", "submitted_at"])
    version = ProviderVersion.objects.create(request=current, number=current.version, answers=said)
    if current.created_by:
        notify(
            Notice.Kind.PROVIDER_ANSWERED,
            [current.created_by],
            current.offer,
            link=reverse("provider-request", args=[current.offer_id, current.pk]),
            by=None,
            may=Action.SEE_TEAM,
        )
    return version


def snapshot(asked: ProviderRequest) -> dict[str, Any]:
    """What the provider says now, by question, in the order asked; a question of which nothing is said is left out."""
    rows = {row.question: row for row in asked.answers.all()}
    documents: dict[str, list[dict[str, str]]] = {}
    for document in asked.documents.filter(removed_at=None):
        told = {"id": str(document.pk), "title": document.title, "sha256": document.sha256}
        documents.setdefault(document.question, []).append(told)
    found = {}
    for key in asked.questions:
        row = rows.get(key)
        said = Said(row.status, row.value, row.justification, row.comment) if row else Said(Answer.Status.UNANSWERED)
        if said != Said(Answer.Status.UNANSWERED) or key in documents:
            found[key] = {
                "status": str(said.status),
                "value": said.value,
                "justification": said.justification,
                "comment": said.comment,
                "documents": documents.get(key, []),
            }
    return found


def connect() -> None:
    post_delete.connect(_discard_file, sender=ProviderDocument, dispatch_uid="provider-document-files")


def _discard_file(sender: type[ProviderDocument], instance: ProviderDocument, **kwargs: Any) -> None:
    name = instance.stored_as
    transaction.on_commit(lambda: evidence_files.discard(name))


__all__ = ["ContentIsLocked", "LinkClosed", "attach", "connect", "detach", "keep_answer", "snapshot", "submit"]
