"""What the pages of a move show: each offer before and after, each answer and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from checklists.core.editions.edition import Edition as CoreEdition
from checklists.core.impact.causes import Figures, stand
from checklists.core.judging.answer import Answer
from checklists.core.moves.carrying import Carried, Fate
from checklists.models import Assessment, Edition, EditionMove, Offer
from checklists.services.editions.publish_edition import load_edition
from checklists.services.moves.preview_move import AnswerFate, answers_for, preview_move
from checklists.services.moves.read_move import Item, answers_then, judged_entry, moves_of, plan_undoing, state_of
from checklists.words.editions.difference import PartLine
from checklists.words.impact import CauseWords
from checklists.words.moves import (
    AnswerFateLine,
    OutlookLine,
    band_line,
    moved_word,
    question_changes,
    question_text,
    reasons,
    said_text,
)
from checklists.words.vocabulary import pick

Asked = tuple[CoreEdition, CoreEdition]
Context = dict[str, Any]


def previewed(assessment: Assessment, target: Edition) -> Context:
    """What moving to ``target`` would do."""
    preview = preview_move(assessment, target)
    before, after = _documents(preview.older, target)
    words = CauseWords(before, after)
    line = _Lines(assessment, preview.asked, question_changes(before, after))
    return {
        "target": target,
        "changelog": pick(after.get("changelog")),
        "outlooks": [
            OutlookLine(
                each.offer,
                band_line(each.before),
                band_line(each.after),
                moved_word(each.before, each.after),
                tuple(words.lines(part.place for part in each.causes.alone)),
                tuple(words.lines(part.place for part in each.causes.together)),
            )
            for each in preview.outlooks
        ],
        "carried": len(preview.of_fate(Fate.CARRIED)),
        "to_confirm": [line.of_answer(fate) for fate in preview.of_fate(Fate.CONFIRM)],
        "to_answer": [line.of_answer(fate) for fate in preview.of_fate(Fate.ANSWER)],
        "moved": [line.of_answer(fate) for fate in preview.of_fate(Fate.MOVED)],
        "derived": [line.of_answer(fate) for fate in preview.of_fate(Fate.DERIVED)],
        "gone": [line.of_answer(fate) for fate in preview.of_fate(Fate.GONE)],
        "new": line.of_questions(preview.newly_asked),
        "strained": [pick(framework.title) for framework in preview.strained],
    }


def opened(move: EditionMove) -> Context:
    """Where an open move stands: what is left to confirm, and what undoing it would do."""
    assessment = move.assessment
    standing = state_of(move)
    line = _Lines(assessment, standing.asked, question_changes(*_documents(move.from_edition, move.to_edition)))
    older, newer = load_edition(move.from_edition.sha256), load_edition(move.to_edition.sha256)
    outlooks = []
    for offer in line.offers.values():
        before = stand(older, answers_then(move, offer), move.reference_date)
        now = stand(newer, answers_for(offer, standing.rows), assessment.reference_date)
        outlooks.append(OutlookLine(offer, band_line(before), band_line(now), moved_word(before, now)))
    to_confirm = standing.of_fate(Fate.CONFIRM)
    undoing = plan_undoing(move)
    return {
        "move": move,
        "outlooks": outlooks,
        "to_confirm": [line.of_item(item) for item in to_confirm if not item.is_settled],
        "confirmed": [line.of_item(item) for item in to_confirm if item.is_settled],
        "to_answer": [line.of_item(item) for item in standing.of_fate(Fate.ANSWER)],
        "moved": [line.of_item(item) for item in standing.of_fate(Fate.MOVED)],
        "derived": [line.of_item(item) for item in standing.of_fate(Fate.DERIVED)],
        "gone": [line.of_item(item) for item in standing.of_fate(Fate.GONE)],
        "new": line.of_questions(standing.newly_asked),
        "undo_keeps": len(undoing.kept),
        "undo_sets_aside": len(undoing.set_aside),
    }


def past(assessment: Assessment) -> list[Context]:
    """The moves that are closed, each with how the offers stood when it was made and the answers set aside."""
    closed = list(moves_of(assessment).exclude(state=EditionMove.State.OPEN).select_related("moved_by", "closed_by"))
    offers = list(assessment.offers.all()) if closed else []
    return [
        {
            "move": move,
            "bands": [(offer, band_line(_stood(move, offer))) for offer in offers],
            "set_aside": [_aside(move, entry, offers) for entry in move.set_aside],
        }
        for move in closed
    ]


def _stood(move: EditionMove, offer: Offer) -> Figures:
    return stand(load_edition(move.from_edition.sha256), answers_then(move, offer), move.reference_date)


def _aside(move: EditionMove, entry: Mapping[str, Any], offers: Iterable[Offer]) -> Context:
    asked = (load_edition(move.from_edition.sha256), load_edition(move.to_edition.sha256))
    answer = judged_entry(entry)
    return {
        "question": question_text(asked, entry["question"]),
        "answer": said_text(asked, entry["question"], answer) if answer else entry["comment"],
        "offer": next((offer for offer in offers if str(offer.pk) == entry["offer"]), None),
    }


def _documents(older: Edition, newer: Edition) -> tuple[Context, Context]:
    documents = dict(Edition.objects.filter(pk__in=(older.pk, newer.pk)).values_list("pk", "document"))
    return documents[older.pk], documents[newer.pk]


class _Lines:
    """Says the answers of one assessment in the words of either edition."""

    def __init__(self, assessment: Assessment, asked: Asked, changes: Mapping[str, PartLine]) -> None:
        self.assessment, self.asked, self.changes = assessment, asked, changes
        self.offers = {offer.pk: offer for offer in assessment.offers.all()}

    def of_answer(self, fate: AnswerFate) -> AnswerFateLine:
        row = fate.row
        answer = Answer.said(row.status, row.value, row.justification)
        return self._line(row.pk, row.offer_id, row.question, answer, row.comment, fate.carried)

    def of_item(self, item: Item) -> AnswerFateLine:
        entry = item.entry
        offer = UUID(entry["offer"]) if entry["offer"] else None
        answer = judged_entry(entry)
        return self._line(
            item.row.pk, offer, item.question, answer, entry["comment"], item.carried, item.is_settled
        )  # fmt: skip

    def of_questions(self, waiting: Iterable[tuple[UUID | None, str]]) -> list[Context]:
        return [
            {"question": question_text(self.asked, key), "offer": self.offers.get(offer), "url": self._url(offer, key)}  # type: ignore[arg-type]
            for offer, key in waiting
        ]

    def _line(
        self,
        pk: int,
        offer: UUID | None,
        key: str,
        answer: Answer | None,
        comment: str,
        carried: Carried,
        is_settled: bool = False,
    ) -> AnswerFateLine:
        return AnswerFateLine(
            pk=pk,
            question=question_text(self.asked, key),
            offer=self.offers.get(offer) if offer else None,
            answer=said_text(self.asked, key, answer) if answer else "",
            comment=comment,
            reasons=reasons(self.asked, carried),
            change=self.changes.get(key),
            url=self._url(offer, key),
            is_settled=is_settled,
        )

    def _url(self, offer: UUID | None, key: str) -> str:
        question = self.asked[1].questions.get(key)
        if question is None:
            return ""
        if question.scope == "workload":
            return reverse("workload", args=[self.assessment.pk]) + f"#q-{key}"
        return reverse("concern", args=[offer, question.concern]) + f"#q-{key}" if offer else ""
