"""Decided cases in words, beside what an edition makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from checklists.core.editions.edition import Edition
from checklists.core.judging.decided_cases import Comparison
from checklists.words.judging.presentation import step
from checklists.words.vocabulary import pick


def case_lines(edition: Edition, compared: Iterable[Comparison]) -> list[dict[str, Any]]:
    """Each case in words beside what ``edition`` makes of it."""
    return [
        {
            "key": item.case.key,
            "title": pick(item.case.title),
            "authority": pick(item.case.authority),
            "source": pick(item.case.source),
            "note": pick(item.case.note),
            "day": item.case.reference_date,
            "expected": [step(verdict) for verdict in sorted(item.case.expected)],
            "judged": step(item.judged),
            "agrees": item.agrees,
            "by": pick(edition.gates[item.deciding_gate].title) if item.deciding_gate else _("The score"),
            "is_presumed": item.is_presumed,
            "ignored": item.ignored,
        }
        for item in compared
    ]
