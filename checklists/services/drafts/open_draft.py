"""Open a draft: the rows of the next edition, made from a published one, or from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from checklists.models import Draft, DraftPart, Edition, User
from checklists.packs.editions.parts import Piece, take_apart


class DraftRefused(ValueError):
    """What was asked of a draft cannot be done; the message says why, in the reader's language."""


def open_draft(checklist: str, from_edition: Edition, by: User | None = None) -> Draft:
    """A draft of ``checklist`` that says what ``from_edition`` says; a handful of queries.

    Raises ``DraftRefused`` when a draft of it is open already: two would overwrite each other at publication.
    """
    head, pieces = take_apart(from_edition.document)
    return _lay(Draft(checklist=checklist, base=from_edition, head={**head, "key": checklist}, created_by=by), pieces)


def begin_draft(document: Mapping[str, Any], by: User | None = None) -> Draft:
    """The first draft of a new checklist, that says what ``document`` says (canonical, perhaps unfinished).

    Raises ``DraftRefused`` as :func:`open_draft` does.
    """
    head, pieces = take_apart(document)
    draft = Draft(checklist=document["key"], head=head, changelog=document.get("changelog", {}), created_by=by)
    return _lay(draft, pieces)


def _lay(draft: Draft, pieces: Sequence[Piece]) -> Draft:
    try:
        with transaction.atomic():
            draft.save()
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
