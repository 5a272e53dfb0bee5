"""The portfolio: an organisation's assessments on one page, filtered, sorted, taken away as a file, and over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.editions.vocabulary import Verdict
from checklists.core.people.permissions import Role, granted
from checklists.files.spreadsheet import csv_file, xlsx_file
from checklists.models import Assessment, Invitation, PortfolioLine
from checklists.models.portfolio import PortfolioLineQuerySet
from checklists.services.people.invite import token_of
from checklists.services.portfolio.awaiting import Awaiting, what_awaits
from checklists.services.portfolio.history import month_ends, portfolio_history
from checklists.services.portfolio.read_portfolio import (
    NOTHING,
    OVERDUE,
    Wanted,
    chosen,
    editions_in,
    in_order,
    lines_for,
    load_assessments,
    verdict_counts,
)
from checklists.services.portfolio.refresh_standings import AT_ONCE, refresh_some
from checklists.services.trail.record import record
from checklists.web.site.access import SignedRequest, current_membership, member_required, organisation_or_404
from checklists.words.judging.presentation import step
from checklists.words.portfolio.evolution import present_evolution
from checklists.words.portfolio.portfolio import Row, file_lines, portfolio_rows
from checklists.words.vocabulary import VERDICTS

PER_PAGE = AT_ONCE
BATCH = 500
"""Assessments loaded at a time when exporting."""
DAYS = (30, 90, 180, 365)
DEFAULT_SORT = "-changed"
COLUMNS: dict[str, Promise] = {
    "name": gettext_lazy("Assessment"),
    "host": gettext_lazy("Current host"),
    "best": gettext_lazy("Best offer"),
    "distance": gettext_lazy("Required"),
    "confidence": gettext_lazy("Confidence"),
    "progress": gettext_lazy("Answered"),
    "reference": gettext_lazy("Reference date"),
    "changed": gettext_lazy("Last change"),
    "deadline": gettext_lazy("Next deadline"),
}


@dataclass(frozen=True)
class Column:
    """A heading: a link that sorts by it, the other way round when it is sorted so already."""

    key: str
    label: Promise
    query: str
    aria_sort: str


class FilterForm(forms.Form):
    """A field with a mistake filters nothing and says so."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=gettext_lazy("Names of assessments, offers and providers."),
    )
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False)
    reached = forms.ChoiceField(
        label=gettext_lazy("Minimum required"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            ("yes", gettext_lazy("Reached")),
            ("no", gettext_lazy("Not reached")),
        ],
    )
    due = forms.ChoiceField(label=gettext_lazy("Next deadline"), required=False)
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), required=False)
    example = forms.ChoiceField(
        label=gettext_lazy("Worked examples"),
        required=False,
        choices=[
            ("", gettext_lazy("With the others")),
            ("no", gettext_lazy("Left out")),
            ("yes", gettext_lazy("Alone")),
        ],
    )
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(self, lines: PortfolioLineQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything: list[tuple[str, Any]] = [("", _("Any"))]
        verdicts = [(verdict.key, VERDICTS[verdict]) for verdict in Verdict]
        editions = [(str(row.pk), f"{row.checklist} {row.number}") for row in editions_in(lines)]
        self.fields["verdict"].choices = [*everything, *verdicts, (NOTHING, _("No verdict yet"))]  # type: ignore[attr-defined]
        within = [(str(n), ngettext("Within %(n)d day", "Within %(n)d days", n) % {"n": n}) for n in DAYS]
        self.fields["due"].choices = [*everything, (OVERDUE, _("Overdue")), *within, (NOTHING, _("No deadline"))]  # type: ignore[attr-defined]
        self.fields["edition"].choices = everything + editions  # type: ignore[attr-defined]
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            (sign + key, template % {"column": COLUMNS[key]})
            for key in COLUMNS
            for sign, template in (("", _("%(column)s, ascending")), ("-", _("%(column)s, descending")))
        ]
        for name in self.fields:
            widget = self.fields[name].widget
            widget.attrs["class"] = "form-control" if name == "q" else "form-select"

    def wanted(self) -> Wanted:
        self.is_valid()
        asked = self.cleaned_data
        sort = asked.get("sort") or DEFAULT_SORT
        filters = {name: asked.get(name, "") for name in ("verdict", "reached", "due", "edition", "example")}
        return Wanted(search=asked.get("q", ""), sort=sort.lstrip("-"), is_descending=sort.startswith("-"), **filters)

    @property
    def narrows(self) -> bool:
        """Whether a condition other than the search is set, or mistaken."""
        apart = ("q", "sort")
        return any(self.cleaned_data.get(name) or name in self.errors for name in self.fields if name not in apart)

    @property
    def is_filtering(self) -> bool:
        return self.narrows or bool(self.cleaned_data.get("q"))


@dataclass(frozen=True)
class Entry:
    """A row and what its reader may do with it."""

    row: Row
    may: dict[str, bool]
    is_lent: bool


@member_required
def portfolio(request: SignedRequest) -> HttpResponse:
    """A page of assessments. Up to a page of those that changed are judged again first; the others say they wait."""
    membership = current_membership(request)
    organisation = membership.organisation if membership else None
    lines = lines_for(request.user, organisation)
    waiting = refresh_some(lines)
    form = FilterForm(lines, _asked(request.GET))
    wanted = form.wanted()
    today = timezone.localdate()
    page = Paginator(in_order(chosen(lines, wanted, today), wanted).values_list("pk", flat=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = verdict_counts(lines)
    binned = Assessment.objects.in_the_bin().filter(organisation=organisation).count()
    context: dict[str, Any] = {
        "organisation": organisation,
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "elided": Paginator.ELLIPSIS,
        "entries": _entries(request, list(page), today),
        "columns": _columns(request.GET, wanted),
        "counts": [(step(verdict) if verdict is not None else None, count) for verdict, count in counts.items()],
        "query": _without(request.GET, "page"),
        "chosen_verdict": wanted.verdict,
        "verdict_query": _without(request.GET, "page", "verdict"),
        "is_empty": not waiting and not any(counts.values()),
        "waiting": waiting,
        "at_once": AT_ONCE,
        "waiting_matters": wanted.rests_on_verdicts,
        "binned": binned,
    }
    if not request.GET:
        awaiting = what_awaits(request.user, membership, today)
        context |= {"awaiting": awaiting, "invitations": invitations_of(awaiting)}
    return render(request, "web/portfolio/portfolio.html", context, status=422 if form.errors else 200)


def invitations_of(awaiting: Awaiting) -> list[tuple[Invitation, str]]:
    """Each with the address where it is answered; '' for who has to find it in the e-mail."""
    return [
        (each, reverse("invitation", args=[token_of(each)]) if awaiting.may_accept else "")
        for each in awaiting.invitations
    ]


def _asked(query: QueryDict) -> QueryDict:
    asked = query.copy()
    asked.setdefault("sort", DEFAULT_SORT)
    return asked


def _without(query: QueryDict, *names: str) -> str:
    """The query without these parameters and without empty ones, ready for one more: '' or 'a=b&'."""
    kept = query.copy()
    for name in [*names, *(name for name in kept if not kept[name])]:
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""


def _columns(query: QueryDict, wanted: Wanted) -> list[Column]:
    found = []
    for key, label in COLUMNS.items():
        is_sorted = wanted.sort == key
        sign = "-" if is_sorted and not wanted.is_descending else ""
        aria = ("descending" if wanted.is_descending else "ascending") if is_sorted else ""
        found.append(Column(key, label, f"{_without(query, 'page', 'sort')}sort={sign}{key}", aria))
    return found


def _entries(request: SignedRequest, keys: list[Any], today: Any) -> list[Entry]:
    assessments = load_assessments(keys, request.user)
    roles = [(row, getattr(row.assessment, "member_role", None)) for row in portfolio_rows(assessments, today)]
    return [Entry(row, granted(role or Role.GUEST), role is None) for row, role in roles]


@member_required
def portfolio_file(request: SignedRequest, kind: str) -> HttpResponse:
    """Every assessment that the filters let through, as CSV or XLSX."""
    membership = current_membership(request)
    organisation = membership.organisation if membership else None
    lines = lines_for(request.user, organisation)
    refresh_some(lines)
    wanted = FilterForm(lines, _asked(request.GET)).wanted()
    today = timezone.localdate()
    keys = list(in_order(chosen(lines, wanted, today), wanted).values_list("pk", flat=True))

    def rows() -> Iterator[Row]:
        for start in range(0, len(keys), BATCH):
            yield from portfolio_rows(load_assessments(keys[start : start + BATCH], request.user), today)

    details = {"form": kind, "assessments": len(keys)}
    record("portfolio.exported", organisation=organisation, details=details)
    if kind == "csv":
        response = HttpResponse(csv_file(file_lines(rows())), content_type="text/csv; charset=utf-8")
    else:
        kind_of_file = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(xlsx_file(_("Portfolio"), file_lines(rows())), content_type=kind_of_file)
    response["Content-Disposition"] = f'attachment; filename="{_("portfolio")}-{today.isoformat()}.{kind}"'
    return response


@member_required
def evolution(request: HttpRequest) -> HttpResponse:
    """How many assessments stood at each verdict, month by month for a year: drawn, and in a table."""
    organisation = organisation_or_404(request)
    waiting = refresh_some(PortfolioLine.objects.filter(organisation=organisation))
    snapshots = portfolio_history(organisation, month_ends(timezone.localdate()))
    context = {"organisation": organisation, "evolution": present_evolution(snapshots), "waiting": waiting}
    return render(request, "web/portfolio/evolution.html", context)
