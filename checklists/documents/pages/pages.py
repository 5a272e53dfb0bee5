"""What the templates of a report are given, the same for PDF, HTML and DOCX."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checklists.core.changing.what_if import WhatIf
from checklists.documents.pages.annex import annex_part
from checklists.documents.pages.chapters import chapters_of
from checklists.documents.pages.comparison import present_comparison
from checklists.documents.pages.letter import points
from checklists.services.changing import find_changes
from checklists.words.changing.sensitivity import present_sensitivity
from checklists.words.changing.smallest import effort_scale, present_changes
from checklists.words.contents import ReportInput, core_answers
from checklists.words.evidence import register
from checklists.words.frameworks import present_lens, tell_once
from checklists.words.judging.bars import concern_chart, watermark
from checklists.words.judging.law import present_law
from checklists.words.judging.presentation import (
    AnswerLine,
    ConcernLine,
    Presentation,
    SourceLine,
    answer_lines,
    departures,
    lines_of,
    present,
    source_lines,
)
from checklists.words.kinds import faces_with_a_part
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
    verdict = present(edition, judgement)
    asked = answer_lines(edition, judgement, report.answers, asked=True)
    silent = answer_lines(edition, judgement, report.answers, asked=False)
    by_key = {line.key: line for lines in (*asked.values(), *silent.values()) for line in lines}
    asked_by_key = {line.key: line for lines in asked.values() for line in lines}
    logo = report.subject.organisation.logo
    what_if = WhatIf(edition, core_answers(report.answers), judgement.reference_date)
    prospects = find_changes(edition, what_if.answers, judgement.reference_date)
    values = {key: given.value for key, given in report.answers.items()}
    context: dict[str, Any] = {
        "report": report,
        "form": report.form.value,
        "language": language,
        "subject": report.subject,
        "mark": mark,
        "logo": PNG_PREFIX + base64.b64encode(logo).decode() if logo else "",
        "qr": _svg(mark.qr) if mark and mark.qr else "",
        "watermark": "" if mark else _svg(watermark(_("DRAFT"))),
        "watermark_turned": "" if mark else _svg(watermark(_("DRAFT"), is_turned=True)),
        "is_dense": _letters(report, verdict) > DENSE,
        "edition": edition,
        "edition_title": pick(edition.title),
        "verdict": verdict,
        "deadline": deadline(report),
        "changes": present_changes(edition, judgement, values, prospects),
        "effort_scale": effort_scale(),
        "told_advice": {line.advice for line in (*verdict.gates, *verdict.shortfalls)},
        "sensitivity": present_sensitivity(edition, judgement, values, what_if),
        "chart": _svg(concern_chart(verdict.concerns)),
        "chart_says": " ".join(_bar_says(concern) for concern in verdict.concerns),
        "comparison": present_comparison(edition, report.beside) if report.beside else None,
        "departures": departures(edition, judgement, report.answers),
        "plan": report.plan,
        "plan_view": present_plan(report.plan, report.produced_at.date()) if report.plan else None,
        "law": present_law(edition, what_if.answers, judgement, report.produced_at.date()),
        "annex": [annex_part(line.title, asked[line.key]) for line in verdict.concerns if line.key in asked],
        "presumed": sum(line.is_presumed for line in asked_by_key.values()),
        "evidence": register(
            report.lenses.asked if report.lenses else edition, report.evidence, judgement.reference_date
        ),
        "not_asked": [_not_asked(report, line, by_key) for lines in silent.values() for line in lines],
        "glossary": [(pick(term), pick(text)) for term, text in edition.glossary.values()],
        "cited": _cited(report, verdict),
        "points": list(points(edition, asked_by_key)),
    }
    context |= _parts_of_kinds(report, values)
    context |= _lenses(report)
    asked_by_all = report.lenses.asked if report.lenses else edition
    context["review"] = present_review(report.review, asked_by_all) if report.review else None
    context["chapters"] = list(chapters_of(context))
    return context


def _parts_of_kinds(report: ReportInput, values: Mapping[str, str]) -> dict[str, Any]:
    """What the chapters of the kinds of question asked are given, drawings as images."""
    context: dict[str, Any] = {}
    for key, face in faces_with_a_part(report.edition):
        context |= face.context(report.edition, report.judgement, values.get(key, ""))
        drawings = face.drawings(report.edition, report.judgement, values.get(key, ""))
        context |= {name: _svg(drawing) if drawing else "" for name, drawing in drawings.items()}
    return context


def _letters(report: ReportInput, verdict: Presentation) -> int:
    """How much page one has to hold, in letters."""
    subject = report.subject
    names = (subject.assessment, subject.offer, subject.provider)
    head = (subject.organisation.name, subject.organisation.address)
    advice = [line.advice for line in verdict.actions[:3]]
    reasons = [text for line in verdict.deciding for text in (line.title, line.finding)]
    return sum(len(text) for text in (*names, *head, verdict.standing, *reasons, *advice))


def _lenses(report: ReportInput) -> dict[str, Any]:
    """The chosen frameworks' readings, and what was answered to the questions that only they ask."""
    if report.lenses is None:
        return {"lenses": [], "supplement": []}
    asked, established, day = report.lenses.asked, report.lenses.established, report.subject.reference_date
    views = [present_lens(result, asked, established, report.answers, day) for result in report.lenses.results]
    lines = lines_of(asked, established.states, day, report.answers, asked=True)
    own = [line for key, of_concern in lines.items() if key not in report.edition.concerns for line in of_concern]
    answered = [line for line in own if line.state in ("answered", "not_applicable") or line.comment]
    return {"lenses": tell_once(views), "supplement": annex_part("", answered)}


def deadline(report: ReportInput) -> str:
    """By when, in a sentence: the end date given to a transition, or that none is. '' when nothing must end."""
    for duration in report.edition.durations:
        state, given = report.judgement.states[duration.to], report.answers.get(duration.to)
        if not state.asked:
            continue
        if given and given.status == "answered" and given.value:
            end = date_format(date.fromisoformat(given.value), "DATE_FORMAT")
            return _("By %(end)s, the end date given to the transition.") % {"end": end}
        return _("Within the strictly necessary time. No end date is established: set one.")
    return ""


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
