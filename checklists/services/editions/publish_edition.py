"""Publish a pack as an edition, and read editions back. The judge and the screens read editions only."""

from __future__ import annotations

from functools import lru_cache

from django.db import transaction
from django.db.models import Case, When

from checklists.core.editions import edition as core
from checklists.models import ChecklistOwner, Edition, Withdrawal
from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import PackError, Problem

FLAGSHIP = "cnil-hosting"


@transaction.atomic
def publish_edition(pack: Pack) -> tuple[Edition, bool]:
    """The edition of ``pack``, and whether it is new. Publishing the same pack again changes nothing.

    Raises ``PackError`` when that number is already published with other contents.
    """
    document = pack.to_document()
    edition = core.Edition.from_document(document)
    row = Edition.objects.filter(checklist=pack.key, number=pack.number).first()
    if row is None:
        row = Edition(checklist=pack.key, number=pack.number, published=pack.published, document=document)
        row.sha256 = edition.sha256
        row.save()
        return row, True
    if row.sha256 != edition.sha256:
        message = f"edition {pack.number} of '{pack.key}' is already published with other contents"
        raise PackError([Problem("number", message, f"Publish these as number {pack.number + 1}.")])
    return row, False


def current_edition(checklist: str = "") -> Edition:
    """The newest edition of ``checklist``, or of the default one, without its document.

    The default is the checklist that ships; without it, or once it is withdrawn, the first by its key that is offered
    to all.
    Raises ``Edition.DoesNotExist``.
    """
    editions = Edition.objects.defer("document")
    if checklist:
        return editions.filter(checklist=checklist).latest("number")
    offered = editions.exclude(checklist__in=Withdrawal.objects.values("checklist"))
    offered = offered.exclude(checklist__in=ChecklistOwner.objects.filter(is_for_all=False).values("checklist"))
    newest = offered.order_by(Case(When(checklist=FLAGSHIP, then=0), default=1), "checklist", "-number").first()
    if newest is None:
        raise Edition.DoesNotExist
    return newest


def load_edition(sha256: str) -> core.Edition:
    """The edition with that fingerprint: one query the first time, none afterwards (it cannot change).

    Raises ``Edition.DoesNotExist``.
    """
    return _load(sha256)


@lru_cache(maxsize=64)
def _load(sha256: str) -> core.Edition:
    document = Edition.objects.values_list("document", flat=True).get(sha256=sha256)
    return core.Edition.from_document(document)
