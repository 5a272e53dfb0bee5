"""Open a draft: the rows of the next edition, made from a published one."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from checklists.models import Draft, DraftPart, Edition, User
from checklists.packs.parts import take_apart


class DraftRefused(ValueError):
    """What was asked of a draft cannot be done; the message says why, in the reader's language."""


def open_draft(checklist: str, from_edition: Edition, by: User | None = None) -> Draft:
    """A draft of ``checklist`` that says what ``from_edition`` says; a handful of queries.

    Raises ``DraftRefused`` when a draft of it is open already: two would overwrite each other at publication.
    """
    head, pieces = take_apart(from_edition.document)
    try:
        with transaction.atomic():
            draft = Draft.objects.create(
                checklist=checklist, base=from_edition, head={**head, "key": checklist}, created_by=by
            )
    except IntegrityError:
        raise DraftRefused(_("A draft of this checklist is open already: publish it or drop it first.")) from None
    with transaction.atomic():
        rows: list[DraftPart] = []
        for position, piece in enumerate(pieces):
            row = DraftPart(draft=draft, family=piece.family, key=piece.key, position=position, body=piece.body)
            rows.append(row)
        owners = [row for row, piece in zip(rows, pieces, strict=True) if piece.owner is None]
        DraftPart.objects.bulk_create(owners)
        inner = []
        for row, piece in zip(rows, pieces, strict=True):
            if piece.owner is not None:
                row.owner = rows[piece.owner]
                inner.append(row)
        DraftPart.objects.bulk_create(inner)
    return draft
