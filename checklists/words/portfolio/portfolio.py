"""A portfolio in words: one row an assessment. The page and the files read the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.judgement import VerdictBand
from checklists.models import Assessment, Offer, PortfolioLine
from checklists.services.portfolio.deadlines import REASONS, reassessment
from checklists.words.judging.presentation import Step, step
from checklists.words.judging.sentence import badge_of, is_too_little
from checklists.words.vocabulary import VERDICTS


@dataclass(frozen=True, slots=True)
class OfferCell:
    """One offer as a row shows it. ``verdict`` is the mark of its sentence, ``None`` while too little is known."""

    offer: Offer
    verdict: Step | None
    worst: str
    best: str
    is_settled: bool
    low: int
    high: int
    confidence: int


@dataclass(frozen=True, slots=True)
class DeadlineCell:
    """``what`` is why to assess again, or the title of the step that ends."""

    day: date
    what: str
    is_late: bool
    away: str


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment. ``waits``: it changed since it was judged, and no figure is shown until it is judged again."""

    assessment: Assessment
    waits: bool
    host: OfferCell | None
    best: OfferCell | None
    best_is_host: bool
    required: Step | None
    distance: int | None
    distance_words: str
    confidence: int | None
    asked: int
    answered: int
    deadline: DeadlineCell | None
    today: date

    @property
    def reference_age(self) -> str:
        return age(self.assessment.reference_date, self.today)

    @property
    def changed_age(self) -> str:
        return age(timezone.localtime(self.assessment.updated_at).date(), self.today)

    @property
    def counting(self) -> OfferCell | None:
        """The offer whose verdict is the assessment's."""
        return self.host or self.best


def portfolio_rows(assessments: Iterable[Assessment], today: date) -> Iterator[Row]:
    """Each with its line, its offers' standings and its next step at hand: no query."""
    for assessment in assessments:
        line = assessment.line
        line.assessment = assessment
        waits = line.is_stale
        host, best = (None, None) if waits else (_offer(line.host), _offer(line.best))
        yield Row(
            assessment=assessment,
            waits=waits,
            host=host,
            best=best,
            best_is_host=bool(host and best and host.offer.pk == best.offer.pk),
            required=None if waits or line.required is None else step(Verdict(line.required)),
            distance=None if waits else line.distance,
            distance_words="" if waits else distance_words(line.distance, is_judged=line.verdict is not None),
            confidence=None if waits else line.confidence,
            asked=0 if waits else line.asked,
            answered=0 if waits else line.answered,
            deadline=None if waits else _deadline(line, today),
            today=today,
        )


def _offer(offer: Offer | None) -> OfferCell | None:
    if offer is None:
        return None
    standing = offer.standing
    band = VerdictBand(Verdict(standing.worst), Verdict(standing.best))
    established = None if standing.verdict is None else Verdict(standing.verdict)
    return OfferCell(
        offer=offer,
        verdict=None if is_too_little(band, established) else step(badge_of(band, established)),
        worst=str(VERDICTS[Verdict(standing.worst)]),
        best=str(VERDICTS[Verdict(standing.best)]),
        is_settled=standing.worst == standing.best,
        low=standing.low,
        high=standing.high,
        confidence=standing.confidence,
    )


def distance_words(distance: int | None, *, is_judged: bool) -> str:
    """Where the verdict stands against the least required."""
    if distance is None:
        return _("not known yet") if is_judged else _("no verdict yet")
    if distance <= 0:
        return _("reached")
    return ngettext("%(n)d level below the minimum required", "%(n)d levels below the minimum required", distance) % {
        "n": distance
    }


def age(day: date, today: date) -> str:
    """How long ago, in its largest unit: '3 months'. Today and later days have a word of their own."""
    if day >= today:
        return _("today") if day == today else _("to come")
    return timesince(day, today, depth=1)


def _deadline(line: PortfolioLine, today: date) -> DeadlineCell | None:
    day = line.deadline
    if day is None:
        return None
    again = reassessment(line, today)
    return DeadlineCell(
        day=day,
        what=str(REASONS[again.reason])
        if again and again.due == day
        else line.next_step.title
        if line.next_step
        else "",
        is_late=day < today,
        away=days_away(day, today),
    )


def days_away(day: date, today: date) -> str:
    """'in 12 days', '3 days late', 'today'."""
    days = (day - today).days
    if days < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days} if days else _("today")


def file_lines(rows: Iterable[Row]) -> Iterator[list[str | int | date | None]]:
    """The portfolio as a table: a heading, then a line an assessment."""
    offer_heads = (
        _("offer"),
        _("provider"),
        _("verdict"),
        _("at worst"),
        _("at best"),
        _("score, low"),
        _("score, high"),
    )
    yield [
        _("Assessment"),
        _("Organisation"),
        _("Worked example"),
        _("Edition"),
        _("Up to date"),
        *(_("Current host: %(what)s") % {"what": head} for head in offer_heads),
        *(_("Best offer: %(what)s") % {"what": head} for head in offer_heads),
        _("Minimum required"),
        _("Levels below the minimum"),
        _("Confidence, per cent"),
        _("Questions asked"),
        _("Questions answered"),
        _("Reference date"),
        _("Last change"),
        _("Next deadline"),
        _("What falls due"),
        _("Identifier"),
    ]
    for row in rows:
        yield _file_line(row)


def _file_line(row: Row) -> list[str | int | date | None]:
    assessment = row.assessment
    return [
        assessment.name,
        assessment.organisation.name,
        _("yes") if assessment.is_example else _("no"),
        str(assessment.edition),
        _("to be judged again") if row.waits else _("yes"),
        *_file_cells(row.host),
        *_file_cells(row.best),
        str(row.required.label) if row.required else "",
        None if row.distance is None else max(0, row.distance),
        row.confidence,
        None if row.waits else row.asked,
        None if row.waits else row.answered,
        assessment.reference_date,
        timezone.localtime(assessment.updated_at).date(),
        row.deadline.day if row.deadline else None,
        row.deadline.what if row.deadline else "",
        str(assessment.pk),
    ]


def _file_cells(cell: OfferCell | None) -> list[str | int | date | None]:
    if cell is None:
        return [""] * 7
    verdict = str(cell.verdict.label) if cell.verdict else _("no verdict yet")
    return [cell.offer.name, cell.offer.provider, verdict, cell.worst, cell.best, cell.low, cell.high]
