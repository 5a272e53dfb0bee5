"""What a draft would change for the assessments there are, before it is published. Figures and parts, no names.

Decision 0045 says what an editor is shown, and why no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checklists.core.editions.vocabulary import Verdict
from checklists.core.impact.causes import Aspect
from checklists.models import Draft, DraftPart, Edition, ImpactRow, ImpactRun
from checklists.packs.files.problems import PackError
from checklists.services.drafts.open_draft import DraftRefused
from checklists.services.impact.measure_impact import set_going
from checklists.services.impact.queue import ask_impact, cancel_impact, latest_result, latest_run
from checklists.words.impact import CauseLine, CauseWords
from checklists.words.judging.presentation import Step, step

PER_PAGE = 25


@dataclass(frozen=True)
class Band:
    """The verdict as every page shows it: what is established, and the worst still possible."""

    established: Step
    worst: Step

    @property
    def is_settled(self) -> bool:
        return self.established.key == self.worst.key


@dataclass(frozen=True)
class MoveLine:
    before: Band
    after: Band
    offers: int


@dataclass(frozen=True)
class PartCount:
    """A part, the offers it moves by itself and those it moves only with others; ``verdicts`` of them change verdict.

    ``url`` leads to it in the draft, if it is there. ``is_own`` is false for what an edition published before
    changed: the offers that rest on an older edition meet it too.
    """

    part: CauseLine
    edition: int
    url: str
    alone: int
    together: int
    verdicts: int
    is_own: bool


@dataclass(frozen=True)
class OfferLine:
    """One offer that would move, without a name."""

    edition: int
    aspect: str
    direction: str
    before: Band
    after: Band
    required: tuple[Step, Step]
    scores: tuple[str, str]
    alone: tuple[CauseLine, ...]
    together: tuple[CauseLine, ...]


class ImpactPages:
    """Mixed in the drafts' administration: ``_draft`` and ``_page`` are its own."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            route_to: URLPattern = path(f"<int:draft_id>/impact/{route}", self.admin_site.admin_view(view), name=name)
            return route_to

        return [
            at("", self.impact, "checklists_draft_impact"),
            at("ask/", require_POST(self.ask), "checklists_draft_ask_impact"),
            at("cancel/", require_POST(self.cancel), "checklists_draft_cancel_impact"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def impact(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """How far the reading is; then who would move, which way and why."""
        draft: Draft = self._draft(request, draft_id)  # type: ignore[attr-defined]
        run = latest_run(draft)
        if run and run.is_going:
            set_going()
        if getattr(request, "htmx", False):
            if run and run.is_going:
                return render(request, "admin/drafts/impact_progress.html", {"run": run})
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        return self._impact_page(request, draft, run)

    def ask(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft: Draft = self._draft(request, draft_id)  # type: ignore[attr-defined]
        try:
            ask_impact(draft, request.user)  # type: ignore[arg-type]
        except DraftRefused as refusal:
            messages.error(request, str(refusal))
        except PackError:
            return self._impact_page(request, draft, latest_run(draft), has_errors=True)
        return redirect("admin:checklists_draft_impact", draft.pk)

    def _impact_page(
        self, request: HttpRequest, draft: Draft, run: ImpactRun | None, has_errors: bool = False
    ) -> HttpResponse:
        result = run if run and run.state == ImpactRun.State.DONE else latest_result(draft)
        context = {
            "title": _("Impact"),
            "run": run,
            "may_ask": draft.state in (Draft.State.OPEN, Draft.State.SUBMITTED),
            "has_errors": has_errors,
            **(_found(draft, result, request.GET.get("page", "")) if result else {}),
        }
        return self._page(request, "impact", draft, context, 422 if has_errors else 200)  # type: ignore[attr-defined, no-any-return]

    def cancel(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft: Draft = self._draft(request, draft_id)  # type: ignore[attr-defined]
        run = get_object_or_404(draft.impact_runs.defer("document"), pk=_number(request.POST.get("run", "")))
        if cancel_impact(run):
            messages.success(request, _("Cancelled. What had been worked out before stands below, if anything had."))
        else:
            messages.info(request, _("It had ended already."))
        return redirect("admin:checklists_draft_impact", draft.pk)


def impact_line(draft: Draft) -> dict[str, Any] | None:
    """The last impact worked out, for the tree and the publication page. One query."""
    result = latest_result(draft)
    return {"run": result, "is_stale": result.revision != draft.revision, **_figures(result)} if result else None


def _number(sent: str) -> int:
    return int(sent) if sent.isdecimal() and len(sent) < 19 else 0


def _figures(run: ImpactRun) -> dict[str, Any]:
    """How many offers move, by what moves and which way."""
    directions = run.summary["directions"]
    counts = {aspect.value: directions.get(aspect, {}) for aspect in Aspect}
    return {
        "read": run.total,
        "moved": run.summary["moved"],
        "still": run.total - run.summary["moved"],
        "aspects": [
            {"aspect": aspect, "offers": sum(ways.values()), **{way: ways.get(way, 0) for way in WAYS}}
            for aspect, ways in counts.items()
        ],
        "verdicts_moved": sum(counts[Aspect.VERDICT].values()),
        **{f"verdicts_{way}": counts[Aspect.VERDICT].get(way, 0) for way in WAYS},
    }


WAYS = ("lower", "higher", "both")
_GRAVITY = Case(*(When(aspect=aspect, then=rank) for rank, aspect in enumerate(Aspect)))


def _found(draft: Draft, run: ImpactRun, page: str) -> dict[str, Any]:
    causes = run.summary["causes"]
    numbers = {cause["edition"] for cause in causes}
    words = _words(draft, run, numbers) if causes else {}
    rows: Page[Any] | None = None
    if run.summary["shows_rows"] and run.summary["moved"]:
        rows = Paginator(run.rows.order_by(_GRAVITY, "place"), PER_PAGE).get_page(page)
        rows.object_list = [_offer_line(row, words) for row in rows]  # type: ignore[misc]
    return {
        "result": run,
        "is_stale": run.revision != draft.revision,
        **_figures(run),
        "moves": [
            MoveLine(_band(*keys[:2]), _band(*keys[2:]), offers) for *keys, offers in run.summary["verdicts"]
        ],
        "parts": _part_counts(draft, causes, words, frozenset(run.summary["own"])),
        "several_editions": len(numbers) > 1,
        "rows": rows,
    }  # fmt: skip


def _words(draft: Draft, run: ImpactRun, numbers: Iterable[int]) -> dict[int, CauseWords]:
    """For each edition in use, the words for what differs from it to the draft as it was read. Two queries."""
    after = ImpactRun.objects.values_list("document", flat=True).get(pk=run.pk)
    editions = Edition.objects.filter(checklist=draft.checklist, number__in=numbers)
    return {number: CauseWords(before, after) for number, before in editions.values_list("number", "document")}


def _part_counts(
    draft: Draft, causes: list[dict[str, Any]], words: Mapping[int, CauseWords], own: frozenset[str]
) -> list[PartCount]:
    standing = DraftPart.objects.filter(draft=draft, owner=None).values_list("family", "key", "pk")
    urls = {
        (family, key): reverse("admin:checklists_draft_part", args=[draft.pk, pk]) for family, key, pk in standing
    }  # fmt: skip
    tree = reverse("admin:checklists_draft_change", args=[draft.pk])
    return [
        PartCount(
            part=line,
            edition=cause["edition"],
            url=f"{tree}#thresholds" if line.family == "thresholds" else urls.get((line.family, line.key), ""),
            alone=cause.get("alone", 0),
            together=cause.get("together", 0),
            verdicts=cause.get(Aspect.VERDICT, 0),
            is_own=cause["place"] in own,
        )
        for cause in causes
        for line in words[cause["edition"]].lines([cause["place"]])
    ]


def _offer_line(row: ImpactRow, words: Mapping[int, CauseWords]) -> OfferLine:
    said = words[row.edition]
    before, after = row.before, row.after
    return OfferLine(
        edition=row.edition,
        aspect=row.aspect,
        direction=row.causes["direction"],
        before=_band(before["established"], before["worst"]),
        after=_band(after["established"], after["worst"]),
        required=(step(Verdict.from_key(before["required"])), step(Verdict.from_key(after["required"]))),
        scores=(_score(before), _score(after)),
        alone=tuple(said.lines(row.causes["alone"])),
        together=tuple(said.lines(row.causes["together"])),
    )


def _band(established: str, worst: str) -> Band:
    return Band(step(Verdict.from_key(established)), step(Verdict.from_key(worst)))


def _score(figures: Mapping[str, Any]) -> str:
    low, high = figures["low"], figures["high"]
    return str(low) if low == high else f"{low}–{high}"
