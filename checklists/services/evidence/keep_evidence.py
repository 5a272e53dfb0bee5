"""Add, change, replace, remove and restore the evidence of an answer; files go when their rows are gone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.signals import post_delete
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.models import Answer, Assessment, Evidence, Offer, ProviderDocument, User
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.receive_file import FileRefused, Received
from checklists.services.evidence.scan_file import ScannerUnreachable, VirusFound, scan_file

KEPT_REMOVED = timedelta(days=30)
"""How long removed evidence can be restored before ``retain`` deletes it and its file."""


class EvidenceRefused(ValueError):
    """The details do not hold together; ``errors`` has a sentence for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a piece of evidence; dates are days, the last one included."""

    kind: str
    strength: str
    title: str
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    link: str = ""
    note: str = ""


def answer_for_evidence(assessment: Assessment, offer: Offer | None, question: str) -> Answer:
    """The row that evidence of ``question`` hangs on, made if there is none: evidence may come before the answer."""
    row, _is_new = Answer.objects.get_or_create(
        assessment=assessment, offer=offer, question=question, defaults={"revision": 0}
    )
    row.assessment = assessment
    return row


def add_evidence(
    *,
    assessment: Assessment,
    offer: Offer | None,
    question: str,
    details: Details,
    received: Received | None,
    by: User | None,
) -> Evidence:
    """Keep one piece of evidence for the answer to ``question``; ``offer`` is ``None`` for the workload's.

    Raises ``EvidenceRefused`` for details that do not hold together, ``FileRefused`` for the file.
    """
    _check(details, has_file=received is not None)
    evidence = Evidence(added_by=by, **asdict(details))
    if received is not None:
        evidence.is_scanned = scanned(received)
        evidence.original_name, evidence.media_type = received.name, received.media_type
        evidence.size, evidence.sha256 = len(received.contents), hashlib.sha256(received.contents).hexdigest()
    with _stored(received) as name, _writing(assessment):
        _check_quota(assessment, evidence.size)
        evidence.answer, evidence.stored_as = answer_for_evidence(assessment, offer, question), name
        evidence.save()
    return evidence


def change_evidence(evidence: Evidence, details: Details, received: Received | None, by: User | None) -> Evidence:
    """Change what is said of ``evidence``. With a file, a new piece stands in its place and the old one is removed:
    what a report cites by its hash can still be restored. Raises as ``add_evidence``.
    """
    answer = evidence.answer
    if received is not None:
        new = add_evidence(
            assessment=answer.assessment,
            offer=answer.offer,
            question=answer.question,
            details=details,
            received=received,
            by=by,
        )
        remove_evidence(evidence)
        return new
    _check(details, has_file=bool(evidence.stored_as))
    with _writing(answer.assessment):
        for field, value in asdict(details).items():
            setattr(evidence, field, value)
        evidence.save(update_fields=list(asdict(details)))
    return evidence


def remove_evidence(evidence: Evidence) -> None:
    """Put ``evidence`` in the bin: it carries nothing any more, and can be restored for thirty days."""
    with _writing(evidence.answer.assessment):
        evidence.removed_at = timezone.now()
        evidence.save(update_fields=["removed_at"])


def restore_evidence(evidence: Evidence) -> None:
    with _writing(evidence.answer.assessment):
        evidence.removed_at = None
        evidence.save(update_fields=["removed_at"])


def hold_to_evidence(assessment: Assessment, *, held: bool) -> None:
    """Whether an answer about an offer counts as a mere claim while no document shows it (decision 0064)."""
    with _writing(assessment):
        assessment.held_to_evidence = held
        assessment.save(update_fields=["held_to_evidence", "updated_at"])


def purge_removed(now: datetime) -> int:
    """Delete for good what was removed more than thirty days before ``now``; returns how many."""
    gone = list(removed_for_good(now))
    for evidence in gone:
        evidence.delete()
    return len(gone)


def removed_for_good(now: datetime) -> QuerySet[Evidence]:
    """What was removed more than thirty days before ``now``."""
    return Evidence.objects.filter(removed_at__lt=now - KEPT_REMOVED)


def weight_left(assessment: Assessment) -> int:
    """Bytes that files of ``assessment`` may still take, those that providers attached included."""
    sent = ProviderDocument.objects.filter(request__offer__assessment=assessment).aggregate(total=Sum("size"))["total"]
    return int(settings.EVIDENCE_QUOTA_BYTES) - Evidence.objects.of_assessment(assessment).weight() - (sent or 0)


@dataclass(frozen=True, slots=True)
class FilesFound:
    """Files that no row speaks of, and evidence whose file is missing or is no longer what was sent."""

    orphans: tuple[str, ...]
    missing: tuple[Evidence, ...]
    changed: tuple[Evidence, ...]


def check_files() -> FilesFound:
    """Read every stored file and compare it with its row. Take it while nobody sends files."""
    there = set(evidence_files.stored_names()) - set(ProviderDocument.objects.values_list("stored_as", flat=True))
    missing, changed = [], []
    for evidence in Evidence.objects.exclude(stored_as=""):
        there.discard(evidence.stored_as)
        try:
            contents_of(evidence)
        except FileNotFoundError:
            missing.append(evidence)
        except ValueError:
            changed.append(evidence)
    return FilesFound(tuple(sorted(there)), tuple(missing), tuple(changed))


def discard_orphans(found: FilesFound) -> None:
    """Delete the files that no row speaks of."""
    for name in found.orphans:
        evidence_files.discard(name)


def contents_of(evidence: Evidence) -> bytes:
    """The file, as it was sent. Raises ``FileNotFoundError``; ``ValueError`` if it is no longer what was sent."""
    contents = evidence_files.read(evidence.stored_as) if evidence.stored_as else None
    if contents is None:
        raise FileNotFoundError(evidence.pk)
    if hashlib.sha256(contents).hexdigest() != evidence.sha256:
        raise ValueError(f"the file of evidence {evidence.pk} was changed")
    return contents


def connect() -> None:
    post_delete.connect(_discard_file, sender=Evidence, dispatch_uid="evidence-files")


def _discard_file(sender: type[Evidence], instance: Evidence, **kwargs: Any) -> None:
    if instance.stored_as:
        name = instance.stored_as
        transaction.on_commit(lambda: evidence_files.discard(name))


def _check(details: Details, *, has_file: bool) -> None:
    errors: dict[str, str] = {}
    if not details.title.strip():
        errors["title"] = _("Give a title: what a reader would ask for.")
    if details.valid_from and details.valid_until and details.valid_until < details.valid_from:
        errors["valid_until"] = _("It ends before it begins. Correct one of the two days.")
    shows = details.strength != Evidence.Strength.CLAIM
    if shows and not has_file and not details.link and not details.note.strip():
        errors["note"] = _("Send a file, give a link, or write here where the document can be seen.")
    if not errors:
        try:
            Evidence(**asdict(details)).clean_fields(exclude=["answer", "added_by"])
        except ValidationError as error:
            errors = {field: " ".join(messages) for field, messages in error.message_dict.items()}
    if errors:
        raise EvidenceRefused(errors)


def scanned(received: Received) -> bool:
    """Whether the virus scanner saw the file. Raises ``FileRefused`` for what it finds, or when it must and cannot."""
    try:
        return scan_file(received.contents)
    except VirusFound as found:
        values = {"name": found.name}
        raise FileRefused(_("The virus scanner refuses this file: it finds “%(name)s”.") % values) from found
    except ScannerUnreachable as error:
        if settings.CLAMD_REQUIRED:
            raise FileRefused(
                _("The virus scanner does not answer, so the file is not kept. Try again later, or give a link.")
            ) from error
        return False


@contextmanager
def _writing(assessment: Assessment) -> Iterator[None]:
    """One writer of an assessment's evidence at a time: two files sent at once are weighed one after the other."""
    with transaction.atomic():
        Assessment.objects.select_for_update().filter(pk=assessment.pk).values("pk").get()
        yield


@contextmanager
def _stored(received: Received | None) -> Iterator[str]:
    """The name the file is kept under, '' for none; it goes again if what is done meanwhile fails."""
    name = evidence_files.store(received.contents) if received else ""
    try:
        yield name
    except BaseException:
        if name:
            evidence_files.discard(name)
        raise


def _check_quota(assessment: Assessment, size: int) -> None:
    left = weight_left(assessment)
    if size > left:
        raise FileRefused(
            _("The files of this assessment may take %(most)s; %(left)s are left. Remove some, or give a link.")
            % {"most": filesizeformat(settings.EVIDENCE_QUOTA_BYTES), "left": filesizeformat(max(left, 0))}
        )
