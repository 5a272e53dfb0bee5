"""The trail of an organisation, for its owners: read, filter, take away."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.people.permissions import Action
from checklists.core.plain_text import plain
from checklists.models import Organisation, TrailEntry
from checklists.services.trail.record import record
from checklists.web.site.access import member_required, organisation_or_404
from checklists.web.trail.sentences import kind_words, lines, names_of
from checklists.words.day_field import DayField

PER_PAGE = 50
BATCH = 500
"""Entries put into words at a time when exporting."""


class FilterForm(forms.Form):
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To, included"), required=False)

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chain = TrailEntry.objects.filter(chain=organisation.pk).order_by()
        actors = {actor for actor in chain.values_list("actor", flat=True).distinct() if actor is not None}
        names = names_of(actors)
        gone = _("deleted person no. %(number)d")
        people = [(str(number), names.get(number) or gone % {"number": number}) for number in actors]
        kinds = [(kind, kind_words(kind)) for kind in chain.values_list("kind", flat=True).distinct()]
        everything = [("", _("All"))]
        self.fields["person"].choices = everything + sorted(people, key=lambda pair: plain(pair[1]))  # type: ignore[attr-defined]
        self.fields["kind"].choices = everything + sorted(kinds, key=lambda pair: plain(pair[1]))  # type: ignore[attr-defined]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _chosen(organisation: Organisation, form: FilterForm) -> QuerySet[TrailEntry]:
    """The entries the form asks for, the newest first; a field with a mistake filters nothing."""
    form.is_valid()
    asked = form.cleaned_data
    entries = TrailEntry.objects.filter(chain=organisation.pk)
    if asked.get("person"):
        entries = entries.filter(actor=int(asked["person"]))
    if asked.get("kind"):
        entries = entries.filter(kind=asked["kind"])
    if asked.get("since"):
        entries = entries.filter(at__gte=_midnight(asked["since"]))
    if asked.get("until"):
        entries = entries.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
    return entries.order_by("-position")


@member_required
def show(request: HttpRequest, organisation_id: int) -> HttpResponse:
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    form = FilterForm(organisation, request.GET)
    page = Paginator(_chosen(organisation, form), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "organisation": organisation,
        "form": form,
        "page": page,
        "lines": lines(page),
        "query": query.urlencode(),
    }
    return render(request, "web/people/organisation/trail.html", context, status=422 if form.errors else 200)


@member_required
def export(request: HttpRequest, organisation_id: int, form_of: str) -> HttpResponse | StreamingHttpResponse:
    """The entries asked for, the oldest first, as CSV for a spreadsheet or JSON for whoever verifies the chain."""
    organisation = organisation_or_404(request, int(organisation_id), may=Action.MANAGE_ORGANISATION)
    entries = _chosen(organisation, FilterForm(organisation, request.GET)).order_by("position")
    record("trail.exported", organisation=organisation, subject=organisation, details={"form": form_of})
    parts = _as_csv(entries) if form_of == "csv" else _as_json(organisation, entries)
    response = StreamingHttpResponse(parts, content_type={"csv": "text/csv", "json": "application/json"}[form_of])
    response.headers["Content-Disposition"] = f'attachment; filename="porte-cles-trail-{organisation.pk}.{form_of}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    """A file whose writing is handed back: what the csv module writes becomes a part of the stream."""

    def write(self, text: str) -> str:
        return text


def formula_safe(cell: str) -> str:
    """``cell`` such that a spreadsheet shows it and never computes it (OWASP: CSV injection)."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n") else cell


def _as_csv(entries: QuerySet[TrailEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    heads = ("position", "at", "actor", "kind", "sentence", "changes", "subject", "previous", "sha256")
    yield "\ufeff" + writer.writerow(heads)
    batch: list[TrailEntry] = []
    for entry in entries.iterator(chunk_size=BATCH):
        batch.append(entry)
        if len(batch) == BATCH:
            yield from map(writer.writerow, _rows(batch))
            batch = []
    yield from map(writer.writerow, _rows(batch))


def _rows(batch: list[TrailEntry]) -> Iterator[list[str]]:
    for line in lines(batch):
        entry = line.entry
        subject = f"{entry.subject_type} {entry.subject_id}".strip()
        cells = [entry.position, entry.at.isoformat(), entry.actor or "", entry.kind, line.sentence]
        cells += ["; ".join(line.changes), subject, entry.previous, entry.sha256]
        yield [formula_safe(str(cell)) for cell in cells]


def _as_json(organisation: Organisation, entries: QuerySet[TrailEntry]) -> Iterator[str]:
    """Each entry with every part that its fingerprint covers."""
    yield f'{{"chain": {organisation.pk}, "entries": ['
    separator = "\n"
    for entry in entries.iterator(chunk_size=BATCH):
        link = entry.link()
        parts = {field: getattr(link, field) for field in link.__dataclass_fields__}
        yield separator + json.dumps(parts | {"at": entry.at.isoformat(), "sha256": entry.sha256}, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
