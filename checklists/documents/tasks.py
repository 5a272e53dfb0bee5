"""The press in the background: see ``services.jobs.background``.

What sets pages is imported where it is used: a site that only asks for reports does not load it.
"""

from __future__ import annotations

from django_tasks import task

from checklists.services.jobs.background import Background
from checklists.services.reports.draft_files import is_any_draft_due
from checklists.services.reports.print_queue import is_anything_due


@task()
def print_waiting_reports() -> int:
    """Make every report that waits; how many were tried."""
    from checklists.documents.press import work_off

    return work_off()


@task()
def make_waiting_drafts() -> int:
    """Make every file of a draft that waits; how many were tried."""
    from checklists.documents.draft_press import work_off_drafts

    return work_off_drafts()


def make_drafts_now() -> None:
    """Make the files of drafts that wait, in this process."""
    from checklists.documents.draft_press import work_off_drafts

    work_off_drafts()


_drafts = Background("draft-press", make_waiting_drafts, is_any_draft_due)
_press = Background("press", print_waiting_reports, is_anything_due)


def set_going() -> None:
    """Have what waits made, once the current transaction is committed."""
    _press.set_going()


def set_drafts_going() -> None:
    """Have the files of drafts that wait made, once the current transaction is committed."""
    _drafts.set_going()
