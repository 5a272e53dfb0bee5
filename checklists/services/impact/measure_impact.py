"""Read every assessment of a checklist under a draft of it: who would move, which way, and because of which part."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django_tasks import task

from checklists.core.editions.edition import Edition
from checklists.core.evidence import NO_BACKING, Backing
from checklists.core.impact.blend import Pair
from checklists.core.impact.causes import Aspect, Attribution, Causes, Figures, gravest, moves, stand
from checklists.core.judging import answer as core
from checklists.models import Answer, Assessment, Evidence, ImpactRow, ImpactRun, Offer
from checklists.models.evidence import with_evidence
from checklists.services.editions.publish_edition import load_edition
from checklists.services.impact.queue import (
    Stopped,
    finish,
    is_anything_due,
    record_failure,
    save_progress,
    start,
    take_run,
)
from checklists.services.jobs.background import Background
from checklists.services.jobs.queue import work_off
from checklists.services.judging.judge_offer import backing_of

log = logging.getLogger(__name__)

BATCH = 100
"""Assessments fetched at once."""
SAVE_EVERY = 1.0
"""Seconds of work between two saves: how far a restart goes back, and how soon a cancelled run stops."""
NAP = 0.001
"""Seconds of rest after each offer: a thread that only computes would keep the site's pages waiting."""
FEWEST_ORGANISATIONS = 3
"""Offers are shown one by one only when those that move belong to at least so many organisations (decision 0045)."""

_READ = ("pk", "assessment", "offer", "question", "status", "value", "justification", "is_presumed")
Answers = frozenset[tuple[str, core.Answer]]
Found = tuple[Aspect, Figures, Figures, Causes]


def measure_waiting() -> int:
    """Work out every run that waits; how many were tried."""
    return work_off(take_run, _work)


def _work(run: ImpactRun) -> None:
    try:
        measure(run)
    except Stopped:
        log.info("an impact was cancelled")
    except Exception:  # Whatever broke, the person who waits is told, and the next run is worked out.
        log.exception("an impact was not worked out")
        record_failure(run)


@task()
def measure_waiting_impacts() -> int:
    """Work out every run that waits; how many were tried."""
    return measure_waiting()


_background = Background("impact", measure_waiting_impacts, is_anything_due)


def set_going() -> None:
    """Have what waits worked out, once the current transaction is committed."""
    _background.set_going()


def measure(run: ImpactRun) -> None:
    """Work out ``run`` from where it stands. Raises ``Stopped`` when it was cancelled or taken over."""
    reading = Reading(Edition.from_document(run.document))
    assessments = Assessment.objects.in_use().filter(edition__checklist=run.draft.checklist)
    if run.cursor is None:
        start(run, Offer.objects.filter(assessment__in=assessments).count())
    done, cursor = run.done, run.cursor
    organisations: set[int] = set(run.summary.get("organisations", ()))
    rows: list[ImpactRow] = []
    saved_at = monotonic()
    for assessment, offers in _with_answers(assessments, run.cursor):
        for answers in offers:
            done += 1
            found = reading.find(assessment.edition.sha256, assessment.reference_date, answers)
            if found:
                organisations.add(assessment.organisation_id)
                rows.append(_row(run, assessment.edition.number, found))
            sleep(NAP)
        cursor = assessment.pk
        if monotonic() - saved_at > SAVE_EVERY:
            save_progress(run, cursor, done, organisations, rows)
            rows, saved_at = [], monotonic()
    if cursor is not None:
        save_progress(run, cursor, done, organisations, rows)
    finish(run, _summary(run, reading.draft, len(organisations)))


class Reading:
    """A draft against the editions that assessments rest on. The same answers are judged once an edition."""

    def __init__(self, draft: Edition) -> None:
        self.draft = draft
        self._attributions: dict[str, Attribution] = {}
        self._once = lru_cache(maxsize=4096)(self._find)

    def find(self, edition: str, day: date, answers: Mapping[str, core.Answer]) -> Found | None:
        """What would move, and why; ``None`` when nothing would. ``edition`` is the fingerprint of the one in use."""
        asked = self._attribution(edition).pair.older.questions.keys() | self.draft.questions.keys()
        return self._once(edition, day, frozenset((key, answers[key]) for key in answers.keys() & asked))

    def _find(self, edition: str, day: date, given: Answers) -> Found | None:
        attribution, answers = self._attribution(edition), dict(given)
        before, after = stand(attribution.pair.older, answers, day), stand(self.draft, answers, day)
        aspect = gravest(before, after)
        return (aspect, before, after, attribution.causes(answers, day, before, after)) if aspect else None

    def _attribution(self, edition: str) -> Attribution:
        if edition not in self._attributions:
            self._attributions[edition] = Attribution(Pair(load_edition(edition), self.draft))
        return self._attributions[edition]


def _with_answers(assessments: Any, after: UUID | None) -> Iterator[tuple[Assessment, list[Mapping[str, core.Answer]]]]:
    """Each assessment with the answers that bear on each of its offers, in a fixed order, from ``after`` on."""
    ordered = (
        assessments.select_related("edition")
        .only("organisation_id", "reference_date", "held_to_evidence", "edition__sha256", "edition__number")
        .order_by("pk")
        .prefetch_related(Prefetch("offers", Offer.objects.order_by("pk").only("assessment_id")))
    )
    while batch := list((ordered.filter(pk__gt=after) if after else ordered)[:BATCH]):
        given: dict[UUID, dict[UUID | None, dict[str, core.Answer]]] = defaultdict(lambda: defaultdict(dict))
        rests_on = {row.pk: backing_of(row) for row in _with_evidence(batch)}
        rows = Answer.objects.filter(assessment__in=batch).exclude(status=Answer.Status.UNANSWERED)
        for row in rows.values(*_READ):
            if answer := _judged(row, rests_on.get(row["pk"], NO_BACKING)):
                given[row["assessment"]][row["offer"]][row["question"]] = answer
        for assessment in batch:
            own = given[assessment.pk]
            yield assessment, [{**own[None], **own[offer.pk]} for offer in assessment.offers.all()]
        after = batch[-1].pk


def _with_evidence(batch: Sequence[Assessment]) -> Iterator[Answer]:
    """The answers that rest on evidence, or should: few of them, so that the others need not become objects."""
    held = [assessment.pk for assessment in batch if assessment.held_to_evidence]
    rests = Q(assessment__in=held) | Q(pk__in=Evidence.objects.in_use().values("answer"))
    by_pk = {assessment.pk: assessment for assessment in batch}
    for row in Answer.objects.filter(rests, assessment__in=batch).prefetch_related(with_evidence()):
        row.assessment = by_pk[row.assessment_id]
        yield row


def _judged(row: Mapping[str, Any], backing: Backing) -> core.Answer | None:
    """An answer as far as it bears on the judgement: of a justification, that there is one."""
    reason = "given" if row["justification"].strip() else ""
    return core.Answer.said(row["status"], row["value"], reason, backing, presumed=row["is_presumed"])


def direction(before: Figures, after: Figures, aspect: Aspect) -> str:
    """'lower', 'higher', or 'both' when the two ends move apart or together."""
    signs = set(moves(before, after, aspect).values())
    return "both" if len(signs) > 1 else "higher" if 1 in signs else "lower"


def _row(run: ImpactRun, number: int, found: Found) -> ImpactRow:
    aspect, before, after, causes = found
    told = {
        "direction": direction(before, after, aspect),
        "alone": [part.place for part in causes.alone],
        "together": [part.place for part in causes.together],
    }
    return ImpactRow(
        run=run, edition=number, aspect=aspect, before=_figures(before), after=_figures(after), causes=told
    )


def _figures(standing: Figures) -> dict[str, str | int]:
    """Verdicts by key; scores in whole points, rounded down as on every page: no offer is known by its decimals."""
    return {
        "established": standing.established.key,
        "worst": standing.worst.key,
        "required": standing.required.key,
        "low": int(standing.low),
        "high": int(standing.high),
    }


def _summary(run: ImpactRun, draft: Edition, organisations: int) -> dict[str, Any]:
    """The figures of a finished run, from its rows."""
    rows = list(run.rows.values_list("edition", "aspect", "before", "after", "causes"))
    directions: dict[str, Counter[str]] = defaultdict(Counter)
    verdicts: Counter[tuple[str, str, str, str]] = Counter()
    parts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for edition, aspect, before, after, causes in rows:
        directions[aspect][causes["direction"]] += 1
        if aspect == Aspect.VERDICT:
            verdicts[before["established"], before["worst"], after["established"], after["worst"]] += 1
        for how in ("alone", "together"):
            for place in causes[how]:
                parts[edition, place].update((how, aspect))
    return {
        "moved": len(rows),
        "shows_rows": organisations >= FEWEST_ORGANISATIONS,
        "directions": {aspect: dict(counts) for aspect, counts in directions.items()},
        "verdicts": [[*move, count] for move, count in verdicts.most_common()],
        "causes": [
            {"edition": edition, "place": place, **counts} for (edition, place), counts in _by_weight(parts.items())
        ],
        "own": _own_parts(run, draft),
    }


def _by_weight(
    parts: Iterable[tuple[tuple[int, str], Counter[str]]],
) -> list[tuple[tuple[int, str], Counter[str]]]:
    """Those that move most verdicts first."""
    return sorted(parts, key=lambda item: (-item[1][Aspect.VERDICT], -item[1].total(), item[0]))


def _own_parts(run: ImpactRun, draft: Edition) -> list[str]:
    """The places of the parts that this draft itself changes, those of editions published before left out."""
    base = run.draft.base
    return [part.place for part in Pair(load_edition(base.sha256), draft).changed] if base else []
