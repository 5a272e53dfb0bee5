"""Would a later law change the verdict? The same answers, judged again on each date when the law changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from checklists.core.editions.conditions import keys
from checklists.core.editions.edition import Edition, Period
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import LAW_PREFIX
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement, VerdictBand
from checklists.core.judging.law import ADEQUACY_KINDS


@dataclass(frozen=True, slots=True)
class LawOutcome:
    """What the law of one day makes of the answers: the band, what is established, what is required."""

    verdict: VerdictBand
    established: Verdict
    required: VerdictBand

    @classmethod
    def of(cls, judgement: Judgement) -> LawOutcome:
        return cls(judgement.verdict, judgement.established, judgement.required)


@dataclass(frozen=True, slots=True)
class LawChange:
    """A day on which the law changed what the answers are worth.

    ``laws``, ``gates`` and ``requirements`` hold the keys of those that began or ended that day; of the gates and the
    requirements, only those that bear on these answers.
    """

    day: date
    laws: tuple[str, ...]
    gates: tuple[str, ...]
    requirements: tuple[str, ...]
    before: LawOutcome
    after: LawOutcome


def later_changes(
    edition: Edition, answers: Mapping[str, Answer], reference_date: date, today: date
) -> tuple[LawChange, ...]:
    """Each day after ``reference_date``, up to ``today`` included, on which the law alone changed the outcome.

    The answers stay as they are and durations still run from ``reference_date``. Each change is measured
    from the one before it.
    """
    return tuple(takewhile(lambda change: change.day <= today, _changes(edition, answers, reference_date)))


def next_change(edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> LawChange | None:
    """The first day after ``reference_date``, past or to come, on which the law alone changes the outcome.

    Only what the edition knows counts: dates of texts in force or adopted, never a proposal.
    """
    return next(_changes(edition, answers, reference_date), None)


def _changes(edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> Iterator[LawChange]:
    before: Judgement | None = None
    for day in sorted(day for day in _turning_days(edition) if day > reference_date):
        before = before or judge(edition, answers, reference_date)
        after = judge(edition, answers, reference_date, law_date=day)
        if LawOutcome.of(after) != LawOutcome.of(before):
            bearing = _bearing(before) | _bearing(after)
            yield LawChange(
                day,
                tuple(key for key, law in edition.laws.items() if _turns(law.period, day)),
                tuple(key for key, gate in edition.gates.items() if _turns(gate.period, day) and key in bearing),
                tuple(item.key for item in edition.requirements if _turns(item.period, day) and item.key in bearing),
                LawOutcome.of(before),
                LawOutcome.of(after),
            )
        before = after


def _bearing(judgement: Judgement) -> set[str]:
    """The gates and the requirements that hold, or may."""
    gates = {ceiling.gate for ceiling in judgement.ceilings if ceiling.gate and ceiling.holds is not False}
    return gates | {key for key, holds in judgement.requirements if holds is not False}


def _turns(period: Period, day: date) -> bool:
    return day in (period.start, period.until)


def _turning_days(edition: Edition) -> set[date]:
    """The days when something that can bear on a judgement begins or ends; a law nothing reads is left out."""
    conditions = [gate.when for gate in edition.gates.values()]
    conditions += [item.when for item in edition.requirements if item.when]
    read = {key.removeprefix(LAW_PREFIX) for condition in conditions for key in keys(condition)}
    for question in edition.questions.values():
        for option in question.options.values():
            key = option.regime
            while key:
                read.add(key)
                key = edition.laws[key].replaces
    if edition.adequacy_questions:
        read |= {law.key for law in edition.laws.values() if law.kind in ADEQUACY_KINDS}
    periods = [law.period for law in edition.laws.values() if law.key in read]
    periods += [gate.period for gate in edition.gates.values()] + [item.period for item in edition.requirements]
    return {day for period in periods for day in (period.start, period.until) if day}
