"""The law in words: which law was used, what a later one would change, what a hypothesis would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from checklists.core.changing.hypotheses import StressOutcome, stress
from checklists.core.editions.conditions import keys
from checklists.core.editions.edition import Edition, Law
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import LAW_PREFIX
from checklists.core.judging.judgement import Judgement
from checklists.core.judging.later_law import LawChange, LawOutcome, later_changes
from checklists.services.day_format import date_format
from checklists.words.judging.presentation import SourceLine, Step, source_lines, step
from checklists.words.sources import to_check
from checklists.words.vocabulary import pick


@dataclass(frozen=True)
class LawLine:
    """A law in force on the reference date; ``is_used`` when an answer or a gate that holds rests on it."""

    title: str
    validity: str
    note: str
    to_check: str
    is_used: bool


@dataclass(frozen=True)
class ChangeLine:
    """A day on which the law alone changed the outcome, and from what to what."""

    day: str
    causes: tuple[str, ...]
    before: Step
    after: Step
    says: str


@dataclass(frozen=True)
class HypothesisLine:
    """One stress test. ``closes`` and ``lifts`` name gates; both empty and ``says`` '' when nothing would change."""

    title: str
    text: str
    before: Step
    after: Step
    says: str
    closes: tuple[str, ...]
    opens: tuple[str, ...]
    lifts: tuple[str, ...]
    changes_anything: bool
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class LawChapter:
    used: tuple[LawLine, ...]
    others: tuple[LawLine, ...]
    others_named: tuple[str, ...]
    later: tuple[ChangeLine, ...]
    hypotheses: tuple[HypothesisLine, ...]

    @property
    def idle(self) -> tuple[str, ...]:
        """The hypotheses under which nothing would differ, by their titles."""
        return tuple(line.title for line in self.hypotheses if not line.changes_anything)


def present_law(edition: Edition, answers: Mapping[str, Answer], judgement: Judgement, today: date) -> LawChapter:
    """What the law of the reference date did, what came after it until ``today``, and the stress tests."""
    day = judgement.reference_date
    used = _used(edition, judgement)
    lines = [_law_line(law, law.key in used) for law in edition.laws.values() if law.is_in_force(day)]
    return LawChapter(
        used=tuple(line for line in lines if line.is_used),
        others=tuple(line for line in lines if not line.is_used),
        others_named=named_together(line.title for line in lines if not line.is_used),
        later=tuple(_change_line(edition, change) for change in later_changes(edition, answers, day, today)),
        hypotheses=tuple(_hypothesis_lines(edition, stress(edition, answers, day))),
    )


def named_together(titles: Iterable[str]) -> tuple[str, ...]:
    """Titles that begin alike up to a colon, such as the adequacy decisions, under that beginning once."""
    groups: dict[str, list[str]] = {}
    for title in titles:
        beginning, colon, rest = title.partition(": ")
        groups.setdefault(beginning + colon if rest else title, []).append(rest)
    return tuple(f"{beginning} {', '.join(rests)}" if any(rests) else beginning for beginning, rests in groups.items())


def _used(edition: Edition, judgement: Judgement) -> set[str]:
    used = {state.relied_on for state in judgement.states.values() if state.relied_on and state.asked}
    for ceiling in judgement.ceilings:
        if ceiling.gate and ceiling.holds is True:
            read = keys(edition.gates[ceiling.gate].when)
            used |= {key.removeprefix(LAW_PREFIX) for key in read if key.startswith(LAW_PREFIX)}
    return used


def _law_line(law: Law, is_used: bool) -> LawLine:
    period = validity(law.period.start, law.period.until)
    return LawLine(pick(law.title), period, pick(law.note), to_check(law.verify, law.tried), is_used)


def validity(start: date | None, until: date | None) -> str:
    """From when to when, in words."""
    start_text = date_format(start, "DATE_FORMAT") if start else ""
    until_text = date_format(until, "DATE_FORMAT") if until else ""
    if start and until:
        return _("from %(start)s until %(until)s") % {"start": start_text, "until": until_text}
    if start:
        return _("since %(start)s") % {"start": start_text}
    return _("until %(until)s") % {"until": until_text} if until else ""


def _change_line(edition: Edition, change: LawChange) -> ChangeLine:
    causes = [pick(edition.laws[key].title) for key in change.laws]
    causes += [pick(edition.gates[key].title) for key in change.gates]
    rules = {rule.key: rule for rule in edition.requirements}
    causes += [pick(rules[key].text) for key in change.requirements]
    return ChangeLine(
        day=date_format(change.day, "DATE_FORMAT"),
        causes=tuple(causes),
        before=step(change.before.established),
        after=step(change.after.established),
        says=_moved(change.before, change.after),
    )


def _moved(before: LawOutcome, after: LawOutcome) -> str:
    """What differs between two standings: the verdict, its worst end, or what is required."""
    parts = []
    if before.established is not after.established:
        values = {"before": step(before.established).label, "after": step(after.established).label}
        parts.append(_("the verdict goes from “%(before)s” to “%(after)s”") % values)
    if before.verdict.worst is not after.verdict.worst:
        values = {"before": step(before.verdict.worst).label, "after": step(after.verdict.worst).label}
        parts.append(_("its worst end from “%(before)s” to “%(after)s”") % values)
    if before.verdict.best is not after.verdict.best:
        values = {"before": step(before.verdict.best).label, "after": step(after.verdict.best).label}
        parts.append(_("its best end from “%(before)s” to “%(after)s”") % values)
    if before.required.worst is not after.required.worst:
        values = {"before": step(before.required.worst).label, "after": step(after.required.worst).label}
        parts.append(_("the minimum required from “%(before)s” to “%(after)s”") % values)
    elif before.required.best is not after.required.best:
        values = {"before": step(before.required.best).label, "after": step(after.required.best).label}
        parts.append(_("what may be required from “%(before)s” to “%(after)s”") % values)
    return ", ".join(parts)


def _hypothesis_lines(edition: Edition, outcomes: Sequence[StressOutcome]) -> Iterator[HypothesisLine]:
    hypotheses = {item.key: item for item in edition.hypotheses}
    for outcome in outcomes:
        hypothesis = hypotheses[outcome.hypothesis]
        closes, opens, lifts = (
            tuple(pick(edition.gates[key].title) for key in gates)
            for gates in (outcome.closes, outcome.opens, outcome.lifts)
        )
        yield HypothesisLine(
            title=pick(hypothesis.title),
            text=pick(hypothesis.text),
            before=step(outcome.before.established),
            after=step(outcome.after.established),
            says=_moved(outcome.before, outcome.after),
            closes=closes,
            opens=opens,
            lifts=lifts,
            changes_anything=outcome.changes_anything,
            sources=source_lines(edition, hypothesis.sources),
        )
