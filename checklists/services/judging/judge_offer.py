"""Hand an offer's answers to the judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.core.editions.edition import Edition
from checklists.core.evidence import NO_BACKING, Backing, Proof, Strength, backing
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
    return {row.question: row for row in bearing_on(offer, rows)}


def bearing_on(offer: Offer | None, rows: Iterable[Answer]) -> list[Answer]:
    """Of the rows of an assessment, the workload's and those of ``offer``, in their order."""
    return [row for row in rows if row.offer_id is None or (offer and row.offer_id == offer.pk)]


def known(assessment: Assessment, rows: Iterable[Answer]) -> list[Answer]:
    """The rows, each knowing the assessment it belongs to without a query."""
    found = list(rows)
    for row in found:
        row.assessment = assessment
    return found


def _is_answered(row: Answer) -> bool:
    return row.status != Answer.Status.UNANSWERED


def core_answers(rows: Iterable[Answer]) -> Mapping[str, core.Answer]:
    """The judge's form of the rows, with what each rests on; a row that only carries a comment is no answer."""
    answers = ((row.question, said_in_row(row, backing_of(row))) for row in rows)
    return {question: answer for question, answer in answers if answer is not None}


def said_in_row(row: Answer, backing: Backing = NO_BACKING) -> core.Answer | None:
    """The judge's form of ``row``, which rests on ``backing``; ``None`` when it only carries a comment."""
    return core.Answer.said(row.status, row.value, row.justification, backing, presumed=row.is_presumed)


def backing_of(row: Answer) -> Backing:
    """What the answer in ``row`` rests on, on its assessment's reference date. A doubt rests on nothing.

    Only what is said of an offer can be held to evidence: the workload is the respondent's own (decision 0064).
    """
    if row.pk is None or row.status not in _SAID:
        return NO_BACKING
    held = row.assessment.held_to_evidence and row.offer_id is not None
    return backing(map(proof_of, row.evidence.all()), row.assessment.reference_date, held=held)


def proof_of(evidence: Evidence) -> Proof:
    """The evidence as the judge sees it."""
    return Proof(Strength.from_key(evidence.strength), evidence.valid_from, evidence.valid_until)


def judge_rows(assessment: Assessment, rows: Iterable[Answer]) -> Judgement:
    answers = core_answers(known(assessment, rows))
    return judge(edition_of(assessment), answers, assessment.reference_date)


def judge_offer(offer: Offer) -> Judgement:
    """Judge ``offer`` on the answers that stand now, on its assessment's reference date."""
    return judge_rows(offer.assessment, rows_of(offer.assessment, offer).values())
