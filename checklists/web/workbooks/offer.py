"""A member downloads the questions of an offer as a workbook, fills them in off line, and brings them back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklists.core.editions.edition import Question
from checklists.core.judging.answer import AnswerStatus
from checklists.core.kinds import kind_of
from checklists.core.people.permissions import Action
from checklists.files.workbook import Head, Row, WorkbookRefused, workbook_file
from checklists.models import Evidence, Offer
from checklists.services.languages import language_here
from checklists.services.workbooks.compare import compare
from checklists.services.workbooks.take_back import Taken, standing_of_offer, take_back
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, member_required, offer_or_404
from checklists.web.workbooks.differences import Differences, FileForm, carried_in, differences, lines_in
from checklists.words.vocabulary import pick

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN, ALL, CHOICE = "open", "all", "choice"


class SelectionForm(forms.Form):
    """Which questions the workbook holds, and in which language."""

    which = forms.ChoiceField(
        label=gettext_lazy("Questions"),
        choices=[
            (ALL, gettext_lazy("All that are asked of this offer")),
            (OPEN, gettext_lazy("Those that are open: not answered, or “I don’t know”")),
            (CHOICE, gettext_lazy("Those that I tick below")),
        ],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect, required=False
    )
    question = forms.MultipleChoiceField(
        label=gettext_lazy("Questions to include"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["question"]
        chosen.choices = [(each.key, pick(each.text)) for each in questions]


def answerable(desk: Desk) -> dict[str, Question]:
    """The questions that a workbook of the offer may answer: tables are filled in on their own pages."""
    return {key: question for key, question in desk.asked.questions.items() if not kind_of(question.kind).is_table}


def head_of(desk: Desk, offer: Offer) -> Head:
    title = _("%(offer)s – %(assessment)s") % {"offer": offer.name, "assessment": offer.assessment.name}
    note = _("Tables, such as the control chain, are filled in on their own pages.")
    return Head("offer", str(offer.pk), offer.assessment.edition.sha256, title, note)


@member_required
def workbook(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Download, send back, see what differs, take what is ticked."""
    needed = Action.ANSWER if request.method == "POST" else Action.READ
    offer = offer_or_404(request, offer_id, may=needed)
    desk = Desk(offer.assessment, offer)
    if request.method != "POST":
        return _page(request, desk, offer)
    asked, head = answerable(desk), head_of(desk, offer)
    try:
        if "carried" in request.POST:
            return _take(request, desk, offer, asked, head)
        lines = lines_in(request.FILES.get("file"), head, asked)
    except WorkbookRefused as refusal:
        return _page(request, desk, offer, refused=refusal.problems, status=422)
    standing = standing_of_offer(desk.rows, list(asked))
    return _page(request, desk, offer, found=differences(lines, standing, asked, head))


def _take(request: SignedRequest, desk: Desk, offer: Offer, asked: dict[str, Question], head: Head) -> HttpResponse:
    lines, seen = carried_in(request, head, asked)
    ticked = set(request.POST.getlist("take"))
    found = compare(lines, standing_of_offer(desk.rows, list(asked)))
    chosen = [each for each in found if each.line.key in ticked and each.is_open]
    taken = take_back(offer.assessment, offer, asked, chosen, seen, request.user)
    tell(request, taken)
    if not (taken.stale or taken.refused):
        return redirect("workbook", offer.pk)
    left = [line for line in lines if line.key in {*taken.stale, *taken.refused}]
    fresh = Desk(offer.assessment, offer)
    standing = standing_of_offer(fresh.rows, [line.key for line in left])
    again = differences(left, standing, asked, head, taken)
    return _page(request, fresh, offer, found=again, status=409 if taken.stale else 422)


def tell(request: Any, taken: Taken) -> None:
    """What was saved, and what was not."""
    if taken.saved:
        sentence = ngettext("%(n)d answer taken over.", "%(n)d answers taken over.", len(taken.saved))
        messages.success(request, sentence % {"n": len(taken.saved)})
    elif not (taken.stale or taken.refused):
        messages.warning(request, _("Nothing was taken over: nothing was ticked, or nothing differs any more."))
    if left := len(taken.stale) + len(taken.refused):
        sentence = ngettext(
            "%(n)d answer is not saved yet: see below.", "%(n)d answers are not saved yet: see below.", left
        )
        messages.error(request, sentence % {"n": left})


def _page(
    request: SignedRequest,
    desk: Desk,
    offer: Offer,
    *,
    found: Differences | None = None,
    refused: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    questions = list(answerable(desk).values())
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "selection": SelectionForm(
            questions=questions, initial={"which": ALL, "language": language_here(get_language())}
        ),
        "file_form": FileForm(),
        "found": found,
        "refused": refused,
    }
    return render(request, "web/workbooks/offer.html", context, status=status)


@require_safe
@member_required
def workbook_of_offer(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The file, for the questions that the address names."""
    offer = offer_or_404(request, offer_id, may=Action.READ)
    desk = Desk(offer.assessment, offer)
    asked = answerable(desk)
    keys = chosen_keys(desk, asked, request.GET.get("which", ALL), set(request.GET.getlist("question")))
    standing, documents = standing_of_offer(desk.rows, keys), _documents(desk, keys)
    rows = [
        Row(asked[key], standing[key].said, standing[key].revision, *documents.get(key, ("", None))) for key in keys
    ]
    language = language_here(request.GET.get("language") or get_language())
    return as_download(workbook_file(head_of(desk, offer), desk.asked, rows, language), offer.name)


def chosen_keys(desk: Desk, asked: dict[str, Question], which: str, ticked: set[str]) -> list[str]:
    """The questions to write, in the order of the checklist; what the address does not name well is all of them."""
    states = desk.states(desk.judgement)
    if which == CHOICE:
        return [key for key in asked if key in ticked]
    now = [key for key in asked if states[key].asked]
    return [key for key in now if states[key].status in (None, AnswerStatus.UNKNOWN)] if which == OPEN else now


def _documents(desk: Desk, keys: list[str]) -> dict[str, tuple[str, Any]]:
    """The last document of each answer: its title, and the last day it is valid."""
    rows = [desk.rows[key] for key in keys if key in desk.rows and desk.rows[key].pk]
    found = Evidence.objects.filter(answer__in=rows, removed_at=None).order_by("pk")
    values = found.values_list("answer__question", "title", "valid_until")
    return {key: (title, valid_until) for key, title, valid_until in values}


def as_download(contents: bytes, name: str) -> HttpResponse:
    """The workbook as a file that is named after what it is about."""
    response = HttpResponse(contents, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:60] or "workbook"}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
