"""Which services could host a workload: what is known of each judged against it, without being filled in.

What a profile says is a claim (see :mod:`checklists.core.judging.claims`), so the outcome is the one that an offer
filled in from it gets. Without the claims the workload alone is left, the same for every service: it is judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checklists.core.changing.what_if import Outcome, WhatIf, by_score
from checklists.core.editions.conditions import Truth, evaluate, keys
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.claims import adverse
from checklists.core.judging.facts import questions_behind
from checklists.core.judging.judgement import VerdictBand
from checklists.core.judging.scores import Band


class Reach(StrEnum):
    """Where a service stands against what the workload requires at least."""

    MET = "met"
    """Whatever stays open, and even if what is known of it turned out wrong."""
    IF_CONFIRMED = "if_confirmed"
    """As soon as what is known of it is confirmed."""
    POSSIBLE = "possible"
    """The answers that are missing decide."""
    IMPOSSIBLE = "impossible"
    """What is known of it rules it out, whatever is answered."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a service could reach. ``to_ask`` are the questions that keep it from the least required, not answered by
    its profile, in the checklist's order; ``to_confirm`` those that its profile answers and the band rests on."""

    verdict: VerdictBand
    required: VerdictBand
    reach: Reach
    to_ask: tuple[str, ...]
    to_confirm: tuple[str, ...]


class Shortlist:
    """The workload, and the prospect of any service for it."""

    def __init__(self, edition: Edition, workload: Mapping[str, Answer], reference_date: date) -> None:
        """``workload`` maps the workload's questions to their answers; keys the edition does not know are ignored."""
        self.edition, self.workload, self.reference_date = edition, workload, reference_date
        self._alone = WhatIf(edition, workload, reference_date)
        self._behind = _behind(edition)

    def prospect(self, known: Mapping[str, str]) -> Prospect:
        """What a service could reach of which ``known`` says, by question, what its profile answers."""
        answers = {key: Answer.of(value) for key, value in known.items() if key not in self.workload}
        said = WhatIf(self.edition, {**self.workload, **answers}, self.reference_date)
        verdict = self._with_doubt(said.today)
        required = self._required(said)
        return Prospect(
            verdict=verdict,
            required=required,
            reach=_reach(verdict, said.today.verdict, required),
            to_ask=tuple(self._open(said, required, answered=False)),
            to_confirm=tuple(key for key in self._open(said, required, answered=True) if key in answers),
        )

    def _with_doubt(self, said: Outcome) -> VerdictBand:
        """The band when nothing that is said is believed in its favour, as an offer that is presumed gets it."""
        worst = best = Verdict.SOVEREIGN
        for key, truth in said.gates.items():
            holds, ceiling = adverse(truth, self._alone.today.gates[key]), self.edition.gates[key].ceiling
            worst = worst if holds is False else min(worst, ceiling)
            best = min(best, ceiling) if holds is True else best
        score = Band(min(said.score.low, self._alone.today.score.low), said.score.high)
        return VerdictBand(*by_score(self.edition, score, worst, best))

    def _required(self, said: WhatIf) -> VerdictBand:
        """The least verdict that the workload requires, from what certainly does to what may."""
        rules = [item for item in self.edition.requirements if item.period.covers(self.reference_date)]
        truths: list[tuple[Verdict, Truth]] = [
            (item.least, True)
            if item.when is None
            else (
                item.least,
                adverse(
                    evaluate(item.when, said.established.facts), evaluate(item.when, self._alone.established.facts)
                ),
            )
            for item in rules
        ]
        return VerdictBand(
            max((least for least, holds in truths if holds is True), default=Verdict.UNACCEPTABLE),
            max((least for least, holds in truths if holds is not False), default=Verdict.UNACCEPTABLE),
        )

    def _open(self, said: WhatIf, required: VerdictBand, *, answered: bool) -> Iterator[str]:
        """The offer's questions read by the gates that keep it below ``required``, with an answer or without one."""
        blocking = {
            key
            for key, truth in said.today.gates.items()
            if self.edition.gates[key].ceiling < required.best
            and adverse(truth, self._alone.today.gates[key]) is None
            and (answered or truth is None)
        }
        read = {question for key in blocking for question in self._behind[key]}
        for key, question in self.edition.questions.items():
            if key not in read or question.scope != "offer":
                continue
            state, value = said.established.states[key], said.established.facts[key].value
            if state.applies is not False and (value is not None) is answered:
                yield key


def _behind(edition: Edition) -> dict[str, frozenset[str]]:
    """For each gate, the questions whose answers its condition is read from."""
    derived = questions_behind(edition)
    return {
        key: frozenset(derived.get(name, name) for name in keys(gate.when)) & edition.questions.keys()
        for key, gate in edition.gates.items()
    }


def _reach(verdict: VerdictBand, said: VerdictBand, required: VerdictBand) -> Reach:
    if verdict.best < required.worst:
        return Reach.IMPOSSIBLE
    if verdict.worst >= required.best:
        return Reach.MET
    return Reach.IF_CONFIRMED if said.worst >= required.best else Reach.POSSIBLE
