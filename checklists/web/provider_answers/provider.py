"""The provider's own pages: prove the address, answer, attach, send. No account, and nothing but what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from checklists.core.editions.edition import Edition, Question
from checklists.core.kinds import kind_of
from checklists.models import Answer, ProviderAnswer, ProviderDocument, ProviderRequest
from checklists.services.answers.save_answer import AnswerRefused, Said
from checklists.services.evidence.receive_file import (
    FileRefused,
    Received,
    accepted_endings,
    accepted_words,
    receive_file,
)
from checklists.services.frameworks.choose_frameworks import choices_of
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.provider_answers import answer_questions, prove_address
from checklists.services.provider_answers.answer_questions import ContentIsLocked, LinkClosed
from checklists.web.answers.forms import GIVEN, OPTION_PREFIX, Choice, choices_for, names, said_in, was_sent
from checklists.web.site.limits import is_too_often
from checklists.words.day_field import DayField
from checklists.words.editions.parts import wording_word
from checklists.words.judging.presentation import SourceLine, source_lines
from checklists.words.kinds import face_of
from checklists.words.vocabulary import pick

PROOFS = "provider_proofs"
"""In a session: what shows, by request, that its link and address were proven."""
MOST_DOORS = 60
"""Times one address may knock in an hour, whatever the link."""
MOST_CODES = 6
"""Codes mailed for one link in an hour."""
MOST_SAVES = 240
"""Savings and files from one address in an hour."""

View = Callable[..., HttpResponse]


def own_language(request: HttpRequest, asked: ProviderRequest) -> None:
    """Speak the language that the sender chose, until the reader chooses another."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and asked.language in dict(settings.LANGUAGES):
        translation.activate(asked.language)
        request.LANGUAGE_CODE = asked.language


@never_cache
def door(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the e-mail opens: a code is mailed to its address, typed here, and opens the questions."""
    if is_too_often(request, "provider-door", MOST_DOORS, 3600):
        return _closed(request, 429)
    asked = prove_address.read_link(token)
    if asked is None:
        return _closed(request, 404)
    own_language(request, asked)
    if _is_proven(request, asked):
        return redirect("provider-questions", asked.pk)
    error, is_sent = "", request.GET.get("sent") == "yes"
    if request.method == "POST" and "code" in request.POST:
        if proof := prove_address.check_code(asked, request.POST["code"][:40]):
            request.session.cycle_key()
            request.session[PROOFS] = {**request.session.get(PROOFS, {}), str(asked.pk): proof}
            return redirect("provider-questions", asked.pk)
        error, is_sent = (
            _("This code is wrong, used or too old. Type the last one you received, or ask for another."),
            True,
        )
    elif request.method == "POST":
        if is_too_often(None, f"provider-code-{asked.pk}", MOST_CODES, 3600):
            error, is_sent = _("Too many codes were sent. Use the last one, or come back in an hour."), True
        else:
            try:
                prove_address.mail_code(asked, translation.get_language() or asked.language)
            except OSError:
                error = _("The e-mail could not be sent. Try again in a few minutes.")
            else:
                return redirect(f"{request.path}?sent=yes")
    context = {"asked": asked, "masked": masked(asked.email), "error": error, "is_sent": is_sent}
    return render(request, "web/provider_answers/door.html", context, status=422 if error else 200)


def masked(email: str) -> str:
    """The address with its middle hidden: who holds a link that is not theirs learns no address."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


def _is_proven(request: HttpRequest, asked: ProviderRequest) -> bool:
    kept = request.session.get(PROOFS, {}).get(str(asked.pk), "")
    return bool(kept) and prove_address.is_proven(asked, kept)


def _closed(request: HttpRequest, status: int = 403) -> HttpResponse:
    """The same page for what never existed, ended, was revoked, or was not proven here."""
    return render(request, "web/provider_answers/closed.html", {"too_often": status == 429}, status=status)


def proven(view: View) -> View:
    """Only who proved the address, in this session, of a link that still works."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, request_id: UUID, **kwargs: Any) -> HttpResponse:
        found = ProviderRequest.objects.open().filter(pk=request_id).select_related("offer__assessment__edition")
        asked = found.defer("offer__assessment__edition__document").first()
        if asked is None or not _is_proven(request, asked):
            return _closed(request)
        own_language(request, asked)
        if request.method == "POST" and is_too_often(request, "provider-save", MOST_SAVES, 3600):
            return _closed(request, 429)
        try:
            return view(request, asked, **kwargs)
        except LinkClosed:
            return _closed(request)
        except ContentIsLocked:
            context = {"asked": asked, "typed": _typed(request)}
            return render(request, "web/provider_answers/locked.html", context, status=423)

    return guarded


def _typed(request: HttpRequest) -> list[str]:
    """What was typed in words, to be copied."""
    return [str(text) for name, text in request.POST.items() if text and name.startswith("q-") and "-comment" in name]


@dataclass
class ProviderCard:
    """One question as the provider sees it: its words, its answers, and what is kept."""

    key: str
    number: int
    text: str
    why: str
    where: str
    sources: tuple[SourceLine, ...]
    is_table: bool
    choices: list[Choice]
    justification: str
    comment: str
    names: dict[str, str]
    documents: list[ProviderDocument]
    is_answered: bool
    typed: Any = None
    errors: dict[str, Any] = field(default_factory=dict)
    wording: str = ""


def asked_questions(asked: ProviderRequest) -> tuple[Edition, list[Question]]:
    """The questionnaire, and those of its questions that were sent and are still in it."""
    assessment = asked.offer.assessment
    edition = questionnaire_of(assessment, choices_of(assessment))
    found = [edition.questions[key] for key in asked.questions if key in edition.questions]
    return edition, [question for question in found if question.scope == "offer"]


def _cards(asked: ProviderRequest, sent: QueryDict | None = None) -> dict[str, ProviderCard]:
    edition, asked_now = asked_questions(asked)
    rows = {row.question: row for row in asked.answers.all()}
    documents: dict[str, list[ProviderDocument]] = {}
    for document in asked.documents.filter(removed_at=None):
        documents.setdefault(document.question, []).append(document)
    return {
        question.key: _card(edition, question, number, rows.get(question.key), documents.get(question.key, []), sent)
        for number, question in enumerate(asked_now, 1)
    }


def _card(
    edition: Edition,
    question: Question,
    number: int,
    row: ProviderAnswer | None,
    documents: list[ProviderDocument],
    sent: QueryDict | None,
) -> ProviderCard:
    face, field_names = face_of(question.kind), names(question.key)
    chosen = _radio(question, row)
    value = face.shown(row.value) if row and row.value and face.radio else ""
    texts = {"justification": row.justification if row else "", "comment": row.comment if row else ""}
    if sent is not None and was_sent(question, sent):
        chosen, value = sent.get(field_names["answer"], ""), sent.get(field_names["value"], "")
        texts = {part: sent.get(field_names[part], "") for part in texts}
    return ProviderCard(
        key=question.key,
        number=number,
        text=pick(question.text),
        why=pick(question.why),
        wording=wording_word(question.wording),
        where=pick(question.where),
        sources=source_lines(edition, question.sources),
        is_table=kind_of(question.kind).is_table,
        choices=[] if kind_of(question.kind).is_table else choices_for(question, chosen),
        names=field_names,
        documents=documents,
        is_answered=bool(row and (row.status != Answer.Status.UNANSWERED or row.comment)) or bool(documents),
        typed=_typed_field(question, value),
        justification=texts["justification"],
        comment=texts["comment"],
    )


def _typed_field(question: Question, value: str) -> Any:
    """The field of an answer that is typed, bound to nothing; ``None`` for one chosen from a list."""
    if (typed := face_of(question.kind).field()) is None:
        return None
    form, name = forms.Form(), names(question.key)["value"]
    typed.initial = value
    form.fields[name] = typed
    return form[name]


def _radio(question: Question, row: ProviderAnswer | None) -> str:
    if row is None or row.status == Answer.Status.UNANSWERED:
        return ""
    if row.status != Answer.Status.ANSWERED:
        return row.status
    return OPTION_PREFIX + row.value if kind_of(question.kind).has_options else GIVEN


@proven
def questions(request: HttpRequest, asked: ProviderRequest) -> HttpResponse:
    """Every question sent, what is kept of each, and the button that sends them."""
    if request.method != "POST":
        return _render(request, asked, _cards(asked))
    problems = _save(asked, request.POST)
    if problems:
        cards = _cards(asked, request.POST)
        for key, errors in problems.items():
            cards[key].errors = errors
        return _render(request, asked, cards, status=422)
    if request.POST.get("go") == "submit":
        version = answer_questions.submit(asked)
        if version:
            messages.success(request, _("Your answers are sent (version %(n)d).") % {"n": version.number})
        else:
            messages.warning(
                request, _("Nothing was sent: nothing is answered, or nothing changed since the last sending.")
            )
        return redirect("provider-questions", asked.pk)
    if (wanted := request.POST.get("documents", "")) in asked.questions:
        return redirect("provider-documents", asked.pk, wanted)
    messages.success(request, _("Kept. Nobody reads it before you send it."))
    return redirect("provider-questions", asked.pk)


def _save(asked: ProviderRequest, sent: QueryDict) -> dict[str, dict[str, Any]]:
    """Keep each answer that changed; what cannot be kept, by question, with a sentence a field."""
    rows = {row.question: row for row in asked.answers.all()}
    problems: dict[str, dict[str, Any]] = {}
    for question in asked_questions(asked)[1]:
        if not was_sent(question, sent):
            continue
        said = _said(question, sent)
        row = rows.get(question.key)
        stands = Said(row.status, row.value, row.justification, row.comment) if row else Said(Answer.Status.UNANSWERED)
        if said == stands:
            continue
        try:
            answer_questions.keep_answer(asked, question, said)
        except AnswerRefused as refusal:
            problems[question.key] = refusal.errors
    return problems


def _said(question: Question, sent: QueryDict) -> Said:
    """What was typed, without the character that no text holds; a table is answered in words only."""
    said = said_in(question, sent)[0]
    texts = [text.replace("\x00", "").strip() for text in (said.justification, said.comment)]
    if kind_of(question.kind).is_table:
        return Said(Answer.Status.UNANSWERED, "", "", texts[1])
    return Said(said.status, said.value.replace("\x00", ""), *texts)


def _render(
    request: HttpRequest, asked: ProviderRequest, cards: dict[str, ProviderCard], status: int = 200
) -> HttpResponse:
    context = {
        "asked": asked,
        "cards": list(cards.values()),
        "failed": [card for card in cards.values() if card.errors],
        "answered": sum(card.is_answered for card in cards.values()),
        "is_closed": asked.offer.assessment.is_closed,
    }
    return render(request, "web/provider_answers/questions.html", context, status=status)


class DocumentForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("What a reader would ask for: “Contract, clause 12.3”, “HDS certificate”."),
    )
    valid_until = DayField(label=gettext_lazy("Valid until"), required=False, help_text=gettext_lazy("Day/month/year."))
    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": accepted_endings()}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("%(types)s; %(most)s at most. No macros, scripts or passwords.") % {
            "types": accepted_words(),
            "most": filesizeformat(settings.EVIDENCE_MAX_BYTES),
        }
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("title", "valid_until", "file")

    def clean_file(self) -> Received:
        sent = self.cleaned_data["file"]
        try:
            return receive_file(sent.name, sent.read(settings.EVIDENCE_MAX_BYTES + 1))
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


@proven
def documents(request: HttpRequest, asked: ProviderRequest, question_key: str) -> HttpResponse:
    """The documents beside one answer: attach one, take one away."""
    question = next((each for each in asked_questions(asked)[1] if each.key == question_key), None)
    if question is None:
        raise Http404(f"no question {question_key}")
    attached = asked.documents.filter(question=question_key, removed_at=None)
    form = DocumentForm()
    if request.method == "POST" and "remove" in request.POST:
        number = request.POST["remove"]
        document = get_object_or_404(attached, pk=number) if _is_uuid(number) else None
        if document:
            answer_questions.detach(asked, document)
        return redirect("provider-documents", asked.pk, question_key)
    if request.method == "POST":
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid():
            said = form.cleaned_data
            try:
                answer_questions.attach(asked, question_key, said["title"], said["valid_until"], said["file"])
            except FileRefused as refusal:
                form.add_error("file", str(refusal))
            else:
                messages.success(request, _("“%(title)s” is kept.") % {"title": said["title"]})
                return redirect("provider-documents", asked.pk, question_key)
    context = {
        "asked": asked,
        "question": pick(question.text),
        "key": question_key,
        "where": pick(question.where),
        "documents": list(attached),
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "web/provider_answers/documents.html", context, status=422 if form.errors else 200)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
