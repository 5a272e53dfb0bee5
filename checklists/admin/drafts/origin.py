"""What the checklist that a draft was copied from became since: compared, and taken over part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.models import Draft
from checklists.services.drafts.import_pack import DraftMoved
from checklists.services.drafts.open_draft import DraftRefused
from checklists.services.drafts.take_over import LaterOrigin, read_later_origin, take_over
from checklists.words.editions.difference import Speaker, part_line
from checklists.words.editions.parts import family_word


class OriginPages:
    """The part of the administration of drafts that deals with their origin; mixed into ``DraftAdmin``."""

    admin_site: Any
    _draft: Callable[..., Draft]
    _page: Callable[..., HttpResponse]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.origin)
        return [
            path("<int:draft_id>/origin/", view, name="checklists_draft_origin"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def origin(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """The parts that differ, to be ticked; those ticked go into the draft as one change."""
        draft = self._draft(request, draft_id, "write" if request.method == "POST" else "view")
        refusal = ""
        if request.method == "POST":
            places = request.POST.getlist("part")
            try:
                count = take_over(draft, places, request.POST.get("mark", ""), request.user)  # type: ignore[arg-type]
            except DraftRefused as refused:
                refusal = str(refused)
            except DraftMoved:
                refusal = _("The draft was changed meanwhile: nothing was taken over. Look again, then confirm.")
            else:
                done = ngettext("%(n)d part taken over.", "%(n)d parts taken over.", count) % {"n": count}
                messages.success(request, done + " " + _("Undo takes it back whole."))
                return redirect("admin:checklists_draft_origin", draft.pk)
        try:
            later = read_later_origin(draft)
        except DraftRefused as refused:
            messages.error(request, str(refused))
            return redirect("admin:checklists_draft_change", draft.pk)
        if later is None:
            raise Http404("no later edition of an origin")
        ticked = request.POST.getlist("part")
        context = {
            "title": _("Later editions of the origin"),
            "later": later,
            "chapters": _chapters(later, ticked),
            "refusal": refusal,
        }
        return self._page(request, "origin", draft, context, 422 if refusal else 200)


def _chapters(later: LaterOrigin, ticked: list[str]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Family by family, each part with what would change in words."""
    ours, theirs = Speaker(later.ours), Speaker(later.theirs)
    chapters: dict[str, list[dict[str, Any]]] = {}
    for part in later.parts:
        line = part_line(part.change, ours, theirs)
        shown = {"place": part.place, "line": line, "is_both": part.is_both, "is_ticked": part.place in ticked}
        chapters.setdefault(part.place.partition("/")[0], []).append(shown)
    return [(family_word(family, plural=True), lines) for family, lines in chapters.items()]
