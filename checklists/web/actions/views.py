"""Act: what to find out, to change here, to obtain from the provider, and what is not possible with this offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.core.people.permissions import Action
from checklists.documents.docx.clauses import clauses_docx
from checklists.models import Offer, OfferAction
from checklists.models.actions import MAX_NOTE
from checklists.services.actions.keep_action import ActionIsStale, ActionRefused, Undertaking, keep_action, take_on
from checklists.services.actions.read_actions import taken_on
from checklists.services.permissions import who_may
from checklists.services.reports.draft_files import MEDIA_TYPES
from checklists.web.actions.reading import plan_at, proposed_at
from checklists.web.answers.chapters import question_url
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, kept_form, member_required, offer_or_404
from checklists.words.actions import ActionLine
from checklists.words.clauses import clauses_to_obtain
from checklists.words.day_field import DayField
from checklists.words.judging.sentence import sentence_of


class ActionForm(forms.Form):
    """Who does an action, by when, and how far it is."""

    owner = forms.ChoiceField(label=gettext_lazy("In charge"), required=False)
    due = DayField(label=gettext_lazy("Due"), required=False, help_text=gettext_lazy("day/month/year"))
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=OfferAction.State.choices)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, offer: Offer, row: OfferAction | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {str(person.pk): str(person) for person in who_may(Action.ANSWER, offer.assessment)}
        if row and row.owner:
            people.setdefault(str(row.owner_id), str(row.owner))
        self.fields["owner"].choices = [("", _("Nobody yet")), *people.items()]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def said(self) -> Undertaking:
        """What a valid form says."""
        given = self.cleaned_data
        owner = int(given["owner"]) if given["owner"] else None
        return Undertaking(owner, given["due"], given["state"], given["note"].strip())


@member_required
def act(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Everything to do about the offer, in four kinds."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "tab": "act",
        "said": sentence_of(desk.edition, desk.judgement).text,
        "plan": plan_at(desk),
    }
    return render(request, "web/actions/act.html", context)


@member_required
@require_safe
def clauses(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """What to have written in the contract: a page, a text to send, or a document to edit."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    wanted = clauses_to_obtain(desk.edition, desk.judgement)
    context = {"assessment": offer.assessment, "offer": offer, "clauses": wanted}
    form = request.GET.get("form", "")
    if form not in ("docx", "text"):
        return render(request, "web/actions/clauses.html", context)
    if form == "docx":
        response = HttpResponse(clauses_docx(offer.name, wanted, get_language()), content_type=MEDIA_TYPES["docx"])
    else:
        response = render(request, "web/actions/clauses.txt", context, content_type="text/plain; charset=utf-8")
    name = f"clauses-{slugify(offer.name)[:80]}.{'docx' if form == 'docx' else 'txt'}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@member_required
def change(request: SignedRequest, offer_id: UUID, action_key: str) -> HttpResponse:
    """One action: who does it, by when, how far it is."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    line = plan_at(desk).line(action_key)
    if line is None:
        raise Http404("no such action")
    row = taken_on(offer).get(action_key)
    kept = kept_form(request) if request.method == "GET" else None
    form = ActionForm(offer, row, kept or (request.POST if request.method == "POST" else None), initial=_initial(row))
    status, conflict = 200, False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                keep_action(offer, action_key, form.said(), revision=form.cleaned_data["revision"], by=request.user)
            except ActionRefused as refused:
                for field, message in refused.errors.items():
                    form.add_error(field, message)
            except ActionIsStale as stale:
                conflict, status = True, 409
                sent = request.POST.copy()
                sent["revision"] = str(stale.current.revision if stale.current else 0)
                form.data = sent
            else:
                messages.success(request, _("Saved."))
                return redirect(reverse("act", args=[offer.pk]) + f"#{action_key}")
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "line": line,
        "form": form,
        "conflict": conflict,
        "answer_url": _answer_url(desk, line),
    }
    return render(request, "web/actions/change.html", context, status=status)


def _initial(row: OfferAction | None) -> dict[str, Any]:
    stands = Undertaking.of(row)
    owner = str(stands.owner) if stands.owner else ""
    revision = row.revision if row else 0
    return {"owner": owner, "due": stands.due, "state": stands.state, "note": stands.note, "revision": revision}


def _answer_url(desk: Desk, line: ActionLine) -> str:
    """Where the question that the action is about is answered; '' for a rule."""
    return question_url(desk.pages(desk.judgement), line.question) if line.question else ""


@require_POST
@member_required
def fewest(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Put the smallest set that reaches a verdict on the list of what is to be done."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    sets = proposed_at(Desk(offer.assessment, offer)).fewest
    chosen = next((each for each in sets if each.target.key == request.POST.get("target")), None)
    if chosen is None:
        messages.error(request, _("This verdict is not among those that this offer can reach."))
        return redirect("act", offer.pk)
    number = take_on(offer, chosen.keys, request.user)
    sentence = ngettext("%(n)d action put on the list.", "%(n)d actions put on the list.", number)
    messages.success(request, sentence % {"n": number} if number else _("They are all on the list already."))
    return redirect("act", offer.pk)
