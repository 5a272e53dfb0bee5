"""Step one of judging: from answers to facts. What is asked, what each answer counts as, what follows from dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from checklists.core.editions.conditions import NOT_KNOWN, Fact, Truth, evaluate
from checklists.core.editions.edition import (
    ADEQUACY_PREFIX,
    AREA_PREFIX,
    TOP_LEVEL,
    Derivation,
    Edition,
    Option,
    Question,
    asked_behind,
)
from checklists.core.evidence import Strength
from checklists.core.judging.answer import Answer, AnswerStatus, without_claims
from checklists.core.judging.law import adequacy_decision, area, governing_law
from checklists.core.kinds import Consequence, fact_sources, kind_of

LAW_PREFIX = "law:"
"""``law:<key>`` is the derived fact that says whether a law of the edition is in force."""
IN_FORCE, NOT_IN_FORCE = "in_force", "not_in_force"


class Origin(StrEnum):
    """Where the answer that counts comes from."""

    RESPONDENT = "respondent"
    DERIVED = "derived"
    """The control chain, or a rule of the checklist, gives it; the respondent has said nothing else."""
    OVERRIDE = "override"
    """The respondent answers otherwise than what is derived, and says why."""
    UNJUSTIFIED = "unjustified"
    """The respondent answers otherwise without saying why: what is derived stands."""


@dataclass(frozen=True, slots=True)
class QuestionState:
    """What the judge made of one question.

    ``applies`` is the three-valued truth of its condition; ``asked`` says whether a respondent should see it
    now: a question whose condition hangs on an unanswered one waits, one that hangs on "I don’t know" is asked.
    ``status`` is ``None`` when unanswered. ``option`` is the effective option: a lapsed transfer tool counts as
    another, ``lapsed_from`` then names the one chosen. ``invalid`` marks a value the edition does not know.
    ``derived`` is the value that the control chain or a rule gives, if it settles one; ``rule`` is its key.
    ``relied_on`` is the law the option rests on, on that date. ``unproven`` marks an adequacy claimed without a
    country to check it against: gates take it as said, the score does not credit it. ``claimed`` marks an answer
    that nothing shows, or one that a control chain gives of which nothing shows it; ``strength`` and ``ended`` are
    those of the evidence.
    """

    key: str
    applies: Truth
    asked: bool
    status: AnswerStatus | None
    option: Option | None
    lapsed_from: str | None
    invalid: bool
    origin: Origin = Origin.RESPONDENT
    derived: str | None = None
    relied_on: str | None = None
    unproven: bool = False
    claimed: bool = False
    strength: Strength | None = None
    ended: date | None = None
    rule: str | None = None
    from_chain: bool = False
    """Whether what is derived comes from the control chain, and not from another rule of the checklist."""
    bounds: tuple[int, int] | None = None
    """The least and the greatest level it may still come to, where a rule leaves that open; see :attr:`least`."""

    @property
    def is_awaited(self) -> bool:
        """Whether what depends on this question has to wait: it may apply, and has no answer in sight."""
        return self.applies is not False and (self.status is None or not self.asked)

    @property
    def level(self) -> int | None:
        return self.option.level if self.option and not self.unproven else None

    @property
    def least(self) -> int | None:
        """The least level it may come to when nothing but silence is answered; its level where that is settled."""
        return self.bounds[0] if self.bounds and self.level is not None else self.level

    @property
    def most(self) -> int | None:
        """The greatest level it may come to; its level where that is settled."""
        return self.bounds[1] if self.bounds and self.level is not None else self.level


@dataclass(frozen=True, slots=True)
class Effective:
    """What a chosen option counts as on a date: see :class:`QuestionState` for the fields."""

    option: Option
    lapsed_from: str | None = None
    relied_on: str | None = None
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class Established:
    """The facts a judgement rests on: one per question and per derived fact, and each question's state.

    ``given`` holds the facts that other answers give for questions to take. ``doubted`` is the same with each mere
    claim not known; ``None`` when nothing is merely claimed.
    """

    facts: Mapping[str, Fact]
    states: Mapping[str, QuestionState]
    given: Mapping[str, Fact]
    doubted: Established | None = None

    @property
    def shown(self) -> Established:
        """What is left when nothing is believed unshown."""
        return self.doubted or self


def establish(
    edition: Edition, answers: Mapping[str, Answer], reference_date: date, law_date: date | None = None
) -> Established:
    """Total: unknown keys are ignored, invalid values count as not known and are marked as such.

    Durations run from ``reference_date``; the law is read as of ``law_date``, the same day unless told otherwise.
    """
    law_date = law_date or reference_date
    said = _establish(edition, answers, reference_date, law_date)
    if not any(answer.claimed for answer in answers.values()):
        return said
    return replace(said, doubted=_establish(edition, without_claims(answers), reference_date, law_date))


def _establish(edition: Edition, answers: Mapping[str, Answer], reference_date: date, law_date: date) -> Established:
    facts: dict[str, Fact] = {}
    for law in edition.laws.values():
        facts[LAW_PREFIX + law.key] = Fact(IN_FORCE if law.is_in_force(law_date) else NOT_IN_FORCE)
    given: dict[str, Fact] = {}
    for key, kind in fact_sources(edition).items():
        outcome = outcome_of(edition, answers, key, law_date)
        for name, fact in outcome.facts().items() if outcome else ():
            (given if name in kind.answers else facts)[name] = fact
    states: dict[str, QuestionState] = {}
    for key in edition.asking_order:
        settled = Established(facts, states, given)
        states[key], facts[key] = _establish_question(edition, settled, answers, key, law_date)
        if key in edition.country_questions:
            facts.update(_country_facts(edition, key, facts[key].value, law_date))
    for duration in edition.durations:
        facts[duration.key] = duration_fact(facts.get(duration.to, NOT_KNOWN), reference_date)
    return Established(facts, states, given)


def _country_facts(edition: Edition, key: str, country: str | None, law_date: date) -> dict[str, Fact]:
    """What the country that ``key`` gives is under the law of the day: adequate or not, and in which area."""
    adequate = adequacy_decision(edition, country, law_date) if country else None
    return {
        ADEQUACY_PREFIX + key: Fact(None if not country else IN_FORCE if adequate else NOT_IN_FORCE),
        AREA_PREFIX + key: Fact(area(edition, country, law_date) if country else None),
    }


@dataclass(frozen=True, slots=True)
class _Given:
    """What derivations give one question: ``fact`` settles it or narrows it, ``also`` does not contradict it."""

    fact: Fact = NOT_KNOWN
    also: frozenset[str] = frozenset()
    rule: Derivation | None = None


def _derive(edition: Edition, settled: Established, key: str, law_date: date) -> _Given:
    """The first derivation of ``key`` that holds, those it reads being ``settled``."""
    for rule in edition.derivations_of.get(key, ()):
        if not rule.period.covers(law_date):
            continue
        if rule.takes:
            fact = settled.given.get(rule.takes, NOT_KNOWN)
            if fact.value or fact.possible:
                return _Given(fact, rule.also, rule)
        elif rule.when and evaluate(rule.when, settled.facts) is True:
            narrowed = frozenset() if rule.value else rule.also
            return _Given(Fact(rule.value, possible=narrowed), rule.also, rule)
    return _Given()


def _resting_on(
    edition: Edition, settled: Established, answers: Mapping[str, Answer], rule: Derivation
) -> dict[str, Any]:
    """What a derived answer rests on: the answer whose fact it takes, or the weakest of those its rule reads."""
    if rule.takes:
        source = next(answers[key] for key, kind in fact_sources(edition).items() if rule.takes in kind.answers)
        return {"claimed": source.claimed, "strength": source.strength, "ended": source.ended}
    read = [settled.states[key] for name in rule.reads() if (key := asked_behind(name)) in settled.states]
    known = [state for state in read if state.status is AnswerStatus.ANSWERED]
    strengths = [state.strength for state in known]
    return {
        "claimed": any(state.claimed for state in known),
        "strength": min((s for s in strengths if s), default=None) if all(strengths) else None,
        "ended": min((state.ended for state in known if state.ended), default=None),
    }


def _establish_question(
    edition: Edition, settled: Established, answers: Mapping[str, Answer], key: str, law_date: date
) -> tuple[QuestionState, Fact]:
    """One question, those it depends on being ``settled``: what was said of it against what is derived."""
    given = _derive(edition, settled, key, law_date)
    answer, origin = _weigh(answers.get(key), given)
    if given.rule and answer and origin in (Origin.DERIVED, Origin.UNJUSTIFIED):
        answer = replace(answer, **_resting_on(edition, settled, answers, given.rule))
    state, fact = _establish_one(edition, key, answer, answers, law_date, settled.facts, settled.states)
    if given.rule:
        state = replace(
            state, origin=origin, derived=given.fact.value, rule=given.rule.key, from_chain=given.rule.takes is not None
        )
        if fact.value is None and origin is not Origin.OVERRIDE:
            fact = replace(given.fact, applies=fact.applies)
    if (
        key in edition.derivations_of
        and state.level is not None
        and not (state.from_chain or origin is Origin.OVERRIDE)
    ):
        state = replace(state, bounds=_bounds(edition, settled, answers, state, law_date))
    return state, fact


def _bounds(
    edition: Edition,
    settled: Established,
    answers: Mapping[str, Answer],
    state: QuestionState,
    law_date: date,
) -> tuple[int, int] | None:
    """The levels between which an answer, given or derived, may still move; ``None`` when it cannot (decision 0073).

    What is derived may be answered otherwise, by an answer that does not contradict it. A rule that may come to hold
    may put what it derives in the place of an answer that contradicts it.
    """
    question, answer = edition.questions[state.key], answers.get(state.key)
    said = answer.value if answer and answer.value in question.options else None
    reached: set[str | None] = set()
    for rule, holds in _rules_that_may_hold(edition, settled, state.key, law_date):
        if said is not None:
            reached.add(said if said == rule.value or said in rule.also else rule.value)
        else:
            reached |= {rule.value, *rule.also} if rule.value else {None}
        if holds is True:
            break
    else:
        reached.add(said)
    counted = [counts_as(edition, answers, question, question.options[key], law_date) for key in reached if key]
    levels = [effective.option.level for effective in counted if effective.option.level is not None]
    levels += [0, TOP_LEVEL] if None in reached else []
    bounds = min(levels, default=0), max(levels, default=0)
    return None if bounds == (state.level, state.level) else bounds


def _rules_that_may_hold(
    edition: Edition, settled: Established, key: str, law_date: date
) -> Iterator[tuple[Derivation, Truth]]:
    """The rules of ``key`` in their order that hold or may come to, the answers that may still move being open.

    A rule that only a country which nobody gave could make hold is left out.
    """
    moving = {name: NOT_KNOWN for name, state in settled.states.items() if state.bounds is not None}
    facts = {**settled.facts, **moving}
    for rule in edition.derivations_of.get(key, ()):
        if rule.when is None or not rule.period.covers(law_date):
            continue
        holds = evaluate(rule.when, facts)
        if holds is None and any(_is_silent_country(edition, settled, name) for name in rule.reads()):
            holds = evaluate(rule.when, settled.facts) is True
        if holds is not False:
            yield rule, holds


def _is_silent_country(edition: Edition, settled: Established, name: str) -> bool:
    key = asked_behind(name)
    return key in edition.country_questions and settled.facts.get(key, NOT_KNOWN).value is None


def restate(
    edition: Edition, established: Established, answers: Mapping[str, Answer], key: str, reference_date: date
) -> Established:
    """``established`` with the answer to ``key`` that is now among ``answers``; nothing else may depend on it:
    neither whether another is asked, nor what another counts as. A claim must not be the first one among them.
    """
    doubted = established.doubted and restate(
        edition, established.doubted, without_claims(answers), key, reference_date
    )
    facts, states = dict(established.facts), dict(established.states)
    states[key], facts[key] = _establish_question(edition, established, answers, key, reference_date)
    for duration in edition.durations:
        if duration.to == key:
            facts[duration.key] = duration_fact(facts[key], reference_date)
    return Established(facts, states, established.given, doubted)


def duration_fact(end: Fact, reference_date: date) -> Fact:
    """The number of months from ``reference_date`` to the day that ``end`` gives, as a fact."""
    if end.value is None:
        return end
    months = months_until(reference_date, date.fromisoformat(end.value))
    return Fact(str(months), months, end.applies)


def outcome_of(edition: Edition, answers: Mapping[str, Answer], key: str, law_date: date) -> Consequence | None:
    """What follows from the answer to ``key`` under the law of ``law_date``; ``None`` without one that says it."""
    answer, question = answers.get(key), edition.questions[key]
    if answer is None or not answer.value or not is_valid_value(question, answer.value):
        return None
    return kind_of(question.kind).derive(edition, answer.value, law_date)


def questions_behind(edition: Edition) -> dict[str, str]:
    """The derived facts that conditions read, each with the question it is derived from."""
    behind = {duration.key: duration.to for duration in edition.durations}
    behind |= {fact: key for key, kind in fact_sources(edition).items() for fact in kind.facts}
    return behind | {
        prefix + key: key for key in edition.country_questions for prefix in (ADEQUACY_PREFIX, AREA_PREFIX)
    }


def _weigh(answer: Answer | None, given: _Given) -> tuple[Answer | None, Origin]:
    """The answer that counts, between what the respondent said and what is derived.

    A doubt is no contradiction: what is derived settles it. Another answer counts only with a reason.
    """
    derived = given.fact
    possible = {derived.value} if derived.value else derived.possible
    if not possible:
        return answer, Origin.RESPONDENT
    if answer and answer.status is not AnswerStatus.UNKNOWN:
        if answer.value in possible or answer.value in given.also:
            return answer, Origin.RESPONDENT
        if answer.justification.strip():
            return answer, Origin.OVERRIDE
    settled = Answer.of(derived.value) if derived.value else Answer.unknown() if answer else None
    if answer is None or answer.status is AnswerStatus.UNKNOWN:
        return settled, Origin.DERIVED if derived.value else Origin.RESPONDENT
    return settled, Origin.UNJUSTIFIED


def lacks_reason(edition: Edition, answers: Mapping[str, Answer], key: str, reference_date: date) -> bool:
    """Whether the answer to ``key`` differs from what is derived from the other ``answers`` and says no reason."""
    if key not in edition.derivations_of:
        return False
    state = establish(edition, answers, reference_date).states.get(key)
    return state is not None and state.origin is Origin.UNJUSTIFIED


def _establish_one(
    edition: Edition,
    key: str,
    answer: Answer | None,
    answers: Mapping[str, Answer],
    law_date: date,
    facts: Mapping[str, Fact],
    states: Mapping[str, QuestionState],
) -> tuple[QuestionState, Fact]:
    question = edition.questions[key]
    applies = evaluate(question.applies, facts) if question.applies else True
    # Silence means "not this branch yet", and so does an answer left behind on a branch that is no longer shown;
    # a declared doubt means "maybe".
    asked = applies is True or (
        applies is None and not any(states[above].is_awaited for above in edition.conditions_of[key])
    )
    effective = value = None
    status = answer.status if answer else None
    invalid = False
    if answer and answer.status is AnswerStatus.ANSWERED:
        if kind_of(question.kind).has_options:
            option = question.options.get(answer.value or "")
            effective = counts_as(edition, answers, question, option, law_date) if option else None
            value = effective.option.key if effective else None
        else:
            value = answer.value if is_valid_value(question, answer.value) else None
        invalid = value is None
        if invalid:
            status = AnswerStatus.UNKNOWN
    if effective is None:
        state = QuestionState(key, applies, asked, status, None, None, invalid, **_rests_on(answer))
        return state, Fact(value, None, applies, strength=state.strength)
    state = QuestionState(
        key,
        applies,
        asked,
        status,
        effective.option,
        effective.lapsed_from,
        invalid,
        relied_on=effective.relied_on,
        unproven=effective.unproven,
        **_rests_on(answer),
    )
    return state, Fact(value, state.level, applies, strength=state.strength)


def _rests_on(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {}
    return {"claimed": answer.claimed, "strength": answer.strength, "ended": answer.ended}


def counts_as(
    edition: Edition, answers: Mapping[str, Answer], question: Question, option: Option, law_date: date
) -> Effective:
    """What ``option`` counts as under the law of ``law_date``."""
    if option.regime:
        law = governing_law(edition, option.regime, law_date)
    elif option.adequacy_of:
        country = _country(edition, answers, option.adequacy_of)
        if not country:
            return Effective(option, unproven=True)
        law = adequacy_decision(edition, country, law_date)
    else:
        return Effective(option)
    if law:
        return Effective(option, relied_on=law.key)
    return Effective(question.options[option.lapsed_to or ""], lapsed_from=option.key)


def _country(edition: Edition, answers: Mapping[str, Answer], key: str) -> str | None:
    answer = answers.get(key)
    known = answer and answer.status is AnswerStatus.ANSWERED and is_valid_value(edition.questions[key], answer.value)
    return answer.value if answer and known else None


def is_valid_value(question: Question, value: str | None) -> bool:
    """Whether ``value`` can be stored as an answer to ``question``: its kind says so."""
    return value is not None and kind_of(question.kind).is_valid(question, value)


def months_until(start: date, end: date) -> int:
    """Whole months from ``start`` to ``end``, rounded up: 24 months to the day give 24, one day more gives 25.

    Negative or zero when ``end`` does not come after ``start``.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if end.day > start.day else months
