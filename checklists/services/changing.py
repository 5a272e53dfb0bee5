"""Find the smallest changes, once for the same answers: searching is dearer than judging."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.cache import cache

from checklists.core.changing.smallest import Prospect, prospects
from checklists.core.editions.edition import Edition, fingerprint
from checklists.core.judging.answer import Answer

KEPT = 24 * 60 * 60
"""Seconds a search is remembered."""


def find_changes(edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> tuple[Prospect, ...]:
    """See :func:`checklists.core.changing.smallest.prospects`, of which this gives the result."""
    said = {
        key: [answer.status.value, answer.value, bool(answer.justification.strip()), answer.claimed, answer.strength]
        for key, answer in answers.items()
        if key in edition.questions
    }
    key = "changes-" + fingerprint([edition.sha256, reference_date.isoformat(), said])
    found: tuple[Prospect, ...] | None = cache.get(key)
    if found is None:
        found = prospects(edition, answers, reference_date)
        cache.set(key, found, KEPT)
    return found
