"""A move to another edition in words: what becomes of each answer and why, what each offer's verdict becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.difference import compare
from checklists.core.editions.edition import Edition
from checklists.core.impact.causes import Aspect, Figures, gravest
from checklists.core.judging.answer import Answer, AnswerStatus
from checklists.core.judging.facts import is_valid_value
from checklists.core.moves.carrying import Carried, Reason
from checklists.words.editions.difference import PartLine, Speaker, part_line
from checklists.words.impact import CauseLine
from checklists.words.judging.presentation import Step, floor, step, value_text
from checklists.words.vocabulary import pick

REASONS: Mapping[Reason, Any] = {
    Reason.KIND: gettext_lazy("The question takes another kind of answer."),
    Reason.SCOPE: gettext_lazy("It is now about the processing, no longer about each offer; or the other way round."),
    Reason.OPTION_GONE: gettext_lazy("The answer given is not one of the possible answers any more."),
    Reason.APPEARED: gettext_lazy("The older edition does not ask this question: it was answered elsewhere."),
    Reason.TEXT: gettext_lazy("The question is worded otherwise."),
    Reason.HELP: gettext_lazy("What explains the question has changed."),
    Reason.OPTION_WORDS: gettext_lazy("The answer given is worded otherwise."),
    Reason.WORTH: gettext_lazy("The answer given does not count as it did."),
    Reason.DERIVED: gettext_lazy("Another answer follows from the others: to keep this one, give a reason."),
    Reason.MERGED: gettext_lazy("Another question covers it now."),
    Reason.DROPPED: gettext_lazy("The newer edition does not ask it."),
    Reason.CHOICES: gettext_lazy("Other possible answers came, went or are worded otherwise: one may fit better."),
}  # fmt: skip


@dataclass(frozen=True)
class BandLine:
    """How an offer stands: the verdict established, the worst still possible, the score, the least verdict required."""

    established: Step
    worst: Step
    score: str
    required: Step

    @property
    def is_settled(self) -> bool:
        return self.established.key == self.worst.key


@dataclass(frozen=True)
class OutlookLine:
    """One offer before and after. ``moved`` is what moves, '' when nothing does."""

    offer: Any
    before: BandLine
    after: BandLine
    moved: str
    alone: tuple[CauseLine, ...] = ()
    together: tuple[CauseLine, ...] = ()


@dataclass(frozen=True)
class AnswerFateLine:
    """One answer: its question, what was said, why it is not simply carried, and what changed in the question.

    ``offer`` is ``None`` for one about the workload; ``url`` is where it is answered, '' when it is not asked any more.
    """

    pk: int
    question: str
    offer: Any
    answer: str
    comment: str
    reasons: tuple[str | Promise, ...]
    change: PartLine | None
    url: str
    is_settled: bool = False


def band_line(standing: Figures) -> BandLine:
    low, high = floor(standing.low), floor(standing.high)
    score = str(low) if low == high else f"{low}–{high}"
    return BandLine(step(standing.established), step(standing.worst), score, step(standing.required))


def moved_word(before: Figures, after: Figures) -> str:
    aspect: Aspect | None = gravest(before, after)
    return aspect.value if aspect else ""


def question_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, PartLine]:
    """What changed in each question that is in both documents, by its key."""
    old, new = Speaker(before), Speaker(after)
    changes = compare({"questions": before["questions"]}, {"questions": after["questions"]})
    in_both = (change for change in changes if change.before is not None and change.after is not None)
    return {change.key: part_line(change, old, new) for change in in_both if change.fields or change.inner}


def question_text(asked: tuple[Edition, Edition], key: str) -> str:
    """The question as the newer edition words it, or the older."""
    older, newer = (edition.questions.get(key) for edition in asked)
    question = newer or older
    return pick(question.text) if question else key


def said_text(asked: tuple[Edition, Edition], key: str, answer: Answer) -> str:
    """What was answered, in the words of the edition it was given under."""
    if answer.status is AnswerStatus.UNKNOWN:
        return _("I don’t know")
    if answer.status is AnswerStatus.NOT_APPLICABLE:
        return _("Not applicable")
    value = answer.value or ""
    for edition in asked:
        question = edition.questions.get(key)
        if question and is_valid_value(question, value):
            return value_text(question, value)
    return value


def reasons(asked: tuple[Edition, Edition], carried: Carried) -> tuple[str | Promise, ...]:
    """Why the answer is not simply carried; where another question covers it, that question and why."""
    former = carried.former
    if former is None:
        return tuple(REASONS[reason] for reason in carried.reasons)
    if former.into is None:
        return REASONS[Reason.DROPPED], pick(former.text)
    covered = _("“%(question)s” covers it now.") % {"question": question_text(asked, former.into)}
    return covered, pick(former.text)
