"""Read a portfolio: which assessments, in what order. Narrow lines are sorted; only a page of them is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from checklists.core.editions.vocabulary import Verdict
from checklists.core.plain_text import plain
from checklists.models import Assessment, Edition, Organisation, PortfolioLine, User
from checklists.models.portfolio import PortfolioLineQuerySet
from checklists.services.plain_search import with_words

NOTHING = "none"
"""Asked of the verdict: nothing established; of the deadline: no deadline."""
OVERDUE = "overdue"
MOST_WORDS = 8
"""Words of a search that count."""
SORTS: Mapping[str, str] = {
    "name": "name_key",
    "host": "host_verdict",
    "best": "best_verdict",
    "distance": "distance",
    "confidence": "confidence",
    "progress": "progress",
    "deadline": "deadline",
    "reference": "reference_date",
    "changed": "changed_at",
}
"""What a portfolio is sorted by, and the column."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assessments are asked for; an empty field asks for all.

    ``verdict`` is a verdict's key or ``NOTHING``, of the offer that counts; ``reached`` and ``example`` 'yes' or 'no';
    ``due`` a number of days (what is overdue included), ``OVERDUE`` or ``NOTHING``; ``edition`` a row's number.
    """

    search: str = ""
    verdict: str = ""
    reached: str = ""
    due: str = ""
    edition: str = ""
    example: str = ""
    sort: str = "changed"
    is_descending: bool = True

    @property
    def rests_on_verdicts(self) -> bool:
        """Whether a line that waits to be judged again may be out of its place, or left out."""
        return bool(self.verdict or self.reached or self.due) or self.sort not in ("changed", "reference")


def lines_for(user: User, organisation: Organisation | None) -> PortfolioLineQuerySet:
    """The lines in use of ``organisation``, a membership of ``user``, and of the assessments lent to them."""
    # Named one by one: they are few, and a portfolio without any is then read straight from its own index.
    lent = list(Assessment.objects.lent_to(user).values_list("pk", flat=True))
    lines = PortfolioLine.objects.in_use()
    return (
        lines.filter(Q(organisation=organisation) | Q(pk__in=lent)) if lent else lines.filter(organisation=organisation)
    )


def chosen(lines: PortfolioLineQuerySet, wanted: Wanted, today: date) -> PortfolioLineQuerySet:
    """Those of ``lines`` that are wanted. A line that waits to be judged again meets no condition on what is judged."""
    if wanted.verdict:
        verdict = None if wanted.verdict == NOTHING else Verdict.from_key(wanted.verdict)
        lines = lines.fresh().filter(verdict=verdict)
    if wanted.reached:
        reached = Q(distance__lte=0) if wanted.reached == "yes" else Q(distance__gt=0)
        lines = lines.fresh().filter(reached)
    if wanted.due == NOTHING:
        lines = lines.fresh().filter(deadline=None)
    elif wanted.due == OVERDUE:
        lines = lines.fresh().filter(deadline__lt=today)
    elif wanted.due:
        lines = lines.fresh().filter(deadline__lte=today + timedelta(days=int(wanted.due)))
    if wanted.edition:
        lines = lines.filter(edition=int(wanted.edition))
    if wanted.example:
        lines = lines.filter(is_example=wanted.example == "yes")
    for word in plain(wanted.search).split()[:MOST_WORDS]:
        renamed = with_words(lines.stale(), ("assessment__name",), word)
        lines = lines.filter(Q(search_text__contains=word) | Q(pk__in=renamed.order_by().values("pk")))
    return lines


def in_order(lines: PortfolioLineQuerySet, wanted: Wanted) -> PortfolioLineQuerySet:
    """Sorted as asked. What is not known comes last either way, and after it what waits to be judged again."""
    column = F(SORTS[wanted.sort])
    if wanted.sort in ("changed", "reference"):
        return lines.order_by(column.desc() if wanted.is_descending else column.asc(), "pk")
    by = column.desc(nulls_last=True) if wanted.is_descending else column.asc(nulls_last=True)
    return lines.order_by("is_stale", by, "pk")


def load_assessments(keys: Sequence[UUID], user: User) -> list[Assessment]:
    """The assessments, in the order of ``keys``, with all that a row shows. One query."""
    rows = (
        Assessment.objects.with_role_of(user)
        .select_related("edition", "organisation", "line__next_step", "line__host__standing", "line__best__standing")
        .defer("edition__document", "description")
        .in_bulk(keys)
    )
    return [rows[key] for key in keys if key in rows]


def verdict_counts(lines: PortfolioLineQuerySet) -> dict[Verdict | None, int]:
    """How many stand at each verdict, and at none (``None``); what waits to be judged again is left out."""
    counted = lines.fresh().order_by().values_list("verdict").annotate(count=Count("*"))
    found = {None if verdict is None else Verdict(verdict): count for verdict, count in counted}
    return {verdict: found.get(verdict, 0) for verdict in (*Verdict, None)}


def editions_in(lines: PortfolioLineQuerySet) -> QuerySet[Edition]:
    """The editions that some of ``lines`` rest on, without their documents."""
    return Edition.objects.filter(Exists(lines.filter(edition=OuterRef("pk")))).defer("document")
