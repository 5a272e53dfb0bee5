"""Read discussions: one thread, all of an assessment, how much was said on each question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from checklists.models import Assessment, Comment, Discussion, Offer


@dataclass(frozen=True, slots=True)
class Talk:
    """How many comments a question has, and whether what they are about is resolved."""

    comments: int
    is_resolved: bool


def _counted(discussions: QuerySet[Discussion]) -> QuerySet[Any]:
    """Those in which something is said, each with ``said``, how many comments, and ``last_at``."""
    stands = Q(comments__deleted_at=None, comments__isnull=False)
    counted = discussions.annotate(said=Count("comments", stands), last_at=Max("comments__created_at", filter=stands))
    return counted.filter(said__gt=0)


def talks_of(assessment: Assessment, offer: Offer | None) -> dict[str, Talk]:
    """By question, on ``offer`` and on the workload. One query."""
    here = Discussion.objects.filter(Q(offer=offer) | Q(offer=None), assessment=assessment)
    return {row.question: Talk(row.said, row.resolved_at is not None) for row in _counted(here) if row.question}


def discussions_of(assessment: Assessment) -> list[Any]:
    """Those on its questions, open ones first, then the latest; each with ``said`` and ``last_at``. One query."""
    rows = _counted(Discussion.objects.filter(assessment=assessment).exclude(question="").select_related("offer"))
    return sorted(rows.order_by("-last_at", "-pk"), key=lambda row: row.resolved_at is not None)


def comments_in(discussion: Discussion) -> list[Comment]:
    """From the first to the last, each with its author. One query."""
    return list(discussion.comments.select_related("author"))
