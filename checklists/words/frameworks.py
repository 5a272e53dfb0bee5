"""A framework's reading in the active language and in the framework's own words, ready for a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from checklists.core.editions.edition import Edition
from checklists.core.frameworks.framework import Framework
from checklists.core.frameworks.lens import (
    CriterionResult,
    LensOutcome,
    LensResult,
    ObjectiveResult,
    RuleResult,
    SealBand,
)
from checklists.core.judging.facts import LAW_PREFIX, Established
from checklists.core.judging.scores import Band
from checklists.services.day_format import date_format
from checklists.words.contents import Given
from checklists.words.judging.clauses import fact_words
from checklists.words.judging.presentation import SourceLine, counted_text, floor, source_lines
from checklists.words.vocabulary import pick

TONES = {
    LensOutcome.MET: "good",
    LensOutcome.NOT_MET: "bad",
    LensOutcome.NOT_ESTABLISHED: "open",
    LensOutcome.NOT_CONCERNED: "none",
}
Link = Callable[[str], str]
"""From a question's key to the address of its card, or ''."""


@dataclass(frozen=True)
class SaidLine:
    """A fact an outcome rests on, or one that is missing (``answer`` then says how)."""

    text: str
    answer: str
    url: str


@dataclass(frozen=True)
class CriterionLine:
    """``state`` is 'counted', 'missing' or 'left_out'."""

    text: str
    said: SaidLine
    points: str
    seal: str
    state: str


@dataclass(frozen=True)
class LensRow:
    """One letter, use case or objective. ``tone`` is 'good', 'bad', 'open' or 'none'."""

    key: str
    ref: str
    title: str
    text: str
    outcome: str
    tone: str
    because: tuple[SaidLine, ...]
    missing: tuple[SaidLine, ...]
    advice: str
    sources: tuple[SourceLine, ...]
    weight: int | None = None
    points: str = ""
    seal: str = ""
    minimum: int | None = None
    criteria: tuple[CriterionLine, ...] = ()


@dataclass(frozen=True)
class LensView:
    """One framework's result.

    ``because`` says why it bears on the offer, or does not; ``figures`` are labelled figures, for objectives only.
    ``as_in`` names the framework before it that rests on the same criteria and answers, '' for none.
    """

    key: str
    number: int
    family: str
    title: str
    summary: str
    caveat: str
    retrospective: str
    conclusion: str
    tone: str
    because: tuple[SaidLine, ...]
    figures: tuple[tuple[str, str], ...]
    score_note: str
    rows: tuple[LensRow, ...]
    tally: str
    missing: int
    seals: tuple[tuple[int, str, str], ...]
    as_in: str = ""

    @property
    def has_minimums(self) -> bool:
        """Whether the buyer requires a level of any objective."""
        return any(row.minimum is not None for row in self.rows)


def present_lens(
    result: LensResult,
    asked: Edition,
    established: Established,
    given: Mapping[str, Given],
    reference_date: date,
    link: Link = lambda key: "",
) -> LensView:
    """``asked`` and ``established`` are those the reading rests on; ``given`` the answers as they were said."""
    framework = result.framework
    words = _Words(framework, asked, established, given, reference_date, link)
    objectives = (_objective_row(words, objective) for objective in result.objectives)
    rows = tuple(_rule_row(words, rule) for rule in result.rules) or tuple(objectives)
    return LensView(
        key=framework.key,
        number=framework.number,
        family=framework.family.value,
        title=pick(framework.title),
        summary=pick(framework.summary),
        caveat=pick(framework.caveat),
        retrospective=_retrospective(framework, reference_date),
        conclusion=pick(framework.conclusions[result.conclusion]),
        tone=TONES[result.conclusion],
        because=words.all_said(result.grounds.because),
        figures=tuple(_figures(result)),
        score_note=pick(framework.score_note),
        rows=rows,
        tally=_tally(rows),
        missing=len(result.missing),
        seals=tuple((level, pick(label), pick(meaning)) for level, (label, meaning) in enumerate(framework.seals)),
    )


def tell_once(lenses: Iterable[LensView]) -> list[LensView]:
    """Mark a framework that rests on the very criteria and answers of one before it, with other weights."""
    told: dict[tuple[tuple[CriterionLine, ...], ...], str] = {}
    marked = []
    for lens in lenses:
        criteria = tuple(row.criteria for row in lens.rows)
        marked.append(replace(lens, as_in=told.get(criteria, "")) if any(criteria) else lens)
        told.setdefault(criteria, lens.title)
    return marked


@dataclass(frozen=True)
class _Words:
    """What it takes to name a fact."""

    framework: Framework
    asked: Edition
    established: Established
    given: Mapping[str, Given]
    day: date
    link: Link

    def said(self, key: str) -> SaidLine:
        question = self.asked.questions.get(key)
        if question:
            given = self.given.get(key)
            state = self.established.states[key]
            return SaidLine(
                pick(question.text), counted_text(self.asked, self.day, question, state, given), self.link(key)
            )
        fact = self.established.facts.get(key)
        answer = fact_words(fact.value) if fact and fact.value is not None else _("Not established")
        derived = self.framework.derived.get(key)
        if derived:
            return SaidLine(pick(derived.text), answer, self.link(derived.question or ""))
        law = self.asked.laws.get(key.removeprefix(LAW_PREFIX))
        return SaidLine(pick(law.title) if law else key, answer, "")

    def all_said(self, keys: Iterable[str]) -> tuple[SaidLine, ...]:
        """In the order the questions are asked, derived facts last."""
        order = {key: place for place, key in enumerate(self.asked.questions)}
        return tuple(self.said(key) for key in sorted(keys, key=lambda key: (order.get(key, len(order)), key)))


def _rule_row(words: _Words, result: RuleResult) -> LensRow:
    rule = result.rule
    needs_advice = result.outcome in (LensOutcome.NOT_MET, LensOutcome.NOT_ESTABLISHED)
    return LensRow(
        key=rule.key,
        ref=rule.ref,
        title=pick(rule.title),
        text=" ".join(filter(None, (pick(rule.text), pick(rule.outside)))),
        outcome=pick(words.framework.outcomes[result.outcome]),
        tone=TONES[result.outcome],
        because=words.all_said(result.grounds.because),
        missing=words.all_said(result.grounds.missing),
        advice=pick(rule.advice) if needs_advice else "",
        sources=source_lines(words.framework, rule.sources),
    )


def _objective_row(words: _Words, result: ObjectiveResult) -> LensRow:
    objective = result.objective
    if result.minimum is None:
        outcome = LensOutcome.NOT_CONCERNED
    else:
        outcome = LensOutcome.NOT_ESTABLISHED if result.reached is None else _decided(result.reached)
    return LensRow(
        key=objective.key,
        ref=objective.ref,
        title=pick(objective.title),
        text=pick(objective.summary),
        outcome=pick(words.framework.outcomes[outcome]),
        tone=TONES[outcome],
        because=(),
        missing=words.all_said(result.missing),
        advice="",
        sources=source_lines(words.framework, objective.weight_sources),
        weight=objective.weight,
        points=_points(result, words.framework.scale),
        seal=seal_range(result.seal),
        minimum=result.minimum,
        criteria=tuple(_criterion_line(words, criterion) for criterion in result.criteria),
    )


def _decided(truth: bool) -> LensOutcome:
    return LensOutcome.MET if truth else LensOutcome.NOT_MET


def _criterion_line(words: _Words, result: CriterionResult) -> CriterionLine:
    said = words.said(result.criterion.question)
    if result.points is None:
        return CriterionLine(pick(result.criterion.text), said, _("left out"), "–", "left_out")
    points = f"{_range(result.points)} / {result.criterion.most}"
    state = "missing" if result.is_missing else "counted"
    return CriterionLine(pick(result.criterion.text), said, points, seal_range(result.seal), state)


def _range(band: Band) -> str:
    low, high = floor(band.low), floor(band.high)
    return str(low) if low == high else f"{low}–{high}"


def _points(result: ObjectiveResult, scale: int | None) -> str:
    if result.ratio is None:
        return _("left out")
    if scale is None:
        return f"{_range(result.points)} / {result.most}"
    return f"{_range(Band(result.ratio.low * scale, result.ratio.high * scale))} / {scale}"


def seal_range(seal: SealBand | None) -> str:
    """The level in figures: '2', or '0–3' while answers are missing."""
    if seal is None:
        return "–"
    return str(seal.low) if seal.is_settled else f"{seal.low}–{seal.high}"


def _figures(result: LensResult) -> Iterator[tuple[str, str]]:
    if result.seal:
        yield _("Overall SEAL"), seal_range(result.seal)
    if result.score:
        yield _("Score"), f"{_range(result.score)} / 100"


def _tally(rows: Iterable[LensRow]) -> str:
    """How many of each outcome, in the framework's words: '1 Met · 2 Not met'."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return " · ".join(_("%(label)s: %(figure)s") % {"label": label, "figure": count} for label, count in counts.items())


def _retrospective(framework: Framework, reference_date: date) -> str:
    """A framework younger than the reference date is read all the same, and said to be."""
    if reference_date >= framework.since:
        return ""
    return _("This text applies from %(since)s, after the reference date: it is read here in hindsight.") % {
        "since": date_format(framework.since, "DATE_FORMAT")
    }
