"""The team's pages: send questions to a provider, read what it answers beside what stands, accept one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.core.editions.edition import Question
from checklists.core.judging.answer import AnswerStatus
from checklists.core.people.permissions import Action
from checklists.models import Answer, Offer, ProviderDocument, ProviderRequest, ProviderVersion
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said
from checklists.services.evidence import files as evidence_files
from checklists.services.evidence.receive_file import FileRefused
from checklists.services.provider_answers import accept_answer as accepting
from checklists.services.provider_answers import ask_provider
from checklists.services.provider_answers.ask_provider import AskRefused
from checklists.services.provider_answers.read_answers import Sent, sent_answers, undecided
from checklists.services.trail.record import record
from checklists.web.answers.conflicts import Conflict, Version
from checklists.web.answers.views import Desk
from checklists.web.evidence.lines import question_page
from checklists.web.evidence.views import SERVED_AS
from checklists.web.site.access import SignedRequest, member_required, offer_or_404
from checklists.web.site.limits import is_too_often
from checklists.words.kinds import face_of
from checklists.words.vocabulary import pick

MOST_SENT = 30
"""E-mails to providers that one address may have sent in an hour."""
ALL, OPEN, CHOICE = "all", "open", "choice"


class AskForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address at the provider"),
        max_length=254,
        help_text=gettext_lazy("Of the person who answers: a code sent to that address opens the questions."),
    )
    service = forms.CharField(label=gettext_lazy("Service, as the provider names it"), max_length=200)
    asked_by = forms.CharField(
        label=gettext_lazy("Asked by"),
        max_length=200,
        help_text=gettext_lazy(
            "What the provider reads of you: it sees no name of a person, no assessment, no verdict."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the questions"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    days = forms.IntegerField(
        label=gettext_lazy("The link works for (days)"), min_value=1, max_value=ask_provider.MOST_DAYS, initial=30
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Written in the e-mail and above the questions."),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Questions"),
        choices=[
            (OPEN, gettext_lazy("Those that are open: not answered, or “I don’t know”")),
            (ALL, gettext_lazy("All that are asked of this offer")),
            (CHOICE, gettext_lazy("Those that I tick below")),
        ],
        initial=OPEN,
        widget=forms.RadioSelect,
    )
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Questions to send"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(each.key, pick(each.text)) for each in questions]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


@member_required
def requests(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The links sent about one offer, and the form that sends another."""
    needed = Action.MANAGE_ASSESSMENT if request.method == "POST" else Action.SEE_TEAM
    offer = offer_or_404(request, offer_id, may=needed)
    desk = Desk(offer.assessment, offer)
    questions = [question for question in desk.asked.questions.values() if question.scope == "offer"]
    initial = {
        "service": offer.name,
        # An organisation founded with an account bears its address until it is renamed: no name of a person leaves.
        "asked_by": "" if "@" in (name := offer.assessment.organisation.name) else name,
        "language": get_language(),
    }
    form = AskForm(request.POST or None, questions=questions, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asked = _ask(request, desk, offer, form.cleaned_data)
        except AskRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The questions are on their way to %(email)s.") % {"email": asked.email})
            return redirect("provider-requests", offer.pk)
    sent = list(ProviderRequest.objects.filter(offer=offer).select_related("created_by"))
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "form": form,
        "requests": [(each, undecided(each)) for each in sent],
    }
    return render(request, "web/provider_answers/requests.html", context, status=422 if form.errors else 200)


def _ask(request: SignedRequest, desk: Desk, offer: Offer, said: dict[str, Any]) -> ProviderRequest:
    if is_too_often(request, "ask-provider", MOST_SENT, 3600):
        raise AskRefused(_("Too many e-mails were sent from here. Wait an hour, then send this one."))
    return ask_provider.ask_provider(
        offer,
        email=said["email"],
        service=said["service"],
        asked_by=said["asked_by"],
        message=said["message"],
        questions=_chosen(desk, said["which"], said["chosen"]),
        language=said["language"],
        days=said["days"],
        by=request.user,
    )


def _chosen(desk: Desk, which: str, ticked: list[str]) -> list[str]:
    """The keys to send, in the order of the checklist: of questions about the offer only."""
    states = desk.states(desk.judgement)
    keys = [question.key for question in desk.asked.questions.values() if question.scope == "offer"]
    if which == CHOICE:
        return [key for key in keys if key in ticked]
    asked = [key for key in keys if states[key].asked]
    return asked if which == ALL else [key for key in asked if states[key].status in (None, AnswerStatus.UNKNOWN)]


def _request_or_404(request: SignedRequest, offer_id: UUID, request_id: UUID, may: Action) -> ProviderRequest:
    offer = offer_or_404(request, offer_id, may=may)
    asked = get_object_or_404(ProviderRequest.objects.select_related("created_by"), pk=request_id, offer=offer)
    asked.offer = offer
    return asked


@member_required
def one(request: SignedRequest, offer_id: UUID, request_id: UUID) -> HttpResponse:
    """What the provider answered, question by question beside what stands; sending decides of one answer."""
    needed = Action.ANSWER if request.method == "POST" else Action.SEE_TEAM
    asked = _request_or_404(request, offer_id, request_id, needed)
    desk = Desk(asked.offer.assessment, asked.offer)
    version, sent = sent_answers(asked)
    problem: dict[str, Any] = {}
    if request.method == "POST":
        key = request.POST.get("question", "")
        problem = _decide(request, desk, version, next((each for each in sent if each.question == key), None))
        if not problem:
            return redirect(f"{request.path}#q-{key}")
    lines = [_line(desk, each, problem) for each in sent if each.question in desk.asked.questions]
    context = {
        "assessment": asked.offer.assessment,
        "offer": asked.offer,
        "asked": asked,
        "version": version,
        "lines": lines,
        "waiting": sum(line["is_waiting"] for line in lines),
        "gone": len(sent) - len(lines),
    }
    return render(request, "web/provider_answers/request.html", context, status=problem.get("status", 200))


def _decide(request: SignedRequest, desk: Desk, version: ProviderVersion | None, one: Sent | None) -> dict[str, Any]:
    """Accept or set aside; what went wrong, for the page, or nothing."""
    question = desk.asked.questions.get(one.question) if one else None
    if version is None or one is None or question is None or request.POST.get("version") != str(version.number):
        messages.warning(request, _("The provider sent other answers meanwhile: read them before you decide."))
        return {}
    standing = desk.rows.get(question.key)
    version.request.offer = desk.offer  # type: ignore[assignment]
    if request.POST.get("outcome") == "set_aside":
        accepting.set_aside(version, question.key, by=request.user)
        return {}
    sent = request.POST.get("revision", "")
    revision = int(sent) if sent.isdecimal() and len(sent) < 9 else 0
    try:
        accepting.accept_answer(version, question, standing=standing, revision=revision, by=request.user)
    except AnswerIsStale as stale:
        said = accepting.said_by_provider(one.said, stale.current)
        conflict = desk.conflict(request, question, stale.current, said)
        return {"question": question.key, "conflict": conflict, "standing": stale.current, "status": 409}
    except AnswerRefused as refusal:
        return {"question": question.key, "errors": list(refusal.errors.values()), "status": 422}
    except FileRefused as refusal:
        return {"question": question.key, "errors": [str(refusal)], "status": 422}
    except ValueError:
        return {
            "question": question.key,
            "errors": [_("This answer cannot be accepted by itself: read it, then answer the question.")],
            "status": 422,
        }
    messages.success(request, _("Accepted as a claim: confirm it among the questions once something shows it."))
    return {}


def _line(desk: Desk, one: Sent, problem: dict[str, Any]) -> dict[str, Any]:
    """One question of the page: what stands, what the provider says, what it said before, what may be done."""
    question = desk.asked.questions[one.question]
    mine = problem if problem.get("question") == question.key else {}
    standing = mine.get("standing") or desk.rows.get(question.key)
    is_same = bool(one.said) and accepting.is_same(one.said, standing)
    stands = Said(standing.status, standing.value, standing.justification, standing.comment) if standing else None
    conflict: Conflict | None = mine.get("conflict")
    return {
        "key": question.key,
        "text": pick(question.text),
        "stands": version_of(question, stands),
        "says": version_of(question, _said(one.said)) if one.said else None,
        "before": version_of(question, _said(one.before)) if one.before else None,
        "is_new": one.is_new,
        "is_same": is_same,
        "differs": accepting.can_be_accepted(one.said)
        and not is_same
        and standing is not None
        and standing.status == Answer.Status.ANSWERED,
        "can_be_accepted": accepting.can_be_accepted(one.said),
        "revision": standing.revision if standing else 0,
        "decision": one.decision,
        "documents": one.documents,
        "conflict": conflict,
        "errors": mine.get("errors", []),
        "url": question_page(question, desk.assessment, desk.offer),
        "is_waiting": bool(one.said) and one.decision is None,
    }


def _said(said: dict[str, Any]) -> Said:
    return Said(said["status"], said["value"], said["justification"], said["comment"])


def version_of(question: Question, said: Said | None) -> Version:
    """An answer in words, whether anything is counted of it or not."""
    if said is None or said.status == Answer.Status.UNANSWERED:
        return Version(_("Not answered"), "", said.comment if said else "")
    if said.status == Answer.Status.ANSWERED:
        words = face_of(question.kind).said(question, said.value)
    else:
        words = str(Answer.Status(said.status).label)
    return Version(words, said.justification, said.comment)


@require_POST
@member_required
def revoke(request: SignedRequest, offer_id: UUID, request_id: UUID) -> HttpResponse:
    asked = _request_or_404(request, offer_id, request_id, Action.MANAGE_ASSESSMENT)
    ask_provider.revoke(asked)
    messages.success(request, _("The link is revoked: it opens nothing any more."))
    return redirect("provider-requests", offer_id)


@require_POST
@member_required
def remind(request: SignedRequest, offer_id: UUID, request_id: UUID) -> HttpResponse:
    asked = _request_or_404(request, offer_id, request_id, Action.MANAGE_ASSESSMENT)
    if is_too_often(request, "ask-provider", MOST_SENT, 3600):
        messages.error(request, _("Too many e-mails were sent from here. Wait an hour, then send this one."))
        return redirect("provider-requests", offer_id)
    try:
        ask_provider.remind_provider(asked)
    except AskRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The link was sent again to %(email)s.") % {"email": asked.email})
    return redirect("provider-requests", offer_id)


@member_required
@require_safe
def download(request: SignedRequest, offer_id: UUID, request_id: UUID, document_id: UUID) -> HttpResponse:
    """A document as the provider sent it, once it was sent: served like any evidence."""
    asked = _request_or_404(request, offer_id, request_id, Action.SEE_TEAM)
    document = get_object_or_404(ProviderDocument, pk=document_id, request=asked)
    if not any(told["id"] == str(document.pk) for told in _told(asked)):
        raise Http404("not sent yet")
    try:
        contents = evidence_files.path_of(document.stored_as).read_bytes()
    except FileNotFoundError as error:
        raise Http404("no file") from error
    record(
        "providerdocument.downloaded",
        organisation=asked.offer.assessment.organisation_id,
        subject=document,
        details={
            "label": document.title,
            "question": document.question,
            "edition": asked.offer.assessment.edition.sha256,
            "sha256": document.sha256,
        },
    )
    named = {"Content-Disposition": content_disposition_header(True, document.original_name)}
    return HttpResponse(contents, content_type=document.media_type, headers=SERVED_AS | named)


def _told(asked: ProviderRequest) -> list[dict[str, str]]:
    """Every document named in a version sent."""
    return [told for version in asked.versions.all() for said in version.answers.values() for told in said["documents"]]
