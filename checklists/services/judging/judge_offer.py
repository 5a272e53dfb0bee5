"""Hand an offer's answers to the judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.core.editions.edition import Edition
from checklists.core.evidence import Proof, Standing, Strength, standing
from checklists.core.judging import answer as core
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.models import Answer, Assessment, Evidence, Offer
from checklists.models.evidence import with_evidence
from checklists.services.editions.publish_edition import load_edition

_SAID = (Answer.Status.ANSWERED, Answer.Status.NOT_APPLICABLE)


def edition_of(assessment: Assessment) -> Edition:
    """The edition ``assessment`` rests on; no query once cached when ``edition`` was selected with it."""
    return load_edition(assessment.edition.sha256)


def rows_of(assessment: Assessment, offer: Offer | None) -> dict[str, Answer]:
    """The rows that bear on ``offer``, by question: the workload's and its own; with who changed each, and evidence.

    A question can have been asked of the workload and then of each offer, or the other way round: the row that holds
    an answer counts. Two queries.
    """
    every = Answer.objects.filter(assessment=assessment).select_related("updated_by").order_by("pk")
    rows = sorted(known(assessment, every.prefetch_related(with_evidence())), key=_is_answered)
    return {row.question: row for row in rows if row.offer_id is None or (offer and row.offer_id == offer.pk)}


def known(assessment: Assessment, rows: Iterable[Answer]) -> list[Answer]:
    """The rows, each knowing the assessment it belongs to without a query."""
    found = list(rows)
    for row in found:
        row.assessment = assessment
    return found


def _is_answered(row: Answer) -> bool:
    return row.status != Answer.Status.UNANSWERED


def core_answers(rows: Iterable[Answer]) -> Mapping[str, core.Answer]:
    """The judge's form of the rows, with what each rests on; a row that only carries a comment is no answer.

    What a profile filled in and nobody confirmed is a claim (decision 0008).
    """
    return {row.question: _core_answer(row) for row in rows if row.status != Answer.Status.UNANSWERED}


def _core_answer(row: Answer) -> core.Answer:
    rests = standing_of(row)
    claimed = rests.claimed or row.is_presumed
    status = core.AnswerStatus(row.status)
    return core.Answer(status, row.value or None, row.justification, claimed, rests.strength, rests.ended)


def standing_of(row: Answer) -> Standing:
    """What the answer in ``row`` rests on, on its assessment's reference date. A doubt rests on nothing.

    Only what is said of an offer can be held to evidence: the workload is the respondent's own (decision 0064).
    """
    if row.pk is None or row.status not in _SAID:
        return Standing()
    held = row.assessment.held_to_evidence and row.offer_id is not None
    return standing(map(proof_of, row.evidence.all()), row.assessment.reference_date, held=held)


def proof_of(evidence: Evidence) -> Proof:
    """The evidence as the judge sees it."""
    return Proof(Strength.from_key(evidence.strength), evidence.valid_from, evidence.valid_until)


def judge_rows(assessment: Assessment, rows: Iterable[Answer]) -> Judgement:
    answers = core_answers(known(assessment, rows))
    return judge(edition_of(assessment), answers, assessment.reference_date)


def judge_offer(offer: Offer) -> Judgement:
    """Judge ``offer`` on the answers that stand now, on its assessment's reference date."""
    return judge_rows(offer.assessment, rows_of(offer.assessment, offer).values())
