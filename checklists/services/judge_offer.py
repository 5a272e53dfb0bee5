"""Hand an offer's answers to the judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.core import answer as core
from checklists.core.edition import Edition
from checklists.core.judge import judge
from checklists.core.judgement import Judgement
from checklists.models import Answer, Assessment, Offer
from checklists.services.publish_edition import load_edition


def edition_of(assessment: Assessment) -> Edition:
    """The edition ``assessment`` rests on; no query once cached when ``edition`` was selected with it."""
    return load_edition(assessment.edition.sha256)


def rows_of(assessment: Assessment, offer: Offer | None) -> dict[str, Answer]:
    """The rows that bear on ``offer``, by question: the workload's and its own, with who changed each. One query.

    A question can have been asked of the workload and then of each offer, or the other way round: the row that holds
    an answer counts.
    """
    every = Answer.objects.filter(assessment=assessment).select_related("updated_by").order_by("pk")
    rows = sorted(every, key=_is_answered)
    return {row.question: row for row in rows if row.offer_id is None or (offer and row.offer_id == offer.pk)}


def _is_answered(row: Answer) -> bool:
    return row.status != Answer.Status.UNANSWERED


def core_answers(rows: Iterable[Answer]) -> Mapping[str, core.Answer]:
    """The judge's form of the rows; a row that only carries a comment is no answer.

    What a profile filled in and nobody confirmed is a claim (decision 0008).
    """
    return {
        row.question: core.Answer(
            core.AnswerStatus(row.status), row.value or None, row.justification, claimed=row.is_presumed
        )
        for row in rows
        if row.status != Answer.Status.UNANSWERED
    }


def judge_rows(assessment: Assessment, rows: Iterable[Answer]) -> Judgement:
    return judge(edition_of(assessment), core_answers(rows), assessment.reference_date)


def judge_offer(offer: Offer) -> Judgement:
    """Judge ``offer`` on the answers that stand now, on its assessment's reference date."""
    return judge_rows(offer.assessment, rows_of(offer.assessment, offer).values())
