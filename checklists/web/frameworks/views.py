"""The frameworks to read: every mapping and weight with its source. Public: they hold nobody's data."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from checklists.core.editions.conditions import Condition
from checklists.core.editions.edition import Edition
from checklists.core.frameworks.framework import Criterion, Framework, with_supplements
from checklists.models import Edition as EditionRow
from checklists.models import Framework as Row
from checklists.services.editions.offer_checklists import readable_by
from checklists.services.editions.own_checklists import may_read
from checklists.services.editions.publish_edition import current_edition, load_edition
from checklists.services.frameworks.publish_framework import available_frameworks, load_framework
from checklists.words.judging.clauses import Clause, clause, value_words
from checklists.words.judging.presentation import source_lines
from checklists.words.vocabulary import pick


def listing(request: HttpRequest) -> HttpResponse:
    checklists = {each.key: pick(each.title) for each in readable_by(request.user)}
    frameworks = [(row, load_framework(row.sha256)) for key in checklists for row in available_frameworks(key)]
    entries = [
        {"key": row.key, "number": row.number, "title": pick(item.title), "summary": pick(item.summary),
         "questions": len(item.questions), "checklist": checklists[row.checklist] if len(checklists) > 1 else ""}
        for row, item in frameworks
    ]  # fmt: skip
    return render(request, "web/frameworks/list.html", {"entries": entries})


def read(request: HttpRequest, key: str, number: int) -> HttpResponse:
    row = Row.objects.filter(key=key, number=number).values("sha256", "checklist").first()
    if row is None or not may_read(request.user, row["checklist"]):
        raise Http404(f"no framework {key} {number}")
    framework = load_framework(row["sha256"])
    try:
        checklist = load_edition(current_edition(row["checklist"]).sha256)
    except EditionRow.DoesNotExist:
        raise Http404(f"no checklist {row['checklist']}") from None
    asked = with_supplements(checklist, [framework])
    context = {
        "framework": framework,
        "title": pick(framework.title),
        "summary": pick(framework.summary),
        "caveat": pick(framework.caveat),
        "score_note": pick(framework.score_note),
        "seals": [(level, pick(label), pick(meaning)) for level, (label, meaning) in enumerate(framework.seals)],
        "concerned": _clause(framework.concerned, framework, asked),
        "objectives": [
            {
                "ref": objective.ref,
                "title": pick(objective.title),
                "summary": pick(objective.summary),
                "weight": objective.weight,
                "sources": source_lines(framework, objective.weight_sources),
                "criteria": [_criterion(criterion, asked) for criterion in objective.criteria],
            }
            for objective in framework.objectives
        ],
        "rules": [
            {
                "ref": rule.ref,
                "title": pick(rule.title),
                "text": pick(rule.text),
                "outside": pick(rule.outside),
                "concerned": _clause(rule.concerned, framework, asked),
                "met": _clause(rule.met, framework, asked),
                "suffices": rule.suffices,
                "sources": source_lines(framework, rule.sources),
            }
            for rule in framework.rules
        ],
        "outcomes": [pick(text) for text in framework.outcomes.values()],
        "met": pick(framework.outcomes["met"]),
        "not_met": pick(framework.outcomes["not_met"]),
        "questions": [
            (pick(question.text), pick(question.why), [pick(option.label) for option in question.options.values()])
            for question in framework.questions.values()
        ],
        "sources": source_lines(framework, framework.sources),
    }
    return render(request, "web/frameworks/framework.html", context)


def _clause(condition: Condition | None, framework: Framework, asked: Edition) -> Clause | None:
    return clause(condition, framework, asked) if condition else None


def _criterion(criterion: Criterion, asked: Edition) -> dict[str, object]:
    return {
        "text": pick(criterion.text),
        "question": pick(asked.questions[criterion.question].text),
        "may_be_left_out": criterion.may_be_left_out,
        "worth": [
            (value_words(criterion.question, worth.options, asked) if worth.options else "", worth.points, worth.seal)
            for worth in criterion.worth
        ],
    }
