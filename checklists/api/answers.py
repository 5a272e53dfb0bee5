"""Answers and what they are worth. A change says which revision it rests on, so that nobody's words are lost."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Router

from checklists.api.assessments import REFUSALS, with_words
from checklists.api.callers import caller_of, not_found
from checklists.api.problems import Problem
from checklists.api.schemas import AnswerIn, AnswerOut, JudgementOut, ProblemOut, Revised
from checklists.core.editions.edition import Question
from checklists.core.people.permissions import Action
from checklists.models import Answer, Assessment, Offer
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.judging.judge_offer import edition_of, judge_offer
from checklists.words.judging.sentence import sentence_of

router = Router(tags=["Answers and verdicts"])
CHANGES = REFUSALS | {412: ProblemOut, 423: ProblemOut, 428: ProblemOut}
IfMatch: Any = Header("", alias="If-Match", description='The revision seen, quoted: `"3"`; `"0"` for a first answer.')


@router.get(
    "/assessments/{uuid:assessment_id}/answers",
    response={200: list[AnswerOut]} | REFUSALS,
    summary="The answers about the workload",
)
def workload_answers(request: HttpRequest, assessment_id: UUID) -> list[AnswerOut]:
    """Only those that were given, by question."""
    found = caller_of(request).assessment(assessment_id, Action.READ)
    return [answer_out(row) for row in found.answers.filter(offer=None).order_by("question")]


@router.get(
    "/offers/{uuid:offer_id}/answers", response={200: list[AnswerOut]} | REFUSALS, summary="The answers about an offer"
)
def offer_answers(request: HttpRequest, offer_id: UUID) -> list[AnswerOut]:
    """Only those that were given, by question; those about the workload are read on the assessment."""
    found = caller_of(request).offer(offer_id, Action.READ)
    return [answer_out(row) for row in found.answers.order_by("question")]


@router.get(
    "/assessments/{uuid:assessment_id}/answers/{slug:question}",
    response={200: AnswerOut} | REFUSALS,
    summary="One answer about the workload",
)
def workload_answer(request: HttpRequest, assessment_id: UUID, question: str) -> HttpResponse:
    found = caller_of(request).assessment(assessment_id, Action.READ)
    return one_answer(found, None, question)


@router.get(
    "/offers/{uuid:offer_id}/answers/{slug:question}",
    response={200: AnswerOut} | REFUSALS,
    summary="One answer about an offer",
)
def offer_answer(request: HttpRequest, offer_id: UUID, question: str) -> HttpResponse:
    found = caller_of(request).offer(offer_id, Action.READ)
    return one_answer(found.assessment, found, question)


@router.put(
    "/assessments/{uuid:assessment_id}/answers/{slug:question}",
    response={200: AnswerOut} | CHANGES,
    summary="Answer a question about the workload",
)
def put_workload_answer(
    request: HttpRequest, assessment_id: UUID, question: str, sent: AnswerIn, revision: str = IfMatch
) -> HttpResponse:
    """Sending what stands already changes nothing, whatever the revision."""
    found = caller_of(request).assessment(assessment_id, Action.ANSWER)
    return put_answer(request, found, None, question, sent, revision)


@router.put(
    "/offers/{uuid:offer_id}/answers/{slug:question}",
    response={200: AnswerOut} | CHANGES,
    summary="Answer a question about an offer",
)
def put_offer_answer(
    request: HttpRequest, offer_id: UUID, question: str, sent: AnswerIn, revision: str = IfMatch
) -> HttpResponse:
    """Sending what stands already changes nothing, whatever the revision."""
    found = caller_of(request).offer(offer_id, Action.ANSWER)
    return put_answer(request, found.assessment, found, question, sent, revision)


@router.get(
    "/offers/{uuid:offer_id}/judgement", response={200: JudgementOut} | REFUSALS, summary="What the answers are worth"
)
def judgement(request: HttpRequest, offer_id: UUID) -> JudgementOut:
    """Judged on the assessment's edition and reference date, with the answers as they stand."""
    found = caller_of(request).offer(offer_id, Action.READ)
    judged = judge_offer(found)
    said = sentence_of(edition_of(found.assessment), judged)
    return JudgementOut(sentence=said.text, minimum_is_met=said.is_met, account=judged.to_document())


def question_of(assessment: Assessment, offer: Offer | None, key: str) -> Question:
    """The question ``key`` of what is asked for ``assessment``. Raises a 404 problem for another scope or key."""
    question = questionnaire_of(assessment, choices_of(assessment)).questions.get(key)
    if question is None or (question.scope == "offer") is not (offer is not None):
        raise not_found()
    return question


def one_answer(assessment: Assessment, offer: Offer | None, key: str) -> HttpResponse:
    question_of(assessment, offer, key)
    row = Answer.objects.filter(assessment=assessment, offer=offer, question=key).first()
    return with_etag(answer_out(row or Answer(assessment=assessment, offer=offer, question=key, revision=0)))


def put_answer(
    request: HttpRequest, assessment: Assessment, offer: Offer | None, key: str, sent: AnswerIn, if_match: str
) -> HttpResponse:
    """Save ``sent``. 428 without the revision seen, 412 with both values when another change came first."""
    question = question_of(assessment, offer, key)
    seen = read_revision(if_match)
    said = Said(sent.status, sent.value, sent.justification, sent.comment)
    try:
        row = with_words(
            lambda: save_answer(
                assessment=assessment,
                offer=offer,
                question=question,
                said=said,
                revision=seen,
                by=caller_of(request).user,
            )
        )
    except AnswerRefused as refused:
        pointers = {"answer": "/value", "justification": "/justification", "comment": "/comment"}
        errors = [(pointers.get(field, f"/{field}"), str(said)) for field, said in refused.errors.items()]
        raise Problem(422, "answer-refused", errors[0][1], errors=errors) from refused
    except AnswerIsStale as stale:
        raise Problem(
            412,
            "answer-changed",
            _(
                "Somebody changed this answer since you read it. Both values are given: "
                "to keep yours, send it again with the revision that stands."
            ),
            extra={"current": answer_out(stale.current).model_dump(mode="json"), "sent": sent.model_dump(mode="json")},
            headers={"ETag": f'"{stale.current.revision}"'},
        ) from stale
    return with_etag(answer_out(row))


def read_revision(if_match: str) -> int:
    """The revision in an ``If-Match`` header. Raises a 428 problem without one, 422 for anything but a number."""
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text:
        raise Problem(428, "revision-needed", _('Send the revision you saw in If-Match, "0" for a first answer.'))
    if not text.isdecimal() or len(text) > 9:
        wrong = _('If-Match holds the number of a revision, for example "3".')
        raise Problem(422, "invalid-revision", wrong, errors=[("/header/If-Match", wrong)])
    return int(text)


def answer_out(row: Answer) -> AnswerOut:
    return AnswerOut(
        question=row.question,
        status=row.status,
        value=row.value,
        justification=row.justification,
        comment=row.comment,
        revision=row.revision,
        is_presumed=row.is_presumed,
        updated_at=row.updated_at if row.pk else None,
    )


def with_etag(body: Revised) -> HttpResponse:
    """``body`` as JSON, its revision being the ``ETag``."""
    text = json.dumps(body.model_dump(mode="json"), ensure_ascii=False)
    return HttpResponse(text, content_type="application/json", headers={"ETag": f'"{body.revision}"'})
