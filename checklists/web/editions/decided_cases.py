"""How the checklist would have judged decided cases: agreements, misses and abstentions, for anybody to read."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from checklists.core.judging.decided_cases import Comparison, agreement, backtest
from checklists.packs.editions.cases import read_cases, shipped_cases
from checklists.services.editions.publish_edition import FLAGSHIP, current_edition, load_edition
from checklists.words.judging.presentation import step
from checklists.words.vocabulary import pick


@lru_cache(maxsize=4)
def compared_cases(sha256: str) -> tuple[Comparison, ...]:
    return backtest(load_edition(sha256), read_cases(shipped_cases(FLAGSHIP)))


def decided_cases(request: HttpRequest) -> HttpResponse:
    """Public, like the edition they are judged under: the newest one."""
    edition = load_edition(current_edition().sha256)
    compared = compared_cases(edition.sha256)
    exact, total, far = agreement(compared)
    lines = [
        {
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
        }
        for item in compared
    ]
    context = {"edition": edition, "lines": lines, "exact": exact, "total": total, "far": far}
    return render(request, "web/editions/decided_cases.html", context)
