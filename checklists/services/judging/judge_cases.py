"""The decided cases of a checklist, judged under one of its editions or under a draft."""

from __future__ import annotations

from functools import lru_cache

from checklists.core.editions.edition import Edition
from checklists.core.judging.decided_cases import Comparison, DecidedCase, backtest
from checklists.services.editions.keep_cases import cases_of
from checklists.services.editions.publish_edition import load_edition


class _Cases:
    """Cases that are equal when they say the same: facts are mappings, and have no hash."""

    def __init__(self, cases: tuple[DecidedCase, ...]) -> None:
        self.cases, self.said = cases, repr(cases)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cases) and self.said == other.said

    def __hash__(self) -> int:
        return hash(self.said)


def compared_cases(edition: Edition) -> tuple[Comparison, ...]:
    """The decided cases of the checklist of ``edition``, published, judged under it. One query, judged once."""
    return _judged(edition.sha256, _Cases(cases_of(edition.key)))


def tried_cases(draft: Edition) -> tuple[Comparison, ...]:
    """The decided cases of the checklist of ``draft``, compiled and not published, judged under it. One query."""
    return backtest(draft, cases_of(draft.key))


@lru_cache(maxsize=8)
def _judged(sha256: str, kept: _Cases) -> tuple[Comparison, ...]:
    return backtest(load_edition(sha256), kept.cases)
