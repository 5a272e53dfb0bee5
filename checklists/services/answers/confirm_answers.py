"""Confirm what a provider profile filled in: from then on it is the respondent's own answer."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from checklists.models import Answer, AnswerChange, Offer, User
from checklists.services.answers.save_answer import snapshot


@transaction.atomic
def confirm_answers(offer: Offer, seen: Mapping[str, int], by: User | None) -> tuple[int, list[str]]:
    """Confirm the presumed answers to the questions of ``seen``, which maps each to the revision that was read.

    Returns how many were confirmed, and the questions whose answer changed since it was read: those are left as they
    are. What is not presumed is none of its business.
    """
    rows = Answer.objects.select_for_update().filter(offer=offer, question__in=seen, is_presumed=True)
    confirmed, changed = 0, []
    for row in rows.order_by("pk"):
        if row.revision != seen[row.question]:
            changed.append(row.question)
            continue
        before = snapshot(row)
        row.is_presumed = False
        row.revision += 1
        row.updated_by = by
        row.save(update_fields=["is_presumed", "revision", "updated_by", "updated_at"])
        AnswerChange.objects.create(answer=row, revision=row.revision, by=by, before=before, after=snapshot(row))
        confirmed += 1
    return confirmed, changed
