"""Everything the report says of one offer, gathered and worded before any page is drawn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklists.core.conditions import keys
from checklists.core.edition import Edition
from checklists.core.judgement import Judgement
from checklists.models import Answer, Offer
from checklists.reports import charts
from checklists.reports.citations import Citation, Cited, HarmSection, Register, harm_sections, question_numbers
from checklists.reports.presentation import AnswerLine, Presentation, Step, answer_lines, present
from checklists.reports.words import pick

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class EditionLine:
    """The edition the report rests on."""

    key: str
    title: str
    number: int
    published: date
    sha256: str

    @property
    def short_sha256(self) -> str:
        return self.sha256[:12]


@dataclass(frozen=True)
class Drawing:
    """A chart and the words that stand for it."""

    src: str
    alt: str


@dataclass(frozen=True)
class Reason:
    """Why the verdict is capped: a gate that holds, or the score."""

    title: str
    text: str
    ceiling: Step


@dataclass(frozen=True)
class NumberedAnswer:
    number: str
    line: AnswerLine


@dataclass(frozen=True)
class AnswerChapter:
    """One concern of the annex."""

    number: int
    title: str
    answers: tuple[NumberedAnswer, ...]


@dataclass(frozen=True)
class NotAsked:
    """A question left out, and the numbers of those whose answers left it out."""

    number: str
    text: str
    because: str


@dataclass(frozen=True)
class Requirement:
    text: str
    citations: tuple[Citation, ...]
    least: Step
    holds: bool


@dataclass(frozen=True)
class ReportContext:
    """One report, in one language. Texts that users wrote are plain text: the templates escape them."""

    language: str
    assessment: str
    description: str
    organisation: str
    offer: str
    provider: str
    is_current: bool
    is_example: bool
    reference_date: date
    produced_at: datetime
    running_title: str
    edition: EditionLine
    presentation: Presentation
    scale: Drawing
    bands: Drawing
    reasons: tuple[Reason, ...]
    deadlines: tuple[AnswerLine, ...]
    requirements: tuple[Requirement, ...]
    sections: tuple[HarmSection, ...]
    lapsed: tuple[Cited, ...]
    doubts: tuple[Cited, ...]
    strengths: tuple[Cited, ...]
    sources: tuple[Citation, ...]
    answers: tuple[AnswerChapter, ...]
    not_asked: tuple[NotAsked, ...]
    glossary: tuple[tuple[str, str], ...]


def report_context(
    offer: Offer,
    rows: Mapping[str, Answer],
    edition: Edition,
    judgement: Judgement,
    produced_at: datetime,
    language: str = "",
) -> ReportContext:
    """The report of ``offer`` in ``language`` (the active one by default).

    ``rows`` are the answers behind ``judgement``, by question; ``produced_at`` is an aware moment, shown on the cover.
    """
    language = language or get_language() or "en"
    with translation.override(language):
        return _gather(offer, rows, edition, judgement, produced_at, language)


def _gather(
    offer: Offer,
    rows: Mapping[str, Answer],
    edition: Edition,
    judgement: Judgement,
    produced_at: datetime,
    language: str,
) -> ReportContext:
    assessment = offer.assessment
    presentation = present(edition, judgement)
    numbers = question_numbers(edition)
    register = Register(numbers)
    requirements = tuple(
        Requirement(text, register.cite(sources), least, holds)
        for text, sources, least, holds in presentation.requirements
    )
    sections = harm_sections(presentation, register)
    lapsed, strengths = register.tell(presentation.lapsed), register.tell(presentation.strengths)
    doubts = register.tell(replace(line, sources=()) for line in presentation.doubts)
    asked = answer_lines(edition, judgement, rows, asked=True)
    return ReportContext(
        language=language,
        assessment=plain(assessment.name),
        description=plain(assessment.description),
        organisation=plain(assessment.organisation.name),
        offer=plain(offer.name),
        provider=plain(offer.provider),
        is_current=offer.is_current,
        is_example=assessment.is_example,
        reference_date=judgement.reference_date,
        produced_at=produced_at,
        running_title=" · ".join((_short(assessment.name, 48), _short(offer.name, 32))),
        edition=EditionLine(edition.key, pick(edition.title), edition.number, edition.published, edition.sha256),
        presentation=presentation,
        scale=_scale(presentation),
        bands=_bands(presentation),
        reasons=_reasons(presentation),
        deadlines=_deadlines(edition, asked),
        requirements=requirements,
        sections=sections,
        lapsed=lapsed,
        doubts=doubts,
        strengths=strengths,
        sources=tuple(register.citations.values()),
        answers=tuple(
            AnswerChapter(line.number, line.title, tuple(_numbered(numbers, one) for one in asked[line.key]))
            for line in presentation.concerns
            if line.key in asked
        ),
        not_asked=_not_asked(edition, judgement, rows, numbers),
        glossary=tuple(
            sorted(((pick(term), pick(meaning)) for term, meaning in edition.glossary.values()), key=_alphabetical)
        ),
    )


def plain(text: str) -> str:
    """``text`` without the characters that no font shows and no PDF metadata admits (controls, lone surrogates)."""
    return _UNPRINTABLE.sub("", text)


def _short(text: str, limit: int) -> str:
    text = " ".join(plain(text).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _alphabetical(entry: tuple[str, str]) -> str:
    """é sorts as e."""
    return "".join(c for c in unicodedata.normalize("NFD", entry[0]) if not unicodedata.combining(c)).casefold()


def _numbered(numbers: Mapping[str, str], line: AnswerLine) -> NumberedAnswer:
    clean = replace(line, comment=plain(line.comment), justification=plain(line.justification))
    return NumberedAnswer(numbers[line.key], clean)


def _not_asked(
    edition: Edition, judgement: Judgement, rows: Mapping[str, Answer], numbers: Mapping[str, str]
) -> tuple[NotAsked, ...]:
    silent = answer_lines(edition, judgement, rows, asked=False)
    lines = []
    for line in (one for key in edition.concerns for one in silent.get(key, ())):
        condition = edition.questions[line.key].applies
        because = [numbers[key] for key in edition.questions if condition and key in keys(condition)]
        lines.append(NotAsked(numbers[line.key], line.text, ", ".join(because)))
    return tuple(lines)


def _deadlines(edition: Edition, asked: Mapping[str, list[AnswerLine]]) -> tuple[AnswerLine, ...]:
    """The dates the checklist measures time to (the end of a transition): what a director must be told at once."""
    ends = {duration.to for duration in edition.durations}
    lines = [line for chapter in asked.values() for line in chapter if line.key in ends]
    return tuple(
        line if line.state == "answered" else replace(line, answer=_("No date is established")) for line in lines
    )


def _reasons(presentation: Presentation) -> tuple[Reason, ...]:
    """Up to three: the gates, gravest first, and the score when it caps the verdict as low as they do."""
    reasons = [Reason(line.title, line.finding, line.ceiling) for line in presentation.gates if line.ceiling]
    cap = presentation.score_cap
    if cap and cap.key == presentation.headline.key:
        text = _("At best it reaches %(high)d out of 100, under the threshold of %(below)d.") % {
            "high": presentation.high,
            "below": presentation.score_cap_below or 0,
        }
        reasons[2:] = [Reason(_("The score is too low"), text, cap)]
    return tuple(reasons[:3])


def _scale(presentation: Presentation) -> Drawing:
    captions = {
        "worst": _("at worst"),
        "best": _("at best"),
        "both": _("verdict"),
        "between": _("possible"),
    }
    steps = tuple(
        charts.ScaleStep(
            step.key,
            str(step.label),
            tuple(filter(None, (captions.get(step.reach, ""), _("least required") if step.is_required else ""))),
            bool(step.reach),
            step.is_required,
        )
        for step in presentation.scale
    )
    described = "; ".join(": ".join(filter(None, (step.label, ", ".join(step.notes)))) for step in steps)
    return Drawing(charts.data_uri(charts.scale(steps)), _("The five verdicts, worst first: %s.") % described)


def _bands(presentation: Presentation) -> Drawing:
    rows = [charts.BandRow(_("Total"), presentation.low, presentation.high, "", is_total=True)]
    rows += [
        charts.BandRow(f"{line.number}. {line.title}", line.low, line.high, "", line.is_weighed)
        for line in presentation.concerns
    ]
    rows = [replace(row, figure=_figure(row)) for row in rows]
    described = "; ".join(f"{row.label}: {row.figure}" for row in rows)
    return Drawing(charts.data_uri(charts.bands(rows)), _("Scores out of 100, low end to high end. %s.") % described)


def _figure(row: charts.BandRow) -> str:
    if not row.is_weighed:
        return _("not counted")
    return str(row.low) if row.low == row.high else f"{row.low}–{row.high}"
