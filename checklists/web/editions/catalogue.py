"""The checklist to read: every question with its sources, every gate, before one starts and at any time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from checklists.models import Edition
from checklists.services.drafts.begin_checklist import origin_of
from checklists.services.editions.own_checklists import may_read
from checklists.services.editions.publish_edition import load_edition
from checklists.words.editions.parts import wording_word
from checklists.words.judging.presentation import SourceLine, source_lines, step
from checklists.words.vocabulary import HARMS, only_in, pick


def read(request: HttpRequest, checklist: str, number: int) -> HttpResponse:
    """Public: an edition holds nobody's data, and a reader of a report must be able to check it."""
    row = Edition.objects.filter(checklist=checklist, number=number).values("sha256", "published").first()
    if row is None or not may_read(request.user, checklist):
        raise Http404(f"no edition {checklist} {number}")
    edition = load_edition(row["sha256"])
    earlier = Edition.objects.filter(checklist=checklist, number__lt=number).order_by("-number")
    concerns = [
        {
            "concern": concern,
            "title": pick(concern.title),
            "summary": pick(concern.summary),
            "questions": [
                {
                    "key": key,
                    "text": pick(question.text),
                    "why": pick(question.why),
                    "wording": wording_word(question.wording),
                    "weight": question.weight,
                    "scope": question.scope,
                    "is_conditional": question.applies is not None,
                    "options": [
                        (pick(option.label), pick(option.definition), option.level)
                        for option in question.options.values()
                    ],
                    "sources": source_lines(edition, question.sources),
                }
                for key in concern.questions
                for question in [edition.questions[key]]
            ],
        }
        for concern in edition.concerns.values()
    ]
    gates = [
        {
            "key": gate.key,
            "title": pick(gate.title),
            "finding": pick(gate.finding),
            "ceiling": step(gate.ceiling),
            "harms": [(harm.value, HARMS[harm]) for harm in gate.harms],
            "wording": wording_word(gate.wording),
            "start": gate.period.start,
            "until": gate.period.until,
            "sources": source_lines(edition, gate.sources),
        }
        for gate in sorted(edition.gates.values(), key=lambda gate: gate.ceiling)
    ]
    sources: tuple[SourceLine, ...] = source_lines(edition, edition.sources)
    origin = origin_of(checklist)
    context = {
        "edition": edition,
        "origin": origin if origin and may_read(request.user, origin.checklist) else None,
        "only_in": only_in(edition),
        "earlier": earlier.values_list("number", flat=True).first(),
        "title": pick(edition.title),
        "summary": pick(edition.summary),
        "concerns": concerns,
        "gates": gates,
        "sources": sources,
        "glossary": [(pick(term), pick(text)) for term, text in edition.glossary.values()],
        "count": len(edition.questions),
    }
    return render(request, "web/editions/edition.html", context)
