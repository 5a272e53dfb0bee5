"""Facts of provider profiles, and what filling in from them would do, in the words of the active language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import is_valid_value
from checklists.core.kinds import kind_of
from checklists.core.profiles.facts import Bar, Mark, Use
from checklists.models import Answer, ProfileChange, ProfileFact, ProviderProfile
from checklists.services.day_format import date_format
from checklists.services.editions.publish_edition import load_edition
from checklists.services.profiles.fill_from_profile import FillOutcome, Proposal, is_old, use_on
from checklists.words.judging.presentation import value_text
from checklists.words.vocabulary import listed, pick

OUTCOMES = {
    FillOutcome.FILL: gettext_lazy("Not answered yet: would be filled in."),
    FillOutcome.OVERWRITE: gettext_lazy("Answered otherwise: kept unless you choose the fact."),
    FillOutcome.SAME: gettext_lazy("The same answer stands: nothing to do."),
    FillOutcome.NO_QUESTION: gettext_lazy("The edition of this assessment does not ask this question: skipped."),
    FillOutcome.NO_VALUE: gettext_lazy("The edition of this assessment does not know this answer: skipped."),
    FillOutcome.AGAINST_CHAIN: gettext_lazy("The control chain of the offer gives another answer: skipped."),
    FillOutcome.SHOWN: gettext_lazy("Shown only, fills in nothing."),
}
BARS = {
    Bar.NO_ANSWER: gettext_lazy("answers no question"),
    Bar.HEARSAY: gettext_lazy("second-hand: the press or a compilation says it"),
    Bar.CONTESTED: gettext_lazy("contested"),
    Bar.NOT_YET: gettext_lazy("not true yet"),
    Bar.ENDED: gettext_lazy("its validity has ended"),
    Bar.ADVERSE: gettext_lazy("speaks against the service without a source that may"),
}
"""Why a fact is only shown."""
MARKS = {
    Mark.UNDATED: gettext_lazy("page without a date"),
    Mark.CLAIM: gettext_lazy("the provider’s own statement"),
    Mark.INFERRED: gettext_lazy("inferred"),
    Mark.TO_REVIEW: gettext_lazy("to be checked again"),
}


LONGEST_NAMES = 600
"""Characters of the names of what a file changed."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source of a fact: ``dated`` is empty for a page without a date; ``says`` is false where it only bears on it."""

    title: str
    url: str
    dated: date | None
    kind: str
    note: str
    says: bool = True


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: the question, what is known of it, its sources and age. ``fault`` says why no edition can use it.

    ``bars`` say why it is only shown, ``marks`` what a reader should know of it; empty texts are not told.
    """

    key: str
    question: str
    answer: str
    text: str
    source_title: str
    source_url: str
    source_date: date | None
    source_kind: str
    source_note: str
    others: tuple[SourceLine, ...]
    checked_on: date
    valid_from: date | None
    valid_until: date | None
    is_old: bool
    fault: str
    contested: str
    inferred: str
    bars: tuple[str, ...]
    marks: tuple[str, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A fact against an offer; ``standing`` is the answer given already, in words, '' for none."""

    fact: FactLine
    outcome: str
    words: str
    standing: str
    revision: int
    can_be_chosen: bool
    is_chosen: bool


def fact_line(fact: ProfileFact, edition: Edition | None, today: date, use: Use | None = None) -> FactLine:
    """``edition`` is the one the fact is read in; ``None`` when nothing of its checklist is published.

    ``use`` is what it may do, on ``today`` unless it is given.
    """
    return question_line(fact, edition.questions.get(fact.question) if edition else None, today, use)


def question_line(fact: ProfileFact, question: Question | None, today: date, use: Use | None = None) -> FactLine:
    """A fact beside the question it answers; ``None`` when nothing published asks it."""
    is_table = question is not None and kind_of(question.kind).is_table
    known = question is not None and is_valid_value(question, fact.value)
    fault = ""
    if fact.value and question is None:
        fault = _("This edition of the checklist does not ask the question “%(key)s”.") % {"key": fact.question}
    elif fact.value and question and not known:
        fault = _("This edition of the checklist does not know this answer.")
    use = use or use_on(fact, question, today)
    return FactLine(
        key=fact.question,
        question=pick(question.text) if question else (pick(fact.topic) if fact.topic else fact.question),
        answer=_("The chain below") if is_table else _answer(question, fact.value, known=known),
        text=pick(fact.text) if fact.text else "",
        source_title=fact.source_title,
        source_url=fact.source_url,
        source_date=fact.source_date,
        source_kind=str(ProfileFact.SourceKind(fact.source_kind).label),
        source_note=pick(fact.source_note) if fact.source_note else "",
        others=tuple(map(source_line, fact.more_sources)),
        checked_on=fact.checked_on,
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
        is_old=is_old(fact.checked_on, today),
        fault=fault,
        contested=pick(fact.contested) if fact.contested else "",
        inferred=pick(fact.inferred) if fact.inferred else "",
        bars=tuple(str(BARS[bar]) for bar in use.bars if bar is not Bar.NO_ANSWER),
        marks=tuple(str(MARKS[mark]) for mark in use.marks),
    )


def _answer(question: Question | None, value: str, *, known: bool) -> str:
    if question and known and value:
        return value_text(question, value)
    return value


def source_line(source: Mapping[str, Any]) -> SourceLine:
    """A source of a profile's file, to be read."""
    return SourceLine(
        title=source["title"],
        url=source.get("url", ""),
        dated=date.fromisoformat(source["date"]) if source.get("date") else None,
        kind=str(ProfileFact.SourceKind(source["kind"]).label),
        note=pick(source["note"]) if source.get("note") else "",
        says=bool(source.get("says", True)),
    )


def fact_words(fact: ProfileFact, edition: Edition | None) -> str:
    """A fact in one line, for a list, read in ``edition``."""
    line = fact_line(fact, edition, timezone.localdate())
    words = f"{line.question} {line.answer} ({date_format(line.checked_on, 'SHORT_DATE_FORMAT')})"
    notes = [line.fault, _("checked more than twelve months ago") if line.is_old else ""]
    return " – ".join([words, *filter(None, notes)])


def facts_in_order(profile: ProviderProfile) -> list[tuple[ProfileFact, Edition | None]]:
    """Each fact with the newest edition of its checklist, in the order it asks; what it does not ask comes last."""
    facts = [(fact, edition_for(fact)) for fact in profile.facts.with_newest_edition()]

    def place(pair: tuple[ProfileFact, Edition | None]) -> tuple[str, int]:
        fact, edition = pair
        keys = list(edition.questions) if edition else []
        return fact.checklist, keys.index(fact.question) if fact.question in keys else len(keys)

    return sorted(facts, key=place)


def edition_for(fact: ProfileFact) -> Edition | None:
    """The newest edition of the checklist of a fact read ``with_newest_edition``. No query once it is cached."""
    sha256: str | None = fact.newest_edition  # type: ignore[attr-defined]
    return load_edition(sha256) if sha256 else None


def proposal_lines(
    proposals: Iterable[Proposal], today: date, chosen: frozenset[str] | None = None
) -> list[ProposalLine]:
    """What filling in would do. ``chosen`` are the questions ticked; at first those that have no answer."""
    return [
        ProposalLine(
            fact=question_line(proposal.fact, proposal.question, today, proposal.use),
            outcome=proposal.outcome.value,
            words=str(OUTCOMES[proposal.outcome]),
            standing=_standing(proposal),
            revision=proposal.revision,
            can_be_chosen=proposal.can_be_chosen,
            is_chosen=proposal.outcome is FillOutcome.FILL if chosen is None else proposal.fact.question in chosen,
        )
        for proposal in proposals
    ]


def _standing(proposal: Proposal) -> str:
    row, question = proposal.standing, proposal.question
    if row is None or question is None or row.status == Answer.Status.UNANSWERED:
        return ""
    return value_text(question, row.value) if row.value else str(Answer.Status(row.status).label)


def change_words(change: ProfileChange) -> str:
    """Who changed what, when, from what to what; for a file that was loaded, which parts it changed."""
    if change.loaded_from:
        return _load_words(change)
    before: dict[str, Any] = change.before or {}
    after: dict[str, Any] = change.after or {}
    model: type[Model] = ProfileFact if change.question else ProviderProfile
    told = [
        f"{model._meta.get_field(name).verbose_name} : {_from_to(before, after, name)}"  # type: ignore[union-attr]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]
    act = _("removed") if change.after is None else _("added") if change.before is None else _("changed")
    details = ", ".join(told) if change.after is not None else ""
    return " · ".join(part for part in (*_when_and_who(change), act, change.question, details) if part)


def _when_and_who(change: ProfileChange) -> tuple[str, str]:
    moment = date_format(timezone.localtime(change.at), "SHORT_DATETIME_FORMAT")
    return moment, str(change.by) if change.by else _("the system")


def _load_words(change: ProfileChange) -> str:
    parts: list[dict[str, Any]] = change.after or []
    told = _("loaded from %(file)s") % {"file": change.loaded_from}
    names = listed(part["key"] or part["part"] for part in parts) if change.before is not None else ""
    number = ngettext("%(n)d part", "%(n)d parts", len(parts)) % {"n": len(parts)}
    return " · ".join(part for part in (*_when_and_who(change), told, number, names[:LONGEST_NAMES]) if part)


def _from_to(before: dict[str, Any], after: dict[str, Any], name: str) -> str:
    if not before:
        return _shown(after.get(name))
    return f"{_shown(before.get(name))} → {_shown(after.get(name))}"


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
