"""The impacts to be worked out: one row a run, taken by whoever works, kept across restarts, cancelled at will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklists.models import Draft, ImpactRow, ImpactRun, User
from checklists.packs.files.problems import PackError
from checklists.services.drafts.check_draft import check_draft
from checklists.services.drafts.compile_draft import compile_draft
from checklists.services.drafts.open_draft import DraftRefused
from checklists.services.jobs import queue as job_queue
from checklists.services.trail.record import record

State = ImpactRun.State
GOING = (State.WAITING, State.RUNNING)


class Stopped(Exception):
    """The run was cancelled, or somebody else took it over: what was found since the last save is dropped."""


@transaction.atomic
def ask_impact(draft: Draft, by: User | None) -> ImpactRun:
    """A run on ``draft`` as it stands; the one that is going if it reads the same revision.

    Raises ``PackError`` when the draft has errors, ``DraftRefused`` when it is published or dropped. Who asked is told
    to the trail: it is a reading of every organisation's assessments (decision 0045).
    """
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.state not in (Draft.State.OPEN, Draft.State.SUBMITTED):
        raise DraftRefused(_("This draft is published or dropped already."))
    if errors := [problem for problem in check_draft(draft) if not problem.is_warning]:
        raise PackError(errors)
    going = ImpactRun.objects.filter(draft=draft, state__in=GOING).defer("document").first()
    if going and going.revision == draft.revision:
        return going
    if going:
        cancel_impact(going)
    document = compile_draft(draft).to_document()
    run = ImpactRun.objects.create(draft=draft, revision=draft.revision, document=document, asked_by=by)
    details = {"label": draft.checklist, "revision": draft.revision}
    record("impact.asked", organisation=None, subject_type="draft", subject_id=draft.pk, details=details)
    return run


def cancel_impact(run: ImpactRun) -> bool:
    """Stop the run if it is going; whoever works on it sees it at their next save."""
    going = ImpactRun.objects.filter(pk=run.pk, state__in=GOING)
    return bool(going.update(state=State.CANCELLED, cursor=None, summary={}, finished_at=timezone.now()))


def latest_run(draft: Draft) -> ImpactRun | None:
    """The last run that was not cancelled, without its document. One query."""
    runs = ImpactRun.objects.filter(draft=draft).exclude(state=State.CANCELLED)
    return runs.select_related("asked_by").defer("document").first()


def latest_result(draft: Draft) -> ImpactRun | None:
    """The last run that was finished, without its document. One query."""
    return ImpactRun.objects.filter(draft=draft, state=State.DONE).defer("document").first()


def take_run() -> ImpactRun | None:
    """The next run, now in the caller's hands; ``None`` when there is none left."""
    job_queue.give_up_the_lost(ImpactRun, cursor=None, summary={})
    return job_queue.take(ImpactRun)


def is_anything_due() -> bool:
    return job_queue.is_anything_due(ImpactRun)


@transaction.atomic
def save_progress(run: ImpactRun, cursor: UUID, done: int, organisations: Iterable[int], rows: list[ImpactRow]) -> None:
    """Keep what was found up to the assessment ``cursor``; after a restart the run goes on from there.

    ``organisations`` are those of the offers that move: counted at the end, then forgotten. Raises ``Stopped``.
    """
    run.done, run.cursor, run.summary = done, cursor, {"organisations": sorted(organisations)}
    _write(run, done=done, cursor=cursor, summary=run.summary, alive_at=timezone.now())
    ImpactRow.objects.bulk_create(rows)


@transaction.atomic
def start(run: ImpactRun, total: int) -> None:
    """Say how many offers there are to read. Raises ``Stopped``."""
    run.total = total
    _write(run, total=total, alive_at=timezone.now())


@transaction.atomic
def finish(run: ImpactRun, summary: Mapping[str, Any]) -> None:
    """Keep the figures and drop the earlier runs of the same draft. Raises ``Stopped``."""
    _write(run, state=State.DONE, cursor=None, summary=dict(summary), finished_at=timezone.now())
    ImpactRun.objects.filter(draft=run.draft_id).exclude(pk=run.pk).exclude(state__in=GOING).delete()


def record_failure(run: ImpactRun) -> None:
    """Back in the queue the first time, given up the second."""
    job_queue.record_failure(run)


def _write(run: ImpactRun, **values: Any) -> None:
    mine = ImpactRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts)
    if not mine.update(**values):
        raise Stopped
