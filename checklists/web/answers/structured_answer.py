"""What the pages of structured answers share: saving with the revision seen, and what surrounds the tables."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from checklists.models import Answer
from checklists.services.answers.save_answer import Said, save_answer
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest
from checklists.words.judging.presentation import source_lines
from checklists.words.vocabulary import pick


def save_structured(
    request: SignedRequest, desk: Desk, key: str, row: Answer | None, *, status: str, value: str
) -> None:
    """Save what was typed for the offer's question ``key``; ``row`` keeps its justification.

    Raises ``AnswerIsStale`` or ``AnswerRefused``.
    """
    typed, comment = request.POST.get("revision", ""), request.POST.get("comment", "").replace("\r\n", "\n")
    save_answer(
        assessment=desk.assessment,
        offer=desk.offer,
        question=desk.edition.questions[key],
        said=Said(status, value, row.justification if row else "", comment),
        revision=int(typed) if typed.isdecimal() and len(typed) < 9 else 0,
        by=request.user,
    )


def concern_url(desk: Desk, key: str) -> str:
    return reverse("concern", args=[desk.offer.pk, desk.edition.questions[key].concern]) if desk.offer else ""


def around_tables(request: HttpRequest, desk: Desk, key: str, row: Answer | None, revision: str) -> dict[str, Any]:
    """The context of either page, but for its tables and what follows from them."""
    question = desk.edition.questions[key]
    return {
        "assessment": desk.assessment,
        "offer": desk.offer,
        "concern_url": concern_url(desk, key),
        "text": pick(question.text),
        "why": pick(question.why),
        "where": pick(question.where),
        "sources": source_lines(desk.edition, question.sources),
        "revision": revision or (row.revision if row else 0),
        "comment": request.POST.get("comment", row.comment if row else ""),
        "is_unknown": bool(row and row.status == Answer.Status.UNKNOWN),
    }
