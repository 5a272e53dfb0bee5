"""The provider fills in the same workbook behind its link: what it says is kept there, and sent when it sends."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklists.core.editions.edition import Question
from checklists.files.workbook import Head, Row, WorkbookRefused, workbook_file
from checklists.models import ProviderRequest
from checklists.services.languages import language_here
from checklists.services.workbooks.compare import Standing, compare
from checklists.services.workbooks.take_back import (
    as_kept_by_provider,
    standing_of_provider,
    take_back_for_provider,
)
from checklists.web.provider_answers.provider import asked_questions, proven
from checklists.web.workbooks.differences import Differences, FileForm, carried_in, differences, lines_in
from checklists.web.workbooks.offer import as_download, tell


def head_of(asked: ProviderRequest) -> Head:
    """It names the service and nothing of the team."""
    title = _("Questions about “%(service)s”") % {"service": asked.service}
    note = _("Attach files on the page of the questions; name them here.")
    return Head("link", str(asked.pk), asked.offer.assessment.edition.sha256, title, note)


@proven
def provider_workbook(request: HttpRequest, asked: ProviderRequest) -> HttpResponse:
    """Download, send back, see what differs, keep what is ticked."""
    if request.method != "POST":
        return _page(request, asked)
    questions = {question.key: question for question in asked_questions(asked)[1]}
    head = head_of(asked)
    try:
        if "carried" in request.POST:
            return _take(request, asked, questions, head)
        lines = lines_in(request.FILES.get("file"), head, questions)
    except WorkbookRefused as refusal:
        return _page(request, asked, refused=refusal.problems, status=422)
    lines = [as_kept_by_provider(line, questions[line.key]) for line in lines]
    return _page(request, asked, found=differences(lines, _standing(asked, questions), questions, head))


def _standing(asked: ProviderRequest, questions: dict[str, Question]) -> dict[str, Standing]:
    return {key: stands for key, stands in standing_of_provider(asked).items() if key in questions}


def _take(request: HttpRequest, asked: ProviderRequest, questions: dict[str, Question], head: Head) -> HttpResponse:
    lines, seen = carried_in(request, head, questions)
    ticked = set(request.POST.getlist("take"))
    chosen = [each for each in compare(lines, _standing(asked, questions)) if each.line.key in ticked and each.is_open]
    taken = take_back_for_provider(asked, questions, chosen, seen)
    tell(request, taken)
    if not (taken.stale or taken.refused):
        return redirect("provider-questions", asked.pk)
    left = [line for line in lines if line.key in {*taken.stale, *taken.refused}]
    standing = _standing(asked, {line.key: questions[line.key] for line in left})
    again = differences(left, standing, questions, head, taken)
    return _page(request, asked, found=again, status=409 if taken.stale else 422)


def _page(
    request: HttpRequest,
    asked: ProviderRequest,
    *,
    found: Differences | None = None,
    refused: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "asked": asked,
        "file_form": FileForm(),
        "found": found,
        "refused": refused,
        "is_closed": asked.offer.assessment.is_closed,
    }
    return render(request, "web/workbooks/link.html", context, status=status)


@proven
def workbook_of_link(request: HttpRequest, asked: ProviderRequest) -> HttpResponse:
    """The file: every question sent, and what is kept of each."""
    edition, questions = asked_questions(asked)
    standing = standing_of_provider(asked)
    rows = [Row(question, standing[question.key].said) for question in questions]
    language = language_here(get_language() or asked.language)
    return as_download(workbook_file(head_of(asked), edition, rows, language), asked.service)
