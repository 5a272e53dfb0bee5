"""Step one of judging: from answers to facts. What is asked, what each answer counts as, what follows from dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checklists.core.answer import Answer, AnswerStatus
from checklists.core.conditions import NOT_KNOWN, Fact, Truth, evaluate
from checklists.core.edition import Edition, Option, Question

LAW_PREFIX = "law:"
"""``law:<key>`` is the derived fact that says whether a law of the edition is in force."""
IN_FORCE, NOT_IN_FORCE = "in_force", "not_in_force"


@dataclass(frozen=True, slots=True)
class QuestionState:
    """What the judge made of one question.

    ``applies`` is the three-valued truth of its condition; ``asked`` says whether a respondent should see it
    now: a question whose condition hangs on an unanswered one waits, one that hangs on "I don't know" is asked.
    ``status`` is ``None`` when unanswered. ``option`` is the effective option: a lapsed transfer tool counts as
    another, ``lapsed_from`` then names the one chosen. ``invalid`` marks a value the edition does not know.
    """

    key: str
    applies: Truth
    asked: bool
    status: AnswerStatus | None
    option: Option | None
    lapsed_from: str | None
    invalid: bool

    @property
    def is_awaited(self) -> bool:
        """Whether what depends on this question has to wait: it may apply, and has no answer in sight."""
        return self.applies is not False and (self.status is None or not self.asked)

    @property
    def level(self) -> int | None:
        return self.option.level if self.option else None


@dataclass(frozen=True, slots=True)
class Established:
    """The facts a judgement rests on: one per question and per derived fact, and each question's state."""

    facts: Mapping[str, Fact]
    states: Mapping[str, QuestionState]


def establish(edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> Established:
    """Total: unknown keys are ignored, invalid values count as not known and are marked as such."""
    facts: dict[str, Fact] = {}
    for law in edition.laws.values():
        facts[LAW_PREFIX + law.key] = Fact(IN_FORCE if law.period.covers(reference_date) else NOT_IN_FORCE)
    states: dict[str, QuestionState] = {}
    for key in edition.asking_order:
        states[key], facts[key] = _establish_one(edition, key, answers.get(key), reference_date, facts, states)
    for duration in edition.durations:
        facts[duration.key] = duration_fact(facts.get(duration.to, NOT_KNOWN), reference_date)
    return Established(facts, states)


def restate(
    edition: Edition, established: Established, key: str, answer: Answer | None, reference_date: date
) -> Established:
    """``established`` with another answer to ``key``, a question on which no other one's applicability depends."""
    facts, states = dict(established.facts), dict(established.states)
    states[key], facts[key] = _establish_one(edition, key, answer, reference_date, facts, states)
    for duration in edition.durations:
        if duration.to == key:
            facts[duration.key] = duration_fact(facts[key], reference_date)
    return Established(facts, states)


def duration_fact(end: Fact, reference_date: date) -> Fact:
    """The number of months from ``reference_date`` to the day that ``end`` gives, as a fact."""
    if end.value is None:
        return end
    months = months_until(reference_date, date.fromisoformat(end.value))
    return Fact(str(months), months, end.applies)


def _establish_one(
    edition: Edition,
    key: str,
    answer: Answer | None,
    reference_date: date,
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
    option = lapsed_from = value = None
    status = answer.status if answer else None
    invalid = False
    if answer and answer.status is AnswerStatus.ANSWERED:
        if question.kind == "choice":
            option = question.options.get(answer.value or "")
            if option and option.regime and not edition.laws[option.regime].period.covers(reference_date):
                lapsed_from, option = option.key, question.options[option.lapsed_to or ""]
            value = option.key if option else None
        else:
            value = answer.value if is_valid_value(question, answer.value) else None
        invalid = value is None
        if invalid:
            status = AnswerStatus.UNKNOWN
    state = QuestionState(question.key, applies, asked, status, option, lapsed_from, invalid)
    return state, Fact(value, option.level if option else None, applies)


def is_valid_value(question: Question, value: str | None) -> bool:
    """Whether ``value`` can be stored as an answer to ``question``: a known option, an ISO date, a country code."""
    if value is None:
        return False
    match question.kind:
        case "choice":
            return value in question.options
        case "date":
            try:
                return date.fromisoformat(value).isoformat() == value
            except ValueError:
                return False
        case "country":
            return len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
    return False


def months_until(start: date, end: date) -> int:
    """Whole months from ``start`` to ``end``, rounded up: 24 months to the day give 24, one day more gives 25.

    Negative or zero when ``end`` does not come after ``start``.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if end.day > start.day else months
