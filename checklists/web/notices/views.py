"""What awaits the reader, and what of it they want by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from checklists.core.editions.edition import Edition
from checklists.models import Assessment, Notice, User
from checklists.services.day_format import date_format
from checklists.services.frameworks.choose_frameworks import with_choices
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.notices.choose_mail import choice_of, choose_mail, language_for, read_refusal, refuse_mail
from checklists.services.notices.read_notices import read_all_notices, read_notice
from checklists.services.portfolio.awaiting import what_awaits
from checklists.services.team.assign import WORKLOAD
from checklists.web.portfolio.views import invitations_of
from checklists.web.site.access import SignedRequest, current_membership, member_required
from checklists.words.vocabulary import pick

PER_PAGE = 30
Kind = Notice.Kind

# Whole sentences: word order is the language's own.
SENTENCES: dict[str, Any] = {
    Kind.ASSIGNED: gettext_lazy("%(by)s assigned to you: %(part)s"),
    Kind.UNASSIGNED: gettext_lazy("Nobody answers any more: %(part)s"),
    Kind.MENTIONED: gettext_lazy("%(by)s mentions you in the discussion: %(part)s"),
    Kind.REPLIED: gettext_lazy("%(by)s replied in the discussion: %(part)s"),
    Kind.DUE: gettext_lazy("Due on %(due)s: %(part)s"),
    Kind.SUBMITTED: gettext_lazy("%(by)s submitted for review: %(part)s"),
    Kind.RETURNED: gettext_lazy("%(by)s returned after review: %(part)s"),
    Kind.APPROVED: gettext_lazy("%(by)s accepted or approved: %(part)s"),
    Kind.REOPENED: gettext_lazy("%(by)s reopened: %(part)s"),
    Kind.PROVIDER_ANSWERED: gettext_lazy("The provider sent answers: %(part)s"),
}


class MailChoiceForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Send me an e-mail when"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    daily = forms.TypedChoiceField(
        label=gettext_lazy("How often"),
        choices=[("", gettext_lazy("Each time, at once")), ("daily", gettext_lazy("Gathered in one e-mail a day"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the e-mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


@member_required
def listing(request: SignedRequest) -> HttpResponse:
    """The reader's notices, the newest first; sending the page marks them all as read."""
    user: User = request.user
    if request.method == "POST":
        read_all_notices(user)
        return redirect("notices")
    notices = Notice.objects.shown_to(user).select_related("assessment__edition", "offer", "by")
    notices = notices.defer("assessment__edition__document").prefetch_related(
        with_choices("assessment__framework_choices")
    )
    page = Paginator(notices, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(notice, sentence(notice)) for notice in page]
    membership = current_membership(request)
    awaiting = what_awaits(user, membership, timezone.localdate(), judges=False)
    context = {
        "page": page,
        "lines": lines,
        "has_unread": notices.unread().exists(),
        "awaiting": awaiting,
        "invitations": invitations_of(awaiting),
        "organisation": membership.organisation if membership else None,
    }
    return render(request, "web/notices/listing.html", context)


def sentence(notice: Notice) -> str:
    words: Mapping[str, Any] = {
        "by": notice.by or _("A former member"),
        "part": part_words(notice.assessment, notice.part) or notice.assessment.name,
        "due": date_format(notice.due, "DATE_FORMAT") if notice.due else "",
    }
    return str(SENTENCES[notice.kind] % words)


def part_words(assessment: Assessment, key: str) -> str:
    """A concern's title or a question's text in the reader's language; '' for neither."""
    return part_title(questionnaire_of(assessment, assessment.framework_choices.all()), key)


def part_title(edition: Edition, key: str) -> str:
    if key == WORKLOAD:
        return _("The processing to be hosted")
    if concern := edition.concerns.get(key):
        return pick(concern.title)
    question = edition.questions.get(key)
    return pick(question.text) if question else ""


@member_required
def open_notice(request: SignedRequest) -> HttpResponse:
    """Go where a notice leads; it is read from then on. One that is not theirs leads back to the list."""
    chosen = request.GET.get("notice", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    notice = read_notice(request.user, number)
    return redirect(notice.link if notice else "notices")


@member_required
def mail_choice(request: SignedRequest) -> HttpResponse:
    user: User = request.user
    if request.method == "POST":
        form = MailChoiceForm(request.POST)
        if form.is_valid():
            choose_mail(user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("mail-choice")
    else:
        choice = choice_of(user)
        kinds = [kind for kind in Kind.values if kind not in choice.refused]
        daily = "daily" if choice.daily else ""
        form = MailChoiceForm(initial={"kinds": kinds, "daily": daily, "language": language_for(choice)})
    return render(request, "web/notices/mail_choice.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
def refuse(request: HttpRequest, signed: str) -> HttpResponse:
    """The link in an e-mail. Looking changes nothing, since scanners look; sending refuses, signed in or not.

    Mail programs send it by themselves, without a cookie or a token of ours (RFC 8058, 3.2): the signature is the
    permission, and all it permits is to receive less.
    """
    found = read_refusal(signed)
    if found is None:
        return render(request, "web/notices/refusal_void.html", status=404)
    user, kinds = found
    if request.method == "POST":
        refuse_mail(user, kinds)
    context = {"kinds": [Kind(kind).label for kind in kinds], "is_done": request.method == "POST"}
    return render(request, "web/notices/refusal.html", context)
