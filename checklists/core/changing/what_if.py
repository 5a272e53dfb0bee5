"""What the verdict and the score would be if some answers were otherwise.

Gives what :func:`checklists.core.judging.judge.judge` would, without its explanations, and evaluates again only
what the changed answers can touch: that is what makes it cheap to ask hundreds of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checklists.core.editions.conditions import Truth, keys
from checklists.core.editions.edition import Edition, Question
from checklists.core.editions.vocabulary import Verdict
from checklists.core.evidence import Strength
from checklists.core.judging import claims
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.facts import Established, establish, restate
from checklists.core.judging.judgement import VerdictBand
from checklists.core.judging.scores import Band
from checklists.core.kinds import decisive, kind_of


def supposed(value: str) -> Answer:
    """``value`` as an answer by hypothesis: it counts even where the control chain gives another, and is shown."""
    return Answer(AnswerStatus.ANSWERED, value, "supposed", strength=Strength.DEMONSTRATED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and a score (0-100), each as a band, and the truth of every gate in force."""

    verdict: VerdictBand
    score: Band
    gates: Mapping[str, Truth]


class WhatIf:
    """Answers that stand, and the outcome of any change to them."""

    def __init__(self, edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> None:
        self.edition, self.answers, self.reference_date = edition, answers, reference_date
        self.established = establish(edition, answers, reference_date)
        self._decisive = decisive(edition)
        self._concerns = {
            key: claims.scores(edition, concern, self.established) for key, concern in edition.concerns.items()
        }
        self._in_force = [gate for gate in edition.gates.values() if gate.is_in_force(reference_date)]
        self._gates = {gate.key: claims.holds(gate.when, self.established) for gate in self._in_force}
        dated = {duration.key: duration.to for duration in edition.durations}
        self._read_by = {gate.key: {dated.get(key, key) for key in keys(gate.when)} for gate in self._in_force}
        self.today = self._outcome(self._concerns, self._gates)

    def outcome(self, changes: Mapping[str, Answer | None]) -> Outcome:
        """The outcome with ``changes`` made to the answers that stand; ``None`` takes an answer away."""
        answers = {key: answer for key, answer in {**self.answers, **changes}.items() if answer is not None}
        newly_claimed = any(answer and answer.claimed for answer in changes.values()) and not self.established.doubted
        if newly_claimed or not changes.keys().isdisjoint(self._decisive):
            return WhatIf(self.edition, answers, self.reference_date).today
        established, known = self.established, changes.keys() & self.edition.questions.keys()
        for key in known:
            established = restate(self.edition, established, answers, key, self.reference_date)
        return self._outcome(self._concerns_after(known, established), self._gates_after(known, established))

    def _concerns_after(self, changed: set[str], established: Established) -> dict[str, claims.Scores]:
        touched = {self.edition.questions[key].concern for key in changed}
        again = {key: claims.scores(self.edition, self.edition.concerns[key], established) for key in touched}
        return self._concerns | again

    def _gates_after(self, changed: set[str], established: Established) -> dict[str, Truth]:
        again = {
            gate.key: claims.holds(gate.when, established)
            for gate in self._in_force
            if not changed.isdisjoint(self._read_by[gate.key])
        }
        return self._gates | again

    def _outcome(self, concerns: Mapping[str, claims.Scores], gates: Mapping[str, Truth]) -> Outcome:
        score, _ = claims.total(self.edition, concerns.values())
        worst = best = Verdict.SOVEREIGN
        for key, holds in gates.items():
            ceiling = self.edition.gates[key].ceiling
            if holds is not False:
                worst = min(worst, ceiling)
            if holds is True:
                best = min(best, ceiling)
        return Outcome(VerdictBand(*by_score(self.edition, score, worst, best)), score, gates)


def by_score(edition: Edition, score: Band, worst: Verdict, best: Verdict) -> tuple[Verdict, Verdict]:
    """The two ends of a verdict, already lowered by the gates, lowered by the thresholds on the score as well."""
    for threshold in edition.thresholds:
        if score.low < threshold.below:
            worst = min(worst, threshold.ceiling)
        if score.high < threshold.below:
            best = min(best, threshold.ceiling)
    return worst, best


def possible_values(edition: Edition, question: Question, reference_date: date) -> tuple[str, ...]:
    """The answers to ``question`` worth telling apart; none when its kind cannot list them."""
    return kind_of(question.kind).possible_values(edition, question, reference_date)
