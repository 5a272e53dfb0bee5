"""A first verdict without an account: the interview of an offer that nobody names, kept in the session alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.core.editions.edition import Edition
from checklists.core.interview.choose import Interview
from checklists.core.judging.judge import judge
from checklists.core.kinds import kind_of
from checklists.core.people.permissions import Action, allows
from checklists.models import Edition as EditionRow
from checklists.models import User
from checklists.services.answers.save_answer import AnswerRefused
from checklists.services.day_format import date_format
from checklists.services.editions.publish_edition import current_edition, load_edition
from checklists.services.interview.first_verdict import FirstVerdict, keep_first_verdict
from checklists.services.interview.read_interview import interview_on
from checklists.services.people.found_organisation import found_organisation
from checklists.services.profiles.shortlist import who_could_host
from checklists.web.answers.forms import said_in
from checklists.web.interview.progress import Progress, forget_progress, keep_progress, read_progress
from checklists.web.interview.screen import answered_lines, question_screen, said_of_question, standing
from checklists.web.profiles.hosts import listing
from checklists.web.site.access import SignedRequest, current_membership, member_required
from checklists.web.site.limits import is_too_often
from checklists.words.judging.presentation import present

KEPT = "first_verdict"
ANSWERS_A_MINUTE = 120
REPORTS_A_MINUTE = 6
KEPT_A_MINUTE = 10
HOSTS_A_MINUTE = 20
View = Callable[[HttpRequest], HttpResponseBase]


def while_open(view: View) -> View:
    """404 where the instance has closed first verdicts, or has no checklist."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not settings.FIRST_VERDICT or not EditionRow.objects.exists():
            raise Http404("first verdicts are closed")
        return view(request)

    return guarded


def first_of(request: HttpRequest) -> FirstVerdict:
    """What this session answered, on the edition it began with; a new one where there is none."""
    kept = FirstVerdict.from_session(request.session.get(KEPT))
    if kept and EditionRow.objects.filter(sha256=kept.edition).exists():
        return kept
    return FirstVerdict(current_edition().sha256, timezone.localdate())


def _interview(first: FirstVerdict, progress: Progress) -> Interview:
    """Tables are never asked here: they are put off for good."""
    edition = load_edition(first.edition)
    return interview_on(edition, first.core_answers(), first.day, progress.skipped)


def _next_key(here: Interview, progress: Progress) -> str | None:
    """The question to ask now; ``None`` once only what was put off, or tables, would be left."""
    choice = here.next()
    if choice is None or kind_of(here.edition.questions[choice.question].kind).is_table:
        return None
    return choice.question


@while_open
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the next question, or the one named by ``question``; keep what is sent in the session."""
    progress = read_progress(request, KEPT)
    first = first_of(request)
    here = _interview(first, progress)
    if request.method == "POST":
        if is_too_often(request, "first-verdict", ANSWERS_A_MINUTE, 60):
            return _too_often(request)
        return _take(request, first, here, progress)
    key = request.GET.get("question", "")
    if key:
        state = here.what_if.established.states.get(key)
        if state is None or not state.asked or kind_of(here.edition.questions[key].kind).is_table:
            raise Http404("no such question here")
    found = key or _next_key(here, progress)
    if found is None:
        return redirect("first-verdict-result")
    return _show(request, first, here, progress, found)


def _show(
    request: HttpRequest,
    first: FirstVerdict,
    here: Interview,
    progress: Progress,
    key: str,
    data: QueryDict | None = None,
    problem: AnswerRefused | None = None,
) -> HttpResponse:
    context = question_screen(here, first.rows(), progress, key, data, problem) | {
        "screen": "web/interview/question.html",
        "here_url": reverse("first-verdict"),
        "result_url": reverse("first-verdict-result"),
        "is_first": True,
    }
    return render(request, "web/interview/page.html", context, status=422 if problem else 200)


def _take(request: HttpRequest, first: FirstVerdict, here: Interview, progress: Progress) -> HttpResponse:
    key = request.POST.get("question", "")
    question = here.edition.questions.get(key)
    if question is None or kind_of(question.kind).is_table:
        return redirect("first-verdict")
    if request.POST.get("go") == "skip":
        progress.skip(key)
        keep_progress(request, KEPT, progress)
        return redirect("first-verdict")
    try:
        said_of_question(here, key, request.POST)
        first.answer(question, said_in(question, request.POST)[0])
    except AnswerRefused as problem:
        return _show(request, first, here, progress, key, request.POST, problem)
    request.session[KEPT] = first.to_session()
    progress.answered(key, here.verdict)
    keep_progress(request, KEPT, progress)
    return redirect("first-verdict")


@require_safe
@while_open
def result(request: HttpRequest) -> HttpResponse:
    """The verdict so far, why, by which sources; and how to keep it."""
    first, progress = first_of(request), read_progress(request, KEPT)
    if not first.said:
        return redirect("first-verdict")
    here = _interview(first, progress)
    edition: Edition = here.edition
    shown = present(edition, judge(edition, first.core_answers(), first.day))
    context = standing(here, progress) | {
        "shown": shown,
        "reasons": [*shown.deciding, *shown.shortfalls][:3],
        "actions": shown.actions[:3],
        "answered": answered_lines(here, progress, first.rows()),
        "left": here.questions_left if _next_key(here, progress) else 0,
        "edition": edition,
        "day": first.day,
    }
    return render(request, "web/interview/first_verdict/result.html", context)


@require_safe
@while_open
def report(request: HttpRequest) -> HttpResponse:
    """The verdict on one page, to download."""
    first = first_of(request)
    if not first.said:
        return redirect("first-verdict")
    if is_too_often(request, "first-verdict-report", REPORTS_A_MINUTE, 60):
        return _too_often(request)
    edition, rows = load_edition(first.edition), first.rows()
    judgement = judge(edition, first.core_answers(), first.day)
    # Loaded here: setting pages is dear to load, and few ask for it.
    from checklists.documents.first_verdict import first_verdict_pdf

    contents = first_verdict_pdf(edition, rows, judgement, timezone.localtime(), get_language() or "fr")
    response = HttpResponse(contents, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="porte-cles-first-verdict.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@while_open
def hosts(request: HttpRequest) -> HttpResponse:
    """Who could host the workload that was described, an account or not."""
    first = first_of(request)
    if not first.said:
        return redirect("first-verdict")
    if is_too_often(request, "first-verdict-hosts", HOSTS_A_MINUTE, 60):
        return _too_often(request)
    edition = load_edition(first.edition)
    workload = {
        key: answer for key, answer in first.core_answers().items() if edition.questions[key].scope == "workload"
    }
    found = who_could_host(edition, workload, first.day)
    return render(request, "web/profiles/hosts.html", listing(request, edition, found) | {"assessment": None})


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Nothing of it is left in the session."""
    request.session.pop(KEPT, None)
    forget_progress(request, KEPT)
    messages.success(request, _("Your answers are forgotten."))
    return redirect("home")


@while_open
@member_required
def keep(request: SignedRequest) -> HttpResponse:
    """Make an assessment of it, in the organisation one works in, with nothing typed again."""
    first = FirstVerdict.from_session(request.session.get(KEPT))
    if first is None or not first.said or not EditionRow.objects.filter(sha256=first.edition).exists():
        messages.warning(request, _("There is no first verdict to keep: it may have been kept already."))
        return redirect("assessments")
    name = _("First verdict of %(day)s") % {"day": date_format(first.day, "DATE_FORMAT")}
    if request.method != "POST":
        membership = current_membership(request)
        may_keep = membership is None or allows(membership.role, Action.MANAGE_ASSESSMENT)
        context = {"name": name, "answers": len(first.said), "may_keep": may_keep, "kept_in": membership}
        return render(request, "web/interview/first_verdict/keep.html", context)
    if is_too_often(request, "keep-first-verdict", KEPT_A_MINUTE, 60):
        return _too_often(request)
    user: User = request.user
    membership = current_membership(request)
    if membership and not allows(membership.role, Action.MANAGE_ASSESSMENT):
        raise Http404("no organisation where that is allowed")
    organisation = membership.organisation if membership else found_organisation(user)
    typed = {field: request.POST.get(field, "").strip()[:200] for field in ("name", "offer")}
    offer = keep_first_verdict(
        first, organisation, user, name=typed["name"] or name, offer=typed["offer"] or _("Offer to be named")
    )
    progress = read_progress(request, KEPT)
    keep_progress(request, str(offer.pk), progress)
    request.session.pop(KEPT, None)
    forget_progress(request, KEPT)
    messages.success(request, _("Kept as an assessment, with every answer."))
    return redirect("interview", offer.pk)


def _too_often(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"back": reverse("first-verdict")}
    return render(request, "web/interview/first_verdict/too_often.html", context, status=429)
