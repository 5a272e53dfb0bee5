"""A CAIQ that a provider filled in, read into an offer: what it claims is shown first, then what is ticked is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.people.permissions import Action
from checklists.core.profiles.caiq import Rule, claims
from checklists.core.readable import readable
from checklists.files.caiq import CaiqRefused, read_caiq
from checklists.files.tables import MAX_BYTES
from checklists.models import Offer
from checklists.services.judging.judge_offer import edition_of, rows_of
from checklists.services.profiles.fill_from_caiq import CaiqProposal, caiq_proposals, fill_from_caiq
from checklists.web.site.access import SignedRequest, member_required, offer_or_404
from checklists.words.kinds import face_of
from checklists.words.vocabulary import listed, pick

SALT = "checklists.caiq"
LASTS = 24 * 3600
"""Seconds that a page of claims can be sent for."""


class CaiqForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CAIQ filled in by the provider"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("XLSX, version 4, 2 MB at most. Nothing is filled in before you choose."),
    )


@member_required
def caiq(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Send the file, see what it claims, tick what is to be filled in."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    if request.method != "POST":
        return _page(request, offer)
    try:
        if "carried" in request.POST:
            return _fill(request, offer)
        sent = request.FILES.get("file")
        if sent is None:
            raise CaiqRefused(_("Choose the file of the CAIQ."))
        read = read_caiq(sent.read(MAX_BYTES + 1))
    except CaiqRefused as refusal:
        return _page(request, offer, refused=str(refusal), status=422)
    name = readable(" ".join((sent.name or "").split()))[:150]
    return _page(
        request, offer, found=_proposals(offer, read.answers), answers=read.answers, file=name, total=read.total
    )


def _proposals(offer: Offer, answers: dict[str, str]) -> list[CaiqProposal]:
    return caiq_proposals(edition_of(offer.assessment), rows_of(offer.assessment, offer), claims(answers))


def _fill(request: SignedRequest, offer: Offer) -> HttpResponse:
    try:
        number, answers, file, seen = signing.loads(request.POST["carried"], salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise CaiqRefused(_("This page is too old, or was changed. Send the file again.")) from None
    if number != str(offer.pk):
        raise CaiqRefused(_("This page is about another offer. Send the file again."))
    ticked = set(request.POST.getlist("take"))
    chosen = {key: revision for key, revision in seen.items() if key in ticked}
    proposals = _proposals(offer, answers)
    filled, left = fill_from_caiq(offer, proposals, chosen, file, request.user)
    if filled:
        sentence = ngettext(
            "%(n)d answer filled in, to be confirmed: until then it is not counted as established.",
            "%(n)d answers filled in, to be confirmed: until then they are not counted as established.",
            filled,
        )
        messages.success(request, sentence % {"n": filled})
    if left:
        names = [pick(each.question.text) for each in proposals if each.question.key in left]
        told = _("Answered by somebody meanwhile, left as it is: %(names)s") % {"names": listed(names)}
        messages.warning(request, told)
        return _page(request, offer, found=_proposals(offer, answers), answers=answers, file=file, status=409)
    if not filled:
        messages.error(request, _("Tick at least one fact to fill in."))
        return _page(request, offer, found=proposals, answers=answers, file=file, status=422)
    return redirect(reverse("check-answers", args=[offer.pk]) + "?show=presumed")


def _page(
    request: SignedRequest,
    offer: Offer,
    *,
    found: list[CaiqProposal] | None = None,
    answers: dict[str, str] | None = None,
    file: str = "",
    total: int = 0,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    seen = {each.question.key: each.revision for each in found or ()}
    context = {
        "assessment": offer.assessment,
        "offer": offer,
        "form": CaiqForm(),
        "refused": refused,
        "is_read": found is not None,
        "lines": [_line(each) for each in found or ()],
        "file": file,
        "total": total,
        "carried": signing.dumps([str(offer.pk), answers or {}, file, seen], salt=SALT, compress=True),
    }
    return render(request, "web/profiles/caiq.html", context, status=status)


def _line(one: CaiqProposal) -> dict[str, Any]:
    """A claim in words, beside what stands."""
    face, row = face_of(one.question.kind), one.standing
    standing = ""
    if row is not None and not one.is_open:
        standing = face.said(one.question, row.value) if row.value else str(row.get_status_display())
    return {
        "key": one.question.key,
        "text": pick(one.question.text),
        "says": face.said(one.question, one.rule.value),
        "number": one.rule.number,
        "said": _said(one.rule),
        "standing": standing,
        "is_same": one.is_same,
        "is_ticked": one.is_open,
    }


def _said(rule: Rule) -> str:
    return _("Yes") if rule.said == "yes" else _("No")
