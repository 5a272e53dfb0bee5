"""The interview: which question to ask next, why that one, and how far there is to go.

For each open question, and each answer it may have, the number of questions that would still be needed to settle the
verdict is estimated (:mod:`checklists.core.interview.likely`). The question that leaves least, on average over its
answers, is asked. That looks further ahead than the width of the verdict's band, which most single answers leave as it
was: a blocking rule is often settled by two answers, and an answer often bears on several rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from checklists.core.changing.what_if import WhatIf, possible_values, supposed
from checklists.core.editions.conditions import keys
from checklists.core.editions.edition import Edition, Gate, Requirement
from checklists.core.editions.vocabulary import Verdict
from checklists.core.interview.likely import HOLDS, Likely, Outlook, Outlooks, level_shares
from checklists.core.interview.score_left import FAR, ScoreLeft, score_left
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import Established, QuestionState, establish, questions_behind, restate
from checklists.core.judging.judgement import VerdictBand
from checklists.core.kinds import Kind, decisive, kind_of

TABLE_PRICE = 6.0
"""How many simple questions a table counts for: it is asked when nothing simpler would do as well."""
MINIMUM_WEIGHT = 2.0
"""How much more a rule counts that could keep the offer under the minimum."""
MOST_TRIED = 5
"""Of the answers a question may have, how many of the most common are tried."""
SHORTLIST = 10
"""Of the open questions, how many of those that bear on most are tried out, answer by answer."""
SCORE_WEIGHT = 0.5
"""How much an answer that only the score needs counts, beside one that a rule needs."""
CONFIRMED = 0.9
"""The chance that a presumed answer is confirmed."""


class Reason(StrEnum):
    """Why a question is asked now."""

    SCOPE = "scope"
    """It describes the workload: what is required depends on it."""
    DECIDES = "decides"
    """Its answers lead to different verdicts."""
    RULES = "rules"
    """It bears on blocking rules that are not settled yet."""
    SCORE = "score"
    """It counts in the score, on which the verdict still depends."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question to ask next. ``between`` are the verdicts its answers can lead to, worst and best; ``gates`` the
    blocking rules it bears on that are not settled.
    """

    question: str
    reason: Reason
    between: VerdictBand
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least verdict that will do, a band while the workload is not described; ``is_met`` is ``None`` while that
    is not known.
    """

    required: VerdictBand
    is_met: bool | None


def minimum(verdict: VerdictBand, required: VerdictBand) -> Minimum:
    """Met when even the worst verdict reaches the greatest requirement, missed when the best is under the least."""
    if verdict.worst >= required.best:
        return Minimum(required, True)
    return Minimum(required, False if verdict.best < required.worst else None)


class Interview:
    """Answers so far, and what to ask next.

    ``presumed`` are the questions that a profile answered and nobody confirmed: they are asked, to be confirmed.
    ``skipped`` are put off: asked when nothing else is left. Questions answered "I don’t know" are not asked again.
    """

    def __init__(
        self,
        edition: Edition,
        answers: Mapping[str, Answer],
        reference_date: date,
        likely: Likely,
        *,
        presumed: Iterable[str] = (),
        skipped: Iterable[str] = (),
    ) -> None:
        self.edition, self.answers, self.day = edition, answers, reference_date
        self.presumed, self.skipped = frozenset(presumed), frozenset(skipped)
        self.what_if = WhatIf(edition, answers, reference_date)
        self.likely = _with_presumed(likely, answers, self.presumed)
        self._levels = level_shares(edition, self.likely)
        self._behind, self._decisive = questions_behind(edition), decisive(edition)

    @property
    def verdict(self) -> VerdictBand:
        return self.what_if.today.verdict

    @cached_property
    def required(self) -> VerdictBand:
        """The requirement as a band: what certainly holds asks for the least, what may hold for the most."""
        held = [(self._now.of(item.when) if item.when else HOLDS, item.least) for item in self._requirements]
        least = max((verdict for seen, verdict in held if seen.truth is True), default=Verdict.UNACCEPTABLE)
        most = max((verdict for seen, verdict in held if seen.truth is not False), default=Verdict.UNACCEPTABLE)
        return VerdictBand(least, most)

    @property
    def minimum(self) -> Minimum:
        return minimum(self.verdict, self.required)

    @cached_property
    def open_questions(self) -> tuple[str, ...]:
        """The questions that can be asked now, in the checklist's order."""
        states = self.what_if.established.states
        return tuple(key for key in self.edition.questions if self._is_askable(key, states[key]))

    @cached_property
    def is_over(self) -> bool:
        """Whether nothing that can still be asked bears on the verdict, or on the minimum."""
        return not self._ranked

    @cached_property
    def questions_left(self) -> int:
        """About how many questions it will take to settle the verdict; 0 once the interview is over.

        The rules are taken in turn, the worst first: the first one that holds spares the others, and only when none
        does is the score needed.
        """
        if self.is_over:
            return 0
        found = [
            (self.edition.gates[key].ceiling, seen.effort / seen.chance if seen.chance else FAR, seen)
            for key, seen in self._outlooks.items()
            if seen.truth is None and self.edition.gates[key].ceiling < self.verdict.best
        ]
        spared, missed = 1.0, dict[str, float]()
        for _ceiling, _price, seen in sorted(found, key=lambda each: each[:2]):
            for key, share in seen.asks.items():
                missed[key] = missed.get(key, 1.0) * (1 - min(spared * share, 1.0))
            spared *= 1 - seen.chance
        by_rules = sum(1 - share for share in missed.values())
        by_score = min(self._score.effort(self.verdict.best), len(self._scored_open))
        return max(1, round(by_rules + spared * by_score))

    @cached_property
    def minutes_left(self) -> int:
        """About how many minutes that is, at least one while the interview goes on."""
        if self.is_over:
            return 0
        kinds = [self.edition.questions[key].kind for key in self._ranked[: self.questions_left]]
        seconds = [kind_of(kind).seconds for kind in kinds]
        mean = sum(seconds) / len(seconds) if seconds else Kind.seconds
        return max(1, round(mean * self.questions_left / 60))

    def next(self) -> Choice | None:
        """The question to ask now; ``None`` once the interview is over."""
        return self.reason_for(self._ranked[0]) if self._ranked else None

    def further(self) -> Choice | None:
        """The next open question for who goes on after the end, for the score: in the checklist's order."""
        left = [key for key in self.open_questions if key not in self.skipped] or list(self.open_questions)
        return self.reason_for(left[0]) if left else None

    def reason_for(self, key: str) -> Choice:
        """Why ``key`` would be asked now."""
        outcomes = [self.what_if.outcome({key: supposed(value)}).verdict for value in self._values(key)]
        between = VerdictBand(
            min((band.worst for band in outcomes), default=self.verdict.worst),
            max((band.best for band in outcomes), default=self.verdict.best),
        )
        gates = tuple(gate.key for gate in self._open_gates if key in self._asked_by(gate))
        if key in self._scope:
            reason = Reason.SCOPE
        elif len({(band.worst, band.best) for band in outcomes}) > 1:
            reason = Reason.DECIDES
        else:
            reason = Reason.RULES if gates else Reason.SCORE
        return Choice(key, reason, between, gates)

    # What is open

    @property
    def _established(self) -> Established:
        """What is shown: a presumed answer is one more thing to ask."""
        return self.what_if.established.shown

    @cached_property
    def _requirements(self) -> list[Requirement]:
        return [item for item in self.edition.requirements if item.period.covers(self.day)]

    def _is_askable(self, key: str, state: QuestionState) -> bool:
        if not state.asked:
            return False
        if key in self.presumed:
            return True
        return state.status is None and state.derived is None

    @cached_property
    def _scope(self) -> frozenset[str]:
        """The questions that say what the workload is, and are not scored."""
        return frozenset(
            key
            for key, question in self.edition.questions.items()
            if question.scope == "workload" and kind_of(question.kind).has_options and not question.is_scored
        )

    @cached_property
    def _gates_in_force(self) -> list[Gate]:
        return [gate for gate in self.edition.gates.values() if gate.is_in_force(self.day)]

    @cached_property
    def _outlooks(self) -> dict[str, Outlook]:
        return {gate.key: self._now.of(gate.when) for gate in self._gates_in_force}

    @cached_property
    def _now(self) -> Outlooks:
        states = self._established.states
        return Outlooks(self._established.facts, self.likely, self._levels, lambda fact: self._price(fact, states))

    @cached_property
    def _open_gates(self) -> list[Gate]:
        """The rules that are not settled and would lower the verdict at best."""
        return [
            gate
            for gate in self._gates_in_force
            if self._outlooks[gate.key].truth is None and gate.ceiling < self.verdict.best
        ]

    def _asked_by(self, gate: Gate) -> frozenset[str]:
        return frozenset(self._outlooks[gate.key].asks)

    @cached_property
    def _bearing(self) -> frozenset[str]:
        """The open questions on which the verdict still depends."""
        if self.verdict.is_settled:
            return frozenset()
        found = {key for gate in self._open_gates for key in self._asked_by(gate)}
        if self._score_is_open:
            states = self.what_if.established.states
            counted = [key for key, question in self.edition.questions.items() if question.is_scored]
            undecided = [key for key in counted if states[key].applies is None]
            found |= self._scored_open.union(*(self.edition.conditions_of[key] for key in undecided))
        return frozenset(found) & frozenset(self.open_questions)

    @property
    def _score_is_open(self) -> bool:
        score, best = self.what_if.today.score, self.verdict.best
        return any(score.low < each.below <= score.high and each.ceiling < best for each in self.edition.thresholds)

    # What to ask

    @cached_property
    def _ranked(self) -> list[str]:
        """The open questions that bear on the verdict or the minimum, the one to ask now first."""
        scope = [key for key in self.open_questions if key in self._scope and self._matters(key)]
        rest = [key for key in self.open_questions if key in self._bearing and key not in scope]
        rest.sort(key=lambda key: (self._is_table(key), -self._involved(key)))
        ranked = list(scope) or sorted(rest[:SHORTLIST], key=lambda key: (self._is_table(key), self._left_after(key)))
        ranked += [key for key in rest if key not in ranked]
        return [key for key in ranked if key not in self.skipped] + [key for key in ranked if key in self.skipped]

    def _involved(self, key: str) -> float:
        """How much of the open rules, and of the score, is expected to need an answer to ``key``."""
        return self._involvement.get(key, 0.0) + self._worth.get(key, 0.0) / 100

    @cached_property
    def _involvement(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for weight, seen in self._weighed(self._outlooks, self.verdict.best):
            for key, share in seen.asks.items():
                found[key] = found.get(key, 0.0) + weight * share
        return found

    @cached_property
    def _worth(self) -> dict[str, float]:
        return dict(self._score.worth)

    def _matters(self, key: str) -> bool:
        """Whether the verdict depends on ``key``, or whether the minimum is met does."""
        if key in self._bearing or self.minimum.is_met is not None:
            return key in self._bearing
        seen = [self._now.of(item.when) for item in self._requirements if item.when]
        return any(key in each.asks for each in seen if each.truth is None)

    def _is_table(self, key: str) -> bool:
        return kind_of(self.edition.questions[key].kind).is_table

    def _values(self, key: str) -> tuple[str, ...]:
        question = self.edition.questions[key]
        return possible_values(self.edition, question, self.day) or tuple(self.likely.get(key, ()))

    def _left_after(self, key: str) -> float:
        """The effort expected to be left once ``key`` is answered."""
        values = self._values(key)
        if not values:
            return FAR
        shares = self.likely.get(key, {})
        tried = sorted(values, key=lambda value: -shares.get(value, 0.0))[:MOST_TRIED]
        weights = [shares.get(value, 1 / len(values)) for value in tried]
        left = [self._left_if(key, value) for value in tried]
        return sum(w * each for w, each in zip(weights, left, strict=True)) / sum(weights)

    def _left_if(self, key: str, value: str) -> float:
        """The effort left if ``key`` were answered ``value``: only rules that read a changed fact are read again."""
        answers = {**self._shown_answers, key: supposed(value)}
        before = self._established
        if key in self._decisive:
            after = establish(self.edition, answers, self.day)
            changed = [name for name, fact in after.facts.items() if before.facts.get(name) != fact]
        else:
            after = restate(self.edition, before, answers, key, self.day)
            changed = [key, *(duration.key for duration in self.edition.durations if duration.to == key)]
        score, outlooks = self._score, dict(self._outlooks)
        for name in changed:
            option = after.states[name].option if name in after.states else None
            score = score.answered(name, option.level) if option else score
        then = self._now.after(after.facts, frozenset(changed), lambda fact: self._price(fact, after.states))
        for gate in {gate.key: gate for name in changed for gate in self._reading.get(name, ())}.values():
            outlooks[gate.key] = then.of(gate.when)
        best = min(
            (self.edition.gates[k].ceiling for k, seen in outlooks.items() if seen.truth is True),
            default=Verdict.SOVEREIGN,
        )
        rules = sum(weight * seen.effort for weight, seen in self._weighed(outlooks, best))
        return rules + SCORE_WEIGHT * score.effort(best, without=key)

    @cached_property
    def _shown_answers(self) -> dict[str, Answer]:
        return {key: answer for key, answer in self.answers.items() if key not in self.presumed}

    @cached_property
    def _scored_open(self) -> frozenset[str]:
        return frozenset(key for key in self.open_questions if self.edition.questions[key].is_scored)

    @cached_property
    def _score(self) -> ScoreLeft:
        return score_left(self.edition, self._established, self._scored_open, self.likely)

    @cached_property
    def _reading(self) -> dict[str, list[Gate]]:
        """For each fact, the rules that read it."""
        found: dict[str, list[Gate]] = {}
        for gate in self._gates_in_force:
            for fact in keys(gate.when):
                found.setdefault(fact, []).append(gate)
        return found

    def _weighed(self, outlooks: Mapping[str, Outlook], best: Verdict) -> Iterable[tuple[float, Outlook]]:
        """Each open rule under ``best``, with the chance that no worse one holds, which would make it idle."""
        found = [(self.edition.gates[key].ceiling, seen) for key, seen in outlooks.items() if seen.effort]
        idle, spared, level = 1.0, 1.0, Verdict.UNACCEPTABLE
        for ceiling, seen in sorted(found, key=lambda pair: pair[0]):
            if ceiling >= best:
                return
            if ceiling > level:
                idle, level = spared, ceiling
            spared *= 1 - seen.chance
            yield idle * (MINIMUM_WEIGHT if ceiling < self.required.best else 1.0), seen

    def _price(self, fact: str, states: Mapping[str, QuestionState]) -> Mapping[str, float]:
        """What learning ``fact`` takes: the question itself, and those that decide whether it is asked."""
        key = self._behind.get(fact, fact)
        state = states.get(key)
        if state is None or state.applies is False:
            return {}
        price = TABLE_PRICE if self._is_table(key) else 1.0
        if state.asked:
            return {key: price} if self._is_askable(key, state) else {}
        above = [each for each in self.edition.conditions_of[key] if states[each].is_awaited]
        return {key: price} | dict.fromkeys(above, 1.0)


def _with_presumed(likely: Likely, answers: Mapping[str, Answer], presumed: frozenset[str]) -> Likely:
    """``likely`` where what a profile presumes is nearly certain."""
    changed = dict(likely)
    for key in presumed & answers.keys():
        value, shares = answers[key].value or "", likely.get(key, {})
        if value in shares:
            rest = (1 - CONFIRMED) / max(len(shares) - 1, 1)
            changed[key] = dict.fromkeys(shares, rest) | {value: CONFIRMED}
    return changed
