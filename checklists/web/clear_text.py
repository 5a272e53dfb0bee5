"""The page where a respondent says, class by class, who can read the clear text and when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.core.clear_text import STATES, Datum, Row, Table, derive_readable, read_table, table_text
from checklists.core.permissions import Action
from checklists.models import Answer, Offer
from checklists.reports.clear_text import COLUMNS, DATA, WORDS, readable_of, readable_summary
from checklists.reports.presentation import source_lines
from checklists.reports.words import pick
from checklists.services.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.web.access import kept_form, member_required, offer_or_404
from checklists.web.questionnaire import Desk


@member_required
def edit(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The table, what follows from it, and saving with the revision seen."""
    offer = offer_or_404(request, offer_id, may=Action.ANSWER)
    desk = Desk(offer.assessment, offer)
    key = desk.edition.clear_text_question
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


def _save(request: HttpRequest, desk: Desk, offer: Offer, key: str, row: Answer | None) -> HttpResponse:
    table, go = _table_in(request.POST), request.POST.get("go", "save")
    is_empty = all(line.is_empty for line in table.values())
    status = Answer.Status.UNANSWERED if is_empty else Answer.Status.ANSWERED
    if is_empty and go == "unknown":
        status = Answer.Status.UNKNOWN
    typed = request.POST.get("revision", "")
    said = Said(
        str(status),
        "" if is_empty else table_text(table),
        row.justification if row else "",
        request.POST.get("comment", "").replace("\r\n", "\n"),
    )
    try:
        save_answer(
            assessment=desk.assessment,
            offer=offer,
            question=desk.edition.questions[key],
            said=said,
            revision=int(typed) if typed.isdecimal() and len(typed) < 9 else 0,
            by=request.user,  # type: ignore[arg-type]
        )
    except AnswerIsStale as stale:
        return _show(request, desk, key, stale.current, table, theirs=stale.current, status=409)
    except AnswerRefused as refused:
        return _show(request, desk, key, row, table, errors=list(refused.errors.values()), status=422)
    if go == "next":
        return redirect(f"{reverse('concern', args=[offer.pk, desk.edition.questions[key].concern])}#q-{key}")
    messages.success(request, _("Saved."))
    return redirect("clear-text", offer.pk)


def _show(
    request: HttpRequest,
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
    question = desk.edition.questions[key]
    is_empty = all(line.is_empty for line in table.values())
    standing = desk.rows.get(key)
    # What follows is shown for what is saved: an unsaved table is not judged.
    is_saved = standing is not None and standing.value == table_text(table)
    page = readable_of(standing.value, desk.judgement) if standing and is_saved else None
    context = {
        "assessment": desk.assessment,
        "offer": desk.offer,
        "concern_url": reverse("concern", args=[desk.offer.pk, question.concern]) if desk.offer else "",
        "text": pick(question.text),
        "why": pick(question.why),
        "where": pick(question.where),
        "sources": source_lines(desk.edition, question.sources),
        "lines": [
            (datum.value, DATA[datum], [_choice(datum, column, table.get(datum, Row())) for column in STATES])
            for datum in Datum
        ],
        "revision": revision or (row.revision if row else 0),
        "comment": request.POST.get("comment", row.comment if row else ""),
        "is_empty": is_empty,
        "is_unknown": bool(row and row.status == Answer.Status.UNKNOWN),
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
