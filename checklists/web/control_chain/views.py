"""Who stands behind an offer, as a page to fill in: all that is typed is kept, what is wrong is told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.core.control_chain import Chain, Derived, derive, derive_text, read_chain
from checklists.core.people.permissions import Action
from checklists.models import Answer, Offer
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused
from checklists.web.answers.structured_answer import around_tables, concern_url, save_structured
from checklists.web.answers.views import Desk
from checklists.web.control_chain.forms import SHAPES, chain_form, chain_in
from checklists.web.site.access import SignedRequest, kept_form, member_required, offer_or_404
from checklists.words.control_chain.chain import chain_summary, present_chain
from checklists.words.control_chain.picture import chain_picture


@member_required
def edit(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The tables, what follows from them, and saving with the revision seen."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    key = desk.edition.of_kind("control_chain")
    if key is None:
        raise Http404("this edition has no control chain")
    row = desk.rows.get(key)
    kept = kept_form(request)
    if request.method == "POST" and not kept:
        return _save(request, desk, offer, key, row)
    if kept:
        messages.warning(
            request, _("Your session had ended. What you had typed is below, not saved yet: check it, then save.")
        )
        return _show(request, desk, key, row, chain_in(kept)[0], revision=kept.get("revision", "0"))
    shape = SHAPES.get(request.GET.get("shape", ""))
    standing = read_chain(row.value) if row and row.value else Chain()
    return _show(request, desk, key, row, shape[1] if shape else standing, is_shape=bool(shape))


def _save(request: SignedRequest, desk: Desk, offer: Offer, key: str, row: Answer | None) -> HttpResponse:
    go = request.POST.get("go", "save")
    chain, errors = chain_in(request.POST, without=go.removeprefix("remove-"))
    if errors:
        return _show(request, desk, key, row, chain, errors=errors, status=422)
    status = Answer.Status.ANSWERED if chain.entities or chain.links else Answer.Status.UNANSWERED
    if go == "unknown" and status == Answer.Status.UNANSWERED:
        status = Answer.Status.UNKNOWN
    value = chain.to_text() if status == Answer.Status.ANSWERED else ""
    try:
        save_structured(request, desk, key, row, status=str(status), value=value)
    except AnswerIsStale as stale:
        return _show(request, desk, key, stale.current, chain, theirs=stale.current, status=409)
    except AnswerRefused as refused:
        return _show(request, desk, key, row, chain, errors=list(refused.errors.values()), status=422)
    here = reverse("control-chain", args=[offer.pk])
    if go in ("companies", "holdings"):
        return redirect(f"{here}?more={go}#{go}")
    if go == "next":
        return redirect(f"{concern_url(desk, key)}#q-{key}")
    messages.success(request, _("Saved."))
    return redirect(here)


def _show(
    request: SignedRequest,
    desk: Desk,
    key: str,
    row: Answer | None,
    chain: Chain,
    *,
    is_shape: bool = False,
    errors: list[str] | None = None,
    theirs: Answer | None = None,
    revision: str = "",
    status: int = 200,
) -> HttpResponse:
    edition, day = desk.edition, desk.assessment.reference_date
    derived = derive(chain, day, edition.access_laws(day))
    is_empty = not chain.entities and not chain.links
    form = chain_form(chain, () if is_empty or is_shape else derived.problems, request.GET.get("more", ""))
    context = around_tables(request, desk, key, row, revision) | {
        "heading": _("Control chain"),
        "form": form,
        "is_empty": is_empty,
        "is_shape": is_shape,
        "shapes": [(name, label) for name, (label, _chain) in SHAPES.items()],
        "errors": errors or [],
        "theirs": _theirs(desk, theirs),
        "chain": None if is_empty else present_chain(edition, derived),
        "chain_picture": "" if is_empty else chain_picture(chain, day),
    }
    return render(request, "web/control_chain/page.html", context, status=status)


def _theirs(desk: Desk, standing: Answer | None) -> str:
    """What another person saved meanwhile, in a line."""
    if standing is None:
        return ""
    derived = chain_of(desk, {**desk.rows, standing.question: standing})
    return chain_summary(derived) if derived else str(standing.get_status_display())


def chain_of(desk: Desk, rows: dict[str, Answer] | None = None) -> Derived | None:
    """What the chain among the answers gives; ``None`` when none is described."""
    edition, day = desk.edition, desk.assessment.reference_date
    row = (rows or desk.rows).get(edition.of_kind("control_chain") or "")
    return derive_text(row.value, day, edition.access_laws(day)) if row and row.value else None
