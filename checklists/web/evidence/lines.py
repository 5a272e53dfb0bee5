"""Evidence as lines to show: beside a question, on the page of an answer, among what ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from checklists.core.editions.edition import Edition, Question
from checklists.models import Answer, Assessment, Evidence, Offer
from checklists.services.judging.judge_offer import backing_of
from checklists.words.evidence import EvidenceLine, backing_words, evidence_line
from checklists.words.gather import evidence_pieces


@dataclass(frozen=True)
class Piece:
    """One piece of evidence with what the page can do with it."""

    row: Evidence
    line: EvidenceLine


def pieces_of(rows: Iterable[Answer], asked: Edition, assessment: Assessment) -> list[Piece]:
    """The evidence of ``rows`` as it stands on the reference date; the rows come with it."""
    return [
        Piece(item, evidence_line(asked, piece, assessment.reference_date))
        for item, piece in evidence_pieces(rows)
        if piece.question in asked.questions
    ]


def ending_of(rows: Iterable[Answer], asked: Edition, assessment: Assessment) -> list[Piece]:
    """Of the evidence of ``rows``, what has ended on the reference date or ends within ninety days of it."""
    return [piece for piece in pieces_of(rows, asked, assessment) if piece.line.state in ("ended", "ending")]


def place_on_cards(
    cards: Mapping[str, Any], rows: Mapping[str, Answer], asked: Edition, assessment: Assessment, offer: Offer | None
) -> None:
    """Show on each card of the questionnaire what its answer rests on, and where to add to it."""
    for key, card in cards.items():
        row = rows.get(key)
        card.evidence_url = question_page(asked.questions[key], assessment, offer)
        if row is not None:
            card.evidence = pieces_of([row], asked, assessment)
            card.rests_on = backing_words(backing_of(row))


def question_page(question: Question, assessment: Assessment, offer: Offer | None) -> str:
    """The address of the evidence of one answer; '' for a question about an offer when there is none."""
    if question.scope == "workload":
        return reverse("workload-evidence", args=[assessment.pk, question.key])
    return reverse("offer-evidence", args=[offer.pk, question.key]) if offer else ""
