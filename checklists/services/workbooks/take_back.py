"""Take the answers of a workbook over, one by one, as they were shown: to an offer, or to a provider's own link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from checklists.core.editions.edition import Question
from checklists.core.kinds import kind_of
from checklists.models import Answer, Assessment, Evidence, Offer, ProviderRequest, User
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, said_of, save_answer
from checklists.services.day_format import date_format
from checklists.services.evidence.keep_evidence import Details, EvidenceRefused, add_evidence
from checklists.services.provider_answers.answer_questions import keep_answer
from checklists.services.workbooks.compare import Difference, Line, Standing


@dataclass
class Taken:
    """What came of it: the questions saved, those changed meanwhile, and what was refused, by question."""

    saved: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    refused: dict[str, list[Any]] = field(default_factory=dict)


def standing_of_offer(rows: Mapping[str, Answer], keys: Sequence[str]) -> dict[str, Standing]:
    """What stands of each question of an offer, its documents by title. One query."""
    kept = {key: rows[key] for key in keys if key in rows}
    documents: dict[int, list[str]] = {}
    named = Evidence.objects.filter(answer__in=kept.values(), removed_at=None)
    for answer, title in named.order_by("pk").values_list("answer_id", "title"):
        documents.setdefault(answer, []).append(title)
    return {
        key: Standing(said_of(kept[key]), kept[key].revision, tuple(documents.get(kept[key].pk, ())))
        if key in kept
        else Standing(Said(Answer.Status.UNANSWERED))
        for key in keys
    }


def standing_of_provider(asked: ProviderRequest) -> dict[str, Standing]:
    """What the provider keeps of each question it was asked, sent or not."""
    rows = {row.question: row for row in asked.answers.all()}
    found = {}
    for key in asked.questions:
        row = rows.get(key)
        said = Said(row.status, row.value, row.justification, row.comment) if row else Said(Answer.Status.UNANSWERED)
        found[key] = Standing(said)
    return found


def take_back(
    assessment: Assessment,
    offer: Offer,
    questions: Mapping[str, Question],
    chosen: Iterable[Difference],
    seen: Mapping[str, str],
    by: User,
) -> Taken:
    """Save what ``chosen`` says; ``seen`` maps each question to the mark of the answer that was shown beside it.

    An answer that changed since is left alone. Raises ``ContentIsLocked``.
    """
    taken = Taken()
    for difference in chosen:
        line, question = difference.line, questions[difference.line.key]
        place = offer if question.scope == "offer" else None
        try:
            if difference.standing.mark != seen.get(line.key):
                raise AnswerIsStale(Answer(question=line.key))
            _keep(assessment, place, question, line, difference.standing, by)
        except AnswerIsStale:
            taken.stale.append(line.key)
        except (AnswerRefused, EvidenceRefused) as refusal:
            taken.refused[line.key] = list(refusal.errors.values())
        else:
            taken.saved.append(line.key)
    return taken


def _keep(
    assessment: Assessment, offer: Offer | None, question: Question, line: Line, stands: Standing, by: User
) -> None:
    save_answer(assessment=assessment, offer=offer, question=question, said=line.said, revision=stands.revision, by=by)
    if line.document and line.document not in stands.documents:
        details = Details("other", Evidence.Strength.CLAIM, line.document, valid_until=line.valid_until)
        add_evidence(assessment=assessment, offer=offer, question=question.key, details=details, received=None, by=by)


def take_back_for_provider(
    asked: ProviderRequest, questions: Mapping[str, Question], chosen: Iterable[Difference], seen: Mapping[str, str]
) -> Taken:
    """The same on a provider's link: kept there, and sent only when the provider sends.

    Raises ``LinkClosed``, ``ContentIsLocked``.
    """
    taken = Taken()
    for difference in chosen:
        line, question = difference.line, questions[difference.line.key]
        if difference.standing.mark != seen.get(line.key):
            taken.stale.append(line.key)
            continue
        try:
            keep_answer(asked, question, line.said)
        except AnswerRefused as refusal:
            taken.refused[line.key] = list(refusal.errors.values())
        else:
            taken.saved.append(line.key)
    return taken


def as_kept_by_provider(line: Line, question: Question) -> Line:
    """The line as a link keeps it: its document is named in the comment, since its file is attached on the page; a
    table is answered in words only."""
    said = line.said
    if line.document:
        until = date_format(line.valid_until, "DATE_FORMAT") if line.valid_until else ""
        words = _("Document: %(title)s, valid until %(date)s") if until else _("Document: %(title)s")
        named = words % {"title": line.document, "date": until}
        if named not in said.comment:
            said = replace(said, comment="\n".join(filter(None, [said.comment, named])))
    if kind_of(question.kind).is_table:
        said = Said(Answer.Status.UNANSWERED, "", "", said.comment)
    return replace(line, said=said, document="", valid_until=None)
