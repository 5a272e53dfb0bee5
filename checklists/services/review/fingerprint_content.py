"""Fingerprints of what is reviewed and approved: of each matter, of each offer's record, and of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models

from checklists.core.editions.edition import Question, fingerprint
from checklists.core.judging.facts import QuestionState
from checklists.core.review import Matter
from checklists.models import Answer, Assessment, Need, TransitionPlan
from checklists.models.evidence import with_evidence
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.judging.judge_offer import bearing_on, judge_rows, known, rows_of
from checklists.services.records.freeze_report import freeze_report
from checklists.services.review.content_lock import STEP_PROGRESS

_NOT_SHOWN = frozenset({"answer", "added_by", "added_at", "reminded_of", "is_scanned"})
"""Of a piece of evidence: what a reviewer does not judge."""
_BESIDES = frozenset(
    {"id", "revision", "last_number", "updated_by", "updated_at", "created_at", "assessment", "offer", "plan"}
)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """``matters``: of each thing to decide on. ``unanswered``: how many questions asked have no answer."""

    matters: Mapping[Matter, str]
    unanswered: int

    @property
    def sha256(self) -> str:
        """Of the whole content."""
        return fingerprint({str(matter): sha256 for matter, sha256 in self.matters.items()})


def fingerprint_content(assessment: Assessment) -> Fingerprints:
    """What stands now. Seven queries, however many offers there are.

    A matter is what a reviewer sees of it: a concern changes with its own answers, and with any other that decides
    what it asks or what the control chain answers in its place.
    """
    offers = list(assessment.offers.select_related("provision").order_by("created_at", "pk"))
    rows = known(assessment, Answer.objects.filter(assessment=assessment).prefetch_related(with_evidence()))
    choices = choices_of(assessment)
    asked = questionnaire_of(assessment, choices)
    frame = {
        "reference_date": assessment.reference_date.isoformat(),
        "edition": assessment.edition.sha256,
        "held_to_evidence": assessment.held_to_evidence,
        "frameworks": {choice.framework.sha256: choice.minimums for choice in choices},
    }
    found: dict[Matter, Any] = {}
    unanswered = 0

    def answers(questions: Iterable[Question], own: list[Answer]) -> dict[str, Any]:
        nonlocal unanswered
        states, by_key = establish_rows(asked, assessment, own).states, {row.question: row for row in own}
        keys = [question.key for question in questions]
        unanswered += sum(states[key].asked and states[key].status is None for key in keys)
        return {key: [_shown(states[key]), fields_of(by_key.get(key)), _evidence(by_key.get(key))] for key in keys}

    of_workload = [row for row in rows if row.offer_id is None]
    workload = [question for question in asked.questions.values() if question.scope == "workload"]
    need = Need.objects.filter(assessment=assessment).first()
    found[Matter()] = {
        **frame,
        "name": assessment.name,
        "description": assessment.description,
        "need": fields_of(need),
        "answers": answers(workload, of_workload),
    }
    plans = _plans(assessment)
    for offer in offers:
        key = str(offer.pk)
        own = bearing_on(offer, rows)
        found[Matter(key)] = {
            **frame,
            "offer": fields_of(offer),
            "provision": fields_of(getattr(offer, "provision", None)),
            "plan": plans.get(offer.pk),
        }
        for concern in asked.concerns.values():
            questions = [asked.questions[k] for k in concern.questions if asked.questions[k].scope == "offer"]
            if questions:
                found[Matter(key, concern.key)] = {**frame, "answers": answers(questions, own)}
    return Fingerprints({matter: fingerprint(shown) for matter, shown in found.items()}, unanswered)


def cover_offers(assessment: Assessment) -> dict[str, str]:
    """What an approval covers of each offer, by its number: the hash that a report of it states again."""
    covered = {}
    for offer in assessment.offers.all():
        offer.assessment = assessment
        own = rows_of(assessment, offer)
        judgement = judge_rows(assessment, own.values())
        # Neither language nor form is covered; a letter compares no offers, which takes the longest.
        record = freeze_report(offer, own, judgement, language=settings.LANGUAGE_CODE, form="letter")
        covered[str(offer.pk)] = record.covered_sha256
    return covered


def _plans(assessment: Assessment) -> dict[Any, Any]:
    plans = TransitionPlan.objects.filter(offer__assessment=assessment).prefetch_related("steps")
    return {
        plan.offer_id: [fields_of(plan), [fields_of(step, STEP_PROGRESS) for step in plan.steps.all()]]
        for plan in plans
    }


def _evidence(row: Answer | None) -> list[Any]:
    return [fields_of(item, _NOT_SHOWN) for item in row.evidence.all()] if row else []


def _shown(state: QuestionState) -> list[Any]:
    return [state.asked, state.status, state.option.key if state.option else None, state.derived, state.origin]


def fields_of(row: models.Model | None, besides: frozenset[str] = frozenset()) -> dict[str, Any] | None:
    """The fields that count, as JSON has them; two spellings of one number are the same."""
    if row is None:
        return None
    fields = [field for field in row._meta.concrete_fields if field.name not in _BESIDES | besides]
    return {field.name: _plain(field.to_python(getattr(row, field.attname))) for field in fields}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return str(value.normalize()) if hasattr(value, "normalize") else str(value)
