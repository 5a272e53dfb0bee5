"""Who answers what: the parts of one assessment given to people, and what is given to the reader everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from checklists.core.people.permissions import Action
from checklists.core.plain_text import plain
from checklists.models import Answer, Assessment, Assignment, Offer, OfferAction, User
from checklists.models.evidence import with_evidence
from checklists.services.actions.read_actions import actions_for, is_late
from checklists.services.day_format import date_format
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import establish_rows, questionnaire_of
from checklists.services.judging.judge_offer import edition_of
from checklists.services.permissions import who_may
from checklists.services.team.assign import (
    AssignmentIsStale,
    AssignmentRefused,
    Charge,
    assign,
    assignments_of,
    part_address,
)
from checklists.services.team.part_progress import Progress, assignments_for, progress_of
from checklists.web.answers.chapters import Chapter, chapters, with_assignments
from checklists.web.notices.views import part_words
from checklists.web.site.access import SignedRequest, assessment_or_404, kept_form, member_required
from checklists.words.actions import action_about
from checklists.words.day_field import DayField

SOON = 14
"""Days before the due day in which a part is marked as due soon."""
_DAY = DayField(required=False)


@dataclass
class Line:
    """One part as the page shows it: what stands, or what was sent, and what is wrong with it."""

    page: Chapter
    offer: Offer | None
    name: str
    person: str
    due: str
    seen: str
    person_error: str = ""
    due_error: str = ""
    conflict: str = ""


def places_of(assessment: Assessment) -> list[tuple[Offer | None, list[Chapter]]]:
    """The workload, then each offer, with their parts, how far they are and who answers them. Four queries."""
    rows = list(Answer.objects.filter(assessment=assessment).prefetch_related(with_evidence()))
    asked = questionnaire_of(assessment, choices_of(assessment))
    assignments = assignments_of(assessment)

    def parts(offer: Offer | None) -> list[Chapter]:
        own = [row for row in rows if row.offer_id in (None, offer and offer.pk)]
        pages = chapters(asked, establish_rows(asked, assessment, own).states, assessment, offer)
        return with_assignments(pages[1:] if offer else pages, assignments, offer)

    return [(offer, parts(offer)) for offer in (None, *assessment.offers.all())]


@member_required
def change(request: SignedRequest, assessment_id: UUID) -> HttpResponse:
    """Every part of the assessment, to be given to somebody, by a day."""
    assessment = assessment_or_404(request, assessment_id, may=Action.MANAGE_ASSESSMENT)
    places = places_of(assessment)
    kept = kept_form(request) if request.method == "GET" else None
    data = kept or (request.POST if request.method == "POST" else None)
    lines = [_line(page, offer, data) for offer, pages in places for page in pages]
    status = 200
    if request.method == "POST":
        changed = sum(_assign(line, assessment, request.user) for line in lines)
        if not any(line.person_error or line.due_error or line.conflict for line in lines):
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("assessment", assessment.pk)
        messages.error(request, _("Some parts are not saved yet: see below. The others are."))
        status = 422
    context = {
        "assessment": assessment,
        "places": [(offer, [line for line in lines if line.offer == offer]) for offer, _pages in places],
        "people": _people(assessment, lines),
    }
    return render(request, "web/team/assign.html", context, status=status)


def _people(assessment: Assessment, lines: list[Line]) -> list[tuple[str, User]]:
    """Who may answer; and whoever is in charge already, or saving the page would take it from them unseen."""
    people = {str(person.pk): person for person in who_may(Action.ANSWER, assessment)}
    for line in lines:
        if line.page.assignment and (person := line.page.assignment.assignee):
            people.setdefault(str(person.pk), person)
    return list(people.items())


def _line(page: Chapter, offer: Offer | None, data: QueryDict | None) -> Line:
    name = f"{offer.pk if offer else 'assessment'}-{page.key}"
    standing = Charge.of(page.assignment)
    line = Line(page, offer, name, str(standing.person or ""), _shown(standing.due), _seen(standing))
    if data is not None and f"seen-{name}" in data:
        line.person, line.due = data.get(f"person-{name}", ""), data.get(f"due-{name}", "")
        line.seen = data.get(f"seen-{name}", "")
    return line


def _assign(line: Line, assessment: Assessment, by: User) -> bool:
    """Save what the line says, if it says something else than what was seen; what is wrong is noted on it."""
    seen = _charge_seen(line.seen)
    try:
        due = _DAY.clean(line.due)
    except ValidationError as error:
        line.due_error = " ".join(error.messages)
        return False
    if line.person and not (line.person.isascii() and line.person.isdigit() and len(line.person) < 19):
        line.person_error = _("Choose somebody in the list.")
        return False
    charge = Charge(int(line.person) if line.person else None, due)
    if charge == seen:
        return False
    try:
        assign(assessment, line.offer, line.page.key, charge, seen=seen, by=by)
    except AssignmentRefused as refused:
        line.person_error = str(refused.errors["person"])
        return False
    except AssignmentIsStale as stale:
        line.conflict, line.seen = _standing_words(stale.current), _seen(Charge.of(stale.current))
        return False
    return True


def _standing_words(current: Assignment | None) -> str:
    person = current.assignee if current else None
    due = date_format(current.due, "DATE_FORMAT") if current and current.due else _("no day")
    return _("%(person)s, %(due)s") % {"person": person or _("nobody"), "due": due}


def _seen(charge: Charge) -> str:
    return f"{charge.person or ''}|{charge.due.isoformat() if charge.due else ''}"


def _charge_seen(text: str) -> Charge:
    person, _bar, due = text.partition("|")
    is_number = person.isascii() and person.isdigit() and len(person) < 19
    try:
        return Charge(int(person) if is_number else None, parse_date(due))
    except ValueError:
        return Charge()


def _shown(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


@dataclass(frozen=True)
class Task:
    """One part given to the reader."""

    assignment: Assignment
    title: str
    url: str
    progress: Progress
    days_left: int | None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def is_soon(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= SOON


@member_required
def my_work(request: SignedRequest) -> HttpResponse:
    """What is given to the reader across assessments: what is due first, first; what is complete, apart."""
    assignments = list(assignments_for(request.user))
    progress = progress_of(assignments)
    today = timezone.localdate()
    tasks = [_task(assignment, progress[assignment.pk], today) for assignment in assignments]
    # A part of a framework no longer chosen is not asked any more.
    tasks = [task for task in tasks if task.title]
    tasks.sort(key=lambda task: (task.assignment.due or date.max, plain(task.assignment.assessment.name), task.title))
    context: dict[str, Any] = {
        "waiting": [task for task in tasks if not task.progress.is_complete],
        "complete": [task for task in tasks if task.progress.is_complete],
        "actions": [_deed(row, today) for row in actions_for(request.user)],
    }
    return render(request, "web/team/my_work.html", context)


@dataclass(frozen=True)
class Deed:
    """One action given to the reader."""

    row: OfferAction
    title: str
    is_late: bool


def _deed(row: OfferAction, today: date) -> Deed:
    return Deed(row, action_about(edition_of(row.offer.assessment), row.key), is_late(row, today))


def _task(assignment: Assignment, progress: Progress, today: date) -> Task:
    title = part_words(assignment.assessment, assignment.concern)
    url = part_address(assignment) + (f"#q-{progress.first_open}" if progress.first_open else "")
    return Task(assignment, title, url, progress, (assignment.due - today).days if assignment.due else None)
