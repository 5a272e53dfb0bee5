"""Reports, impacts and e-mails obey one setting: a thread of the site, or the operator's worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from checklists.documents import tasks
from checklists.models import Edition, ImpactRun, Notice, Offer, PrintJob, User
from checklists.models.jobs import DONE, FAILED, RUNNING, Job
from checklists.services.drafts.open_draft import open_draft
from checklists.services.impact import measure_impact
from checklists.services.impact.queue import ask_impact
from checklists.services.jobs import queue
from checklists.services.jobs.background import Background
from checklists.services.notices import mail_notices
from checklists.services.notices.notify import notify
from checklists.services.reports.issue_report import issue_report

KINDS = {"press": tasks._press, "impact": measure_impact._background, "mail": mail_notices._background}


@pytest.fixture
def waiting(example: Offer, officer: User, edition: Edition) -> dict[str, Any]:
    """One thing of each kind that waits."""
    report, _is_new = issue_report(example, language="en", form="summary", by=officer)
    run = ask_impact(open_draft("cnil-hosting", edition, officer), officer)
    notify(Notice.Kind.DUE, [officer], example, link="/deadlines/", by=None)
    return {"press": report.job, "impact": run, "mail": Notice.objects.get()}


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that would have been started."""
    names: list[str] = []
    monkeypatch.setattr(Background, "_start_thread", lambda background: names.append(background.name))
    return names


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_worker_a_thread_does_it(
    waiting: Any, kind: str, settings: Any, started: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    settings.BACKGROUND_WORKER = False
    with django_capture_on_commit_callbacks(execute=True):
        KINDS[kind].set_going()
        assert started == []
    assert started == [kind]
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_with_a_worker_one_call_waits_for_it_however_often_it_is_asked(
    waiting: Any, kind: str, settings: Any, started: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    settings.BACKGROUND_WORKER = True
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            KINDS[kind].set_going()
    assert [call.task_path for call in DBTaskResult.objects.all()] == [KINDS[kind].task.module_path]
    assert started == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_set_going_when_nothing_waits(
    db: None, kind: str, settings: Any, started: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    for settings.BACKGROUND_WORKER in (True, False):
        with django_capture_on_commit_callbacks(execute=True):
            KINDS[kind].set_going()
    assert (started, DBTaskResult.objects.count()) == ([], 0)


def test_the_worker_sends_the_e_mails(waiting: Any, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.BACKGROUND_WORKER = settings.NOTICE_MAIL_AT_ONCE = True
    with django_capture_on_commit_callbacks(execute=True):
        mail_notices.set_going()
    assert mail.outbox == []
    assert DBTaskResult.objects.get().task.func() == len(mail.outbox) == 1
    assert not mail_notices.is_anything_waiting()


@pytest.mark.parametrize("model", [PrintJob, ImpactRun])
def test_a_job_is_taken_by_one_taken_over_when_lost_and_given_up_the_second_time(
    waiting: Any, model: type[Job]
) -> None:
    first = queue.take(model)
    assert first is not None
    assert (first.state, first.attempts, queue.take(model)) == (RUNNING, 1, None)
    silent(first)
    second = queue.take(model)
    assert second is not None
    assert (second.pk, second.attempts) == (first.pk, 2)
    queue.record_failure(first)
    assert model.jobs.get().state == RUNNING, "it is in another's hands"
    silent(second)
    assert queue.is_anything_due(model)
    queue.give_up_the_lost(model)
    assert model.jobs.get().state == FAILED
    assert not queue.is_anything_due(model)


@pytest.mark.parametrize("model", [PrintJob, ImpactRun])
def test_a_job_that_fails_is_tried_once_more(waiting: Any, model: type[Job]) -> None:
    tried = queue.work_off(lambda: queue.take(model), queue.record_failure)
    assert (tried, model.jobs.get().state, model.jobs.get().attempts) == (2, FAILED, 2)


def test_a_sign_of_life_brings_back_nothing_that_ended(waiting: Any) -> None:
    job = queue.take(PrintJob)
    assert job is not None
    PrintJob.jobs.update(state=DONE)
    queue.show_life(job)
    queue.record_failure(job)
    assert PrintJob.jobs.get().state == DONE


def silent(job: Job) -> None:
    type(job).jobs.filter(pk=job.pk).update(alive_at=timezone.now() - Job.SILENCE - timedelta(seconds=1))


def test_what_is_asked_for_while_a_thread_works_is_done_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    begun, go_on, passes = threading.Event(), threading.Event(), []

    class Slow:
        @staticmethod
        def func() -> int:
            passes.append(threading.current_thread().name)
            begun.set()
            go_on.wait(10)
            return 0

    background = Background("slow", Slow, lambda: True)  # type: ignore[arg-type]
    start: Callable[[], None] = background._start_thread
    start()
    assert begun.wait(10)
    start()
    start()
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "slow":
            thread.join(10)
    assert passes == ["slow", "slow"]
