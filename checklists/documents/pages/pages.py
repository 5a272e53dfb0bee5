"""What the templates of a report are given, the same for PDF, HTML and DOCX."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from checklists.documents.pages.annex import annex_part
from checklists.documents.pages.chapters import chapters_of
from checklists.documents.pages.comparison import present_comparison
from checklists.documents.pages.letter import points
from checklists.services.actions.read_actions import propose
from checklists.words.actions import ActionPlan, present_actions
from checklists.words.changing.smallest import effort_scale
from checklists.words.contents import ReportInput
from checklists.words.evidence import register
from checklists.words.frameworks import tell_once
from checklists.words.judging.bars import concern_chart, watermark
from checklists.words.judging.decision import Decision
from checklists.words.judging.presentation import (
    AnswerLine,
    ConcernLine,
    Presentation,
    SourceLine,
    lines_of,
    source_lines,
)
from checklists.words.offer import OfferReading
from checklists.words.review import present_review
from checklists.words.transition.plan import present_plan
from checklists.words.vocabulary import pick

SVG_PREFIX = "data:image/svg+xml;base64,"
DENSE = 1_600
"""Letters of page one above which it is set smaller; the worked example has about 1 150."""
PNG_PREFIX = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A question that was not asked; ``because`` holds the questions that decided it, with their answers."""

    text: str
    because: tuple[tuple[str, str], ...]


def page_context(report: ReportInput, language: str) -> dict[str, Any]:
    """Everything a report says, in the active language, which ``language`` names."""
    edition, judgement, mark = report.edition, report.judgement, report.mark
    reading = reading_of(report)
    verdict, asked, silent = reading.verdict, reading.asked, reading.not_asked
    by_key = {line.key: line for lines in (*asked.values(), *silent.values()) for line in lines}
    asked_by_key = {line.key: line for lines in asked.values() for line in lines}
    logo = report.subject.organisation.logo
    proposed = propose(edition, judgement, reading.core_answers)
    to_do = present_actions(edition, judgement, report.answers, proposed, report.actions)
    acted = {line.question for group in to_do.groups for line in group.lines}
    context: dict[str, Any] = reading.told() | {
        "report": report,
        "form": report.form.value,
        "language": language,
        "subject": report.subject,
        "mark": mark,
        "logo": PNG_PREFIX + base64.b64encode(logo).decode() if logo else "",
        "qr": _svg(mark.qr) if mark and mark.qr else "",
        "watermark": "" if mark else _svg(watermark(_("DRAFT"))),
        "watermark_turned": "" if mark else _svg(watermark(_("DRAFT"), is_turned=True)),
        "decision": reading.decision,
        "to_do": to_do,
        "is_dense": _letters(report, reading.decision, to_do) > DENSE,
        "edition_title": pick(edition.title),
        "deadline": reading.deadline,
        "effort_scale": effort_scale(),
        "impossible": any(group.kind == "impossible" and group.count for group in to_do.groups),
        "stuck": next((line for line in reading.changes if line.is_proved and not line.plan), None),
        "lost": [line for line in verdict.shortfalls if line.key not in acted],
        "told_advice": {line.advice for line in (*verdict.gates, *verdict.shortfalls)},
        "chart": _svg(concern_chart(verdict.concerns)),
        "chart_says": " ".join(_bar_says(concern) for concern in verdict.concerns),
        "comparison": present_comparison(edition, report.beside) if report.beside else None,
        "plan": report.plan,
        "plan_view": present_plan(report.plan, report.produced_at.date()) if report.plan else None,
        "annex": [annex_part(line.title, asked[line.key]) for line in verdict.concerns if line.key in asked],
        "evidence": register(
            report.lenses.asked if report.lenses else edition, report.evidence, judgement.reference_date
        ),
        "not_asked": [_not_asked(report, line, by_key) for lines in silent.values() for line in lines],
        "glossary": [(pick(term), pick(text)) for term, text in edition.glossary.values()],
        "cited": _cited(report, verdict),
        "points": list(points(edition, asked_by_key)),
    }
    context |= {name: _svg(drawing) if drawing else "" for name, drawing in reading.drawings.items()}
    context |= _lenses(report, reading)
    asked_by_all = report.lenses.asked if report.lenses else edition
    context["review"] = present_review(report.review, asked_by_all) if report.review else None
    context["chapters"] = list(chapters_of(context))
    return context


def reading_of(report: ReportInput) -> OfferReading:
    """What is told of the offer a report is about."""
    return OfferReading(report.edition, report.answers, report.judgement, report.produced_at.date(), report.lenses)


def _letters(report: ReportInput, decision: Decision, to_do: ActionPlan) -> int:
    """How much page one has to hold, in letters."""
    subject = report.subject
    names = (subject.assessment, subject.offer, subject.provider)
    head = (subject.organisation.name, subject.organisation.address)
    advice = [text for line in to_do.first for text in (line.what, line.effect)]
    reasons = [text for reason in decision.reasons for text in (reason.rule, reason.finding)]
    return sum(len(text) for text in (*names, *head, decision.sentence, *reasons, *advice))


def _lenses(report: ReportInput, reading: OfferReading) -> dict[str, Any]:
    """The chosen frameworks' readings, and what was answered to the questions that only they ask."""
    if report.lenses is None:
        return {"lenses": [], "supplement": []}
    asked, established, day = report.lenses.asked, report.lenses.established, report.subject.reference_date
    lines = lines_of(asked, established.states, day, report.answers, asked=True)
    own = [line for key, of_concern in lines.items() if key not in report.edition.concerns for line in of_concern]
    answered = [line for line in own if line.state in ("answered", "not_applicable") or line.comment]
    return {"lenses": tell_once(reading.lens_views), "supplement": annex_part("", answered)}


def _svg(text: str) -> str:
    return SVG_PREFIX + base64.b64encode(text.encode()).decode()


def _bar_says(concern: ConcernLine) -> str:
    values = {"concern": concern.title, "low": concern.low, "high": concern.high}
    if concern.low == concern.high:
        return _("%(concern)s: %(low)d out of 100.") % values
    return _("%(concern)s: %(low)d out of 100, up to %(high)d.") % values


def _not_asked(report: ReportInput, line: AnswerLine, by_key: dict[str, AnswerLine]) -> NotAsked:
    deciding = sorted(report.edition.conditions_of[line.key])
    return NotAsked(line.text, tuple((by_key[key].text, by_key[key].answer) for key in deciding))


def _cited(report: ReportInput, verdict: Presentation) -> tuple[SourceLine, ...]:
    """The sources the report refers to, by number, each once."""
    numbers = {source.number for source in _references(verdict)}
    return tuple(source for source in source_lines(report.edition, report.edition.sources) if source.number in numbers)


def _references(verdict: Presentation) -> Iterator[SourceLine]:
    findings: Iterable[Any] = (*verdict.gates, *verdict.open_gates, *verdict.lapsed, *verdict.shortfalls)
    for line in findings:
        yield from line.sources
    for _text, sources, _step, _holds in verdict.requirements:
        yield from sources
