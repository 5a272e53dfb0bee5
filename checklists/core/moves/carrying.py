"""Answers carried from one edition to a newer one: what still means the same, what must be read or answered again.

An answer is carried by its keys. It means the same when its question and the answer chosen are in the newer edition
with the same words and the same worth; otherwise a person has to say so (decision 0046).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from checklists.core.editions.edition import Edition, Former, Option, Question
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.facts import Origin, establish, is_valid_value
from checklists.core.kinds import kind_of

Said = TypeVar("Said")
Scope = TypeVar("Scope", bound=Hashable)


class Fate(StrEnum):
    """What becomes of an answer."""

    CARRIED = "carried"
    """It still means the same."""
    CONFIRM = "confirm"
    """It stands, and somebody has to read it again: words or worth changed."""
    ANSWER = "answer"
    """It is no answer to the question any more: the question waits for another one."""
    MOVED = "moved"
    """It is said once for the assessment now; every offer that had an answer had this one."""
    DERIVED = "derived"
    """Another answer follows from the others: that one counts, and this one is kept. A reason brings it back."""
    GONE = "gone"
    """Its question is not asked by the newer edition: kept, not scored."""


class Reason(StrEnum):
    """Why an answer is not simply carried."""

    KIND = "kind"
    """The question takes another kind of answer."""
    SCOPE = "scope"
    """It is now about the processing and no longer about each offer, or the other way round."""
    OPTION_GONE = "option_gone"
    """The answer chosen is not offered any more."""
    APPEARED = "appeared"
    """The older edition did not ask it: it was answered under another edition or for a framework."""
    TEXT = "text"
    """The question's words changed."""
    HELP = "help"
    """Its explanation, or where to look, changed."""
    OPTION_WORDS = "option_words"
    """The words of the answer chosen changed."""
    WORTH = "worth"
    """The answer chosen has another level, or rests on another law."""
    DERIVED = "derived"
    """What follows from other answers is not this one, which gives no reason."""
    MERGED = "merged"
    """Another question of the newer edition covers it: see :attr:`Carried.into`."""
    DROPPED = "dropped"
    """The newer edition asks it no more, and says why."""
    CHOICES = "choices"
    """Other answers came, went or were reworded: another one may fit better."""


@dataclass(frozen=True, slots=True)
class Carried:
    """``former`` is what the newer edition says of a question it does not ask, if it says anything."""

    fate: Fate
    reasons: tuple[Reason, ...] = ()
    former: Former | None = None


def carry(
    older: Question | None,
    newer: Question | None,
    answer: Answer,
    *,
    former: Former | None = None,
    agreed: bool = False,
) -> Carried:
    """What becomes of ``answer`` to ``older`` when ``newer``, of the same key, is asked; ``None``: not asked there.

    ``former`` is what the newer edition says of the question that it does not ask; ``agreed`` whether every offer
    that has an answer to ``older`` has this one (:func:`agreed`): it can then be said once for the assessment.
    """
    if newer is None:
        gone = (Reason.MERGED if former.into else Reason.DROPPED,) if former else ()
        return Carried(Fate.GONE, gone, former)
    if older and (older.scope, newer.scope) == ("offer", "workload") and agreed:
        if not (broken := _broken(replace(older, scope=newer.scope), newer, answer)):
            return Carried(Fate.MOVED, (Reason.SCOPE, *_to_read_again(older, newer, answer)))
        return Carried(Fate.ANSWER, (broken,))
    if broken := _broken(older, newer, answer):
        return Carried(Fate.ANSWER, (broken,))
    reasons = _to_read_again(older, newer, answer) if older else (Reason.APPEARED,)
    return Carried(Fate.CONFIRM if reasons else Fate.CARRIED, reasons)


@dataclass(frozen=True, slots=True)
class Given(Generic[Scope]):
    """An answer, the offer that it is about (``None``: the assessment) and what becomes of it by itself."""

    offer: Scope | None
    question: str
    answer: Answer
    carried: Carried


def with_what_follows(newer: Edition, given: Sequence[Given[Scope]], day: date) -> list[Carried]:
    """What becomes of each answer once the rules of ``newer`` have drawn what follows from all that are kept.

    An answer that stands by itself may contradict what follows from others. One about the assessment does when it
    contradicts that for every offer.
    """
    kept = [each for each in given if each.carried.fate in (Fate.CARRIED, Fate.CONFIRM, Fate.MOVED)]
    offers: set[Scope | None] = {each.offer for each in given if each.offer is not None}
    contradicted: dict[Scope | None, frozenset[str]] = {}
    for offer in offers or {None}:
        answers = {each.question: each.answer for each in kept if each.offer in (None, offer)}
        states = establish(newer, answers, day).states
        contradicted[offer] = frozenset(key for key, state in states.items() if state.origin is Origin.UNJUSTIFIED)
    contradicted[None] = frozenset.intersection(*contradicted.values())
    derived = Carried(Fate.DERIVED, (Reason.DERIVED,))
    return [
        derived
        if each.carried.fate in (Fate.CARRIED, Fate.CONFIRM) and each.question in contradicted[each.offer]
        else each.carried
        for each in given
    ]


def agreed(answers: Iterable[tuple[str, Answer]]) -> frozenset[str]:
    """The questions of which all ``answers``, each given with its question, say the same, comments and proofs aside."""
    said: dict[str, set[tuple[object, ...]]] = {}
    for question, answer in answers:
        said.setdefault(question, set()).add((answer.status, answer.value, answer.justification))
    return frozenset(question for question, different in said.items() if len(different) == 1)


def means_the_same(older: Question, newer: Question) -> bool:
    """Whether any answer to one is the same answer to the other."""
    return _meaning(older) == _meaning(newer)


@dataclass(frozen=True, slots=True)
class Undone(Generic[Said]):
    """What stands after a move is undone, and the answers given since that do not, by question."""

    standing: Mapping[str, Said]
    set_aside: Mapping[str, Said]


def undo(
    older: Mapping[str, Question], newer: Mapping[str, Question], then: Mapping[str, Said], now: Mapping[str, Said]
) -> Undone[Said]:
    """Undo a move from ``older`` to ``newer`` questions: ``then`` are the answers when it was made, ``now`` today's.

    An answer given since to a question that means the same in both stands: it would have been given anyway. So does
    one to a question the older edition does not ask, where nothing reads it. Any other question has again the answer
    it had then (or none), and what was said of it since is set aside. Every answer of ``now`` is in one of the two.
    """
    standing: dict[str, Said] = {}
    set_aside: dict[str, Said] = {}
    for key in {**then, **now}:
        before, after = older.get(key), newer.get(key)
        is_shared = before is None or (after is not None and means_the_same(before, after))
        if is_shared and key in now:
            standing[key] = now[key]
            continue
        if key in then:
            standing[key] = then[key]
        if key in now and now[key] != then.get(key):
            set_aside[key] = now[key]
    return Undone(standing, set_aside)


def _broken(older: Question | None, newer: Question, answer: Answer) -> Reason | None:
    """Why the answer cannot be one to ``newer``."""
    if older and older.scope != newer.scope:
        return Reason.SCOPE
    if answer.status is not AnswerStatus.ANSWERED:
        return None
    if older and older.kind != newer.kind:
        return Reason.KIND
    if not is_valid_value(newer, answer.value):
        return Reason.OPTION_GONE if kind_of(newer.kind).has_options else Reason.KIND
    return None


def _to_read_again(older: Question, newer: Question, answer: Answer) -> tuple[Reason, ...]:
    reasons = []
    if older.text != newer.text or older.kind != newer.kind:
        reasons.append(Reason.TEXT)
    if (older.why, older.where) != (newer.why, newer.where):
        reasons.append(Reason.HELP)
    chosen = answer.value or ""
    if answer.status is AnswerStatus.ANSWERED and chosen in older.options and chosen in newer.options:
        if _words(older.options[chosen]) != _words(newer.options[chosen]):
            reasons.append(Reason.OPTION_WORDS)
        if _worth(older.options[chosen]) != _worth(newer.options[chosen]):
            reasons.append(Reason.WORTH)
    others = [
        {key: _words(option) for key, option in question.options.items() if key != chosen}
        for question in (older, newer)
    ]
    if others[0] != others[1]:
        reasons.append(Reason.CHOICES)
    return tuple(reasons)


def _words(option: Option) -> tuple[object, ...]:
    return option.label, option.definition


def _worth(option: Option) -> tuple[object, ...]:
    return option.level, option.regime, option.lapsed_to, option.adequacy_of


def _meaning(question: Question) -> tuple[object, ...]:
    options = {key: (_words(option), _worth(option)) for key, option in question.options.items()}
    return question.kind, question.scope, question.text, question.why, question.where, options
