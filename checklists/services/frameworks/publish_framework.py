"""Publish a framework pack, and read published frameworks back."""

from __future__ import annotations

from functools import lru_cache

from django.db import transaction

from checklists.core.editions.edition import Edition
from checklists.core.frameworks import framework as core
from checklists.models import Edition as EditionRow
from checklists.models import Framework
from checklists.packs.files.problems import PackError, Problem
from checklists.packs.frameworks.reader import framework_reads, read_framework
from checklists.packs.frameworks.schema import FrameworkPack
from checklists.services.editions.publish_edition import current_edition, load_edition


def checked_framework(raw: bytes) -> FrameworkPack:
    """The framework in ``raw``, checked against the newest edition of the checklist it reads. Raises ``PackError``."""
    return read_framework(raw, _checklist(framework_reads(raw)))


def _checklist(key: str) -> Edition:
    try:
        return load_edition(current_edition(key).sha256)
    except EditionRow.DoesNotExist:
        remedy = "Load that checklist first, or correct the key."
        raise PackError([Problem("checklist", f"no edition of '{key}' is published", remedy)]) from None


@transaction.atomic
def publish_framework(pack: FrameworkPack) -> tuple[Framework, bool]:
    """The publication of ``pack``, and whether it is new. Publishing the same pack again changes nothing.

    Raises ``PackError`` when that number is already published with other contents, or when a question it shares
    with another framework is worded otherwise there.
    """
    document = pack.to_document()
    framework = core.Framework.from_document(document)
    row = Framework.objects.filter(key=pack.key, number=pack.number).first()
    if row is None:
        _refuse_other_wording(framework)
        return (
            Framework.objects.create(
                key=pack.key,
                number=pack.number,
                checklist=pack.checklist,
                asks=framework.asks,
                published=pack.published,
                document=document,
                sha256=framework.sha256,
            ),
            True,
        )
    if row.sha256 != framework.sha256:
        message = f"number {pack.number} of '{pack.key}' is already published with other contents"
        raise PackError([Problem("number", message, f"Publish these as number {pack.number + 1}.")])
    return row, False


def _refuse_other_wording(framework: core.Framework) -> None:
    """A question shared with another framework is answered once: it must be the same question."""
    problems = []
    for other in available_frameworks(framework.checklist):
        if other.key == framework.key:
            continue
        theirs = load_framework(other.sha256).questions
        problems += [
            Problem(f"questions/{key}", f"'{other}' asks it in other words", "Use the same words, or another key.")
            for key, question in framework.questions.items()
            if key in theirs and (question.text, question.options) != (theirs[key].text, theirs[key].options)
        ]
    if problems:
        raise PackError(problems)


def available_frameworks(checklist: str) -> list[Framework]:
    """The newest publication of each framework that reads ``checklist``, without documents. One query."""
    newest = {
        row.key: row for row in Framework.objects.defer("document").filter(checklist=checklist).order_by("number")
    }
    return sorted(newest.values(), key=lambda row: row.pk)


def load_framework(sha256: str) -> core.Framework:
    """The framework with that fingerprint: one query the first time, none afterwards (it cannot change)."""
    return _load(sha256)


@lru_cache(maxsize=128)
def _load(sha256: str) -> core.Framework:
    document = Framework.objects.values_list("document", flat=True).get(sha256=sha256)
    return core.Framework.from_document(document)
