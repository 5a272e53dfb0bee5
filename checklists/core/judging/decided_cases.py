"""Decided cases judged again: how far does a checklist treat them as the authorities did?

It is no measure of accuracy: the cases are few, chosen, and known to those who wrote the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Text, Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import Origin
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """What an authority decided, on which facts. ``expected`` holds every verdict that would agree with it.

    ``unread`` names what the file said beyond that and was left aside.
    """

    key: str
    title: Text
    authority: Text
    reference_date: date
    source: Text
    facts: Mapping[str, Answer]
    expected: frozenset[Verdict]
    note: Text
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A case beside what the checklist makes of it, on the established facts.

    ``ignored`` names the facts the edition does not know, or whose value it does not know; ``contradicted`` those that
    other facts of the case exclude, without a reason.
    """

    case: DecidedCase
    judgement: Judgement
    ignored: tuple[str, ...]
    contradicted: tuple[str, ...] = ()

    @property
    def judged(self) -> Verdict:
        return self.judgement.established

    @property
    def agrees(self) -> bool:
        return self.judged in self.case.expected

    @property
    def steps_off(self) -> int:
        """Steps to the nearest verdict that would have agreed."""
        return min(abs(self.judged - verdict) for verdict in self.case.expected)

    @property
    def deciding_gate(self) -> str | None:
        """The gate that set the verdict; ``None`` when the score did, or nothing."""
        ceiling = self.judgement.deciding
        return ceiling.gate if ceiling else None

    @property
    def is_presumed(self) -> bool:
        """Whether the verdict rests on what the case does not show, and not on a fact against the offer."""
        ceiling = self.judgement.deciding
        return ceiling is not None and ceiling.holds is None


def backtest(edition: Edition, cases: Iterable[DecidedCase]) -> tuple[Comparison, ...]:
    return tuple(_compare(edition, case) for case in cases)


def _compare(edition: Edition, case: DecidedCase) -> Comparison:
    judgement = judge(edition, case.facts, case.reference_date)
    ignored = [key for key in case.facts if key not in edition.questions]
    ignored += [key for key, state in judgement.states.items() if state.invalid]
    contradicted = [key for key, state in judgement.states.items() if state.origin is Origin.UNJUSTIFIED]
    return Comparison(case, judgement, tuple(ignored), tuple(contradicted))


def agreement(comparisons: Iterable[Comparison]) -> tuple[int, int, int]:
    """How many agree, of how many, and how many are off by more than one step."""
    counted = list(comparisons)
    return sum(c.agrees for c in counted), len(counted), sum(c.steps_off > 1 for c in counted)
