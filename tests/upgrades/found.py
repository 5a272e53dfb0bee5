"""What a stored database is found to hold, as JSON: run by a test in a process of its own, on that database.

``populate.txt`` wrote the same down where the database was made.
"""

from __future__ import annotations

import json
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402

from checklists.models import Answer, Offer, Report  # noqa: E402
from checklists.services.judging.judge_offer import judge_offer  # noqa: E402


def found() -> dict[str, Any]:
    answers = Answer.objects.order_by("assessment", "offer", "question")
    return {
        "answers": [
            [str(row.assessment_id), str(row.offer_id or ""), row.question, row.status, row.value, row.justification,
             row.comment, row.is_presumed]
            for row in answers
        ],
        "verdicts": {str(offer.pk): _verdict_of(offer) for offer in Offer.objects.order_by("pk")},
        "reports": {report.code: _bytes_of(report) for report in Report.objects.select_related("printed")},
        "rows": {
            str(model._meta.model_name): model._default_manager.count()
            for model in apps.get_app_config("checklists").get_models()
        },
    }  # fmt: skip


def _verdict_of(offer: Offer) -> dict[str, Any]:
    judged = judge_offer(offer)
    return {
        "verdict": [judged.verdict.worst.key, judged.verdict.best.key],
        "required": [judged.required.worst.key, judged.required.best.key],
        "score": [str(judged.score.low), str(judged.score.high)],
        "confidence": str(judged.confidence),
    }


def _bytes_of(report: Report) -> list[Any]:
    printed = report.printed.pdf_sha256 if hasattr(report, "printed") else ""
    return [report.content_sha256, len(bytes(report.content)), printed]


if __name__ == "__main__":
    print(json.dumps(found(), ensure_ascii=False))
