"""The page where a respondent says, class by class, who can read the clear text and when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from checklists.core.clear_text import STATES, Datum, Row, Table, derive_readable, read_table, table_text
from checklists.core.people.permissions import Action
from checklists.models import Answer, Offer
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused
from checklists.web.answers.structured_answer import around_tables, concern_url, save_structured
from checklists.web.answers.views import Desk
from checklists.web.site.access import SignedRequest, kept_form, member_required, offer_or_404
from checklists.words.clear_text import COLUMNS, DATA, WORDS, readable_of, readable_summary


@member_required
def edit(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The table, what follows from it, and saving with the revision seen."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    key = desk.edition.of_kind("clear_text")
    if key is None:
        raise Http404("this edition has no table of clear text")
    row = desk.rows.get(key)
    kept = kept_form(request)
    if request.method == "POST" and not kept:
        return _save(request, desk, offer, key, row)
    if kept:
        messages.warning(
            request, _("Your session had ended. What you had typed is below, not saved yet: check it, then save.")
        )
        return _show(request, desk, key, row, _table_in(kept), revision=kept.get("revision", "0"))
    return _show(request, desk, key, row, read_table(row.value) if row and row.value else {})


def _table_in(data: QueryDict) -> Table:
    """The table that ``data`` describes; a word that no list offers is left out."""
    table = {}
    for datum in Datum:
        sent = {column: data.get(f"{datum.value}-{column}", "") for column in STATES}
        table[datum] = Row(**{column: word for column, word in sent.items() if word in STATES[column]})
    return table


def _save(request: SignedRequest, desk: Desk, offer: Offer, key: str, row: Answer | None) -> HttpResponse:
    table, go = _table_in(request.POST), request.POST.get("go", "save")
    is_empty = all(line.is_empty for line in table.values())
    status = Answer.Status.UNANSWERED if is_empty else Answer.Status.ANSWERED
    if is_empty and go == "unknown":
        status = Answer.Status.UNKNOWN
    value = "" if is_empty else table_text(table)
    try:
        save_structured(request, desk, key, row, status=str(status), value=value)
    except AnswerIsStale as stale:
        return _show(request, desk, key, stale.current, table, theirs=stale.current, status=409)
    except AnswerRefused as refused:
        return _show(request, desk, key, row, table, errors=list(refused.errors.values()), status=422)
    if go == "next":
        return redirect(f"{concern_url(desk, key)}#q-{key}")
    messages.success(request, _("Saved."))
    return redirect("clear-text", offer.pk)


def _show(
    request: SignedRequest,
    desk: Desk,
    key: str,
    row: Answer | None,
    table: Table,
    *,
    errors: list[str] | None = None,
    theirs: Answer | None = None,
    revision: str = "",
    status: int = 200,
) -> HttpResponse:
    is_empty = all(line.is_empty for line in table.values())
    standing = desk.rows.get(key)
    # What follows is shown for what is saved: an unsaved table is not judged.
    is_saved = standing is not None and standing.value == table_text(table)
    page = readable_of(standing.value, desk.judgement) if standing and is_saved else None
    context = around_tables(request, desk, key, row, revision) | {
        "heading": _("Access to clear data"),
        "lines": [
            (datum.value, DATA[datum], [_choice(datum, column, table.get(datum, Row())) for column in STATES])
            for datum in Datum
        ],
        "is_empty": is_empty,
        "errors": errors or [],
        "theirs": _theirs(theirs),
        "readable": page,
    }
    return render(request, "web/clear_text/page.html", context, status=status)


def _choice(datum: Datum, column: str, row: Row) -> dict[str, object]:
    """One list of the table, with what is chosen."""
    return {
        "name": f"{datum.value}-{column}",
        "label": COLUMNS[column],
        "chosen": getattr(row, column),
        "options": [(word, WORDS[column][word]) for word in STATES[column]],
    }


def _theirs(standing: Answer | None) -> str:
    """What another person saved meanwhile, in a line."""
    if standing is None:
        return ""
    if not standing.value:
        return str(standing.get_status_display())
    return readable_summary(derive_readable(read_table(standing.value)))
