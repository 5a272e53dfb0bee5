"""How far assigned parts are: what is asked in them now, what is answered, where to go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from checklists.core.people.permissions import Action
from checklists.models import Answer, Assessment, Assignment, Notice, User
from checklists.models.evidence import with_evidence
from checklists.services.frameworks.choose_frameworks import with_choices
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.notices.notify import notify
from checklists.services.team.assign import WORKLOAD, part_address


@dataclass(frozen=True, slots=True)
class Progress:
    """Questions asked now and answered now; ``first_open`` is the first one waiting, '' for none."""

    asked: int
    answered: int
    first_open: str

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked


def open_assignments() -> QuerySet[Assignment]:
    """Those of assessments in use, with what a list shows of each."""
    return (
        Assignment.objects.filter(assessment__binned_at=None)
        .select_related("assessment__edition", "assessment__organisation", "offer", "assignee")
        .prefetch_related(with_choices("assessment__framework_choices"))
        .defer("assessment__edition__document")
    )


def assignments_for(user: User) -> QuerySet[Assignment]:
    """What ``user`` is to answer, where they still may."""
    mine = Assessment.objects.allowing(user, Action.ANSWER).values("pk")
    return open_assignments().filter(assignee=user, assessment__in=mine)


def progress_of(assignments: Iterable[Assignment]) -> dict[int, Progress]:
    """By assignment, of :func:`open_assignments`. One query more, however many there are."""
    assignments = list(assignments)
    numbers = {assignment.assessment_id for assignment in assignments}
    rows: dict[Any, list[Answer]] = defaultdict(list)
    for row in Answer.objects.filter(assessment__in=numbers).prefetch_related(with_evidence()):
        rows[row.assessment_id].append(row)
    states: dict[tuple[Any, Any], Any] = {}
    found: dict[int, Progress] = {}
    for assignment in assignments:
        assessment, place = assignment.assessment, (assignment.assessment_id, assignment.offer_id)
        asked = questionnaire_of(assessment, assessment.framework_choices.all())
        if place not in states:
            own = [row for row in rows[assessment.pk] if row.offer_id in (None, assignment.offer_id)]
            states[place] = establish_rows(asked, assessment, own).states
        scope, concern = ("workload", None) if assignment.concern == WORKLOAD else ("offer", assignment.concern)
        mine = [
            states[place][question.key]
            for question in asked.questions.values()
            if question.scope == scope and (concern is None or question.concern == concern)
        ]
        mine = [state for state in mine if state.asked]
        first_open = next((state.key for state in mine if state.status is None), "")
        answered = sum(state.status is not None for state in mine)
        found[assignment.pk] = Progress(len(mine), answered, first_open)
    return found


def remind_of_assignments(today: date, days: int) -> int:
    """Tell each person once of each part of theirs due within ``days`` or late and not complete; how many notices.

    A part whose day moves is told of again.
    """
    due = open_assignments().filter(due__lte=today + timedelta(days=days)).exclude(assignee=None)
    waiting = [assignment for assignment in due if assignment.reminded_for != assignment.due]
    progress = progress_of(waiting)
    told = 0
    for assignment in waiting:
        if progress[assignment.pk].is_complete or assignment.assignee is None:
            continue
        notices = notify(
            Notice.Kind.DUE,
            [assignment.assignee],
            assignment.offer or assignment.assessment,
            link=part_address(assignment),
            by=None,
            part=assignment.concern,
            due=assignment.due,
            may=Action.ANSWER,
        )
        told += len(notices)
        Assignment.objects.filter(pk=assignment.pk).update(reminded_for=assignment.due)
    return told
