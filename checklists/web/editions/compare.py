"""Editions beside each other: what differs between two, and the life of one part across all. Public, like them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.models import Edition
from checklists.packs.editions.parts import FAMILIES
from checklists.services.editions.own_checklists import may_read
from checklists.words.editions.difference import difference_chapters, title_of
from checklists.words.editions.parts import family_word
from checklists.words.vocabulary import pick


def compare(request: HttpRequest, checklist: str, older: int, newer: int) -> HttpResponse:
    """Any two editions of one checklist; the menu asks for others."""
    asked = [request.GET.get(name, "") for name in ("older", "newer")]
    if all(number.isdecimal() and len(number) < 9 for number in asked):
        return redirect("compare-editions", checklist, *map(int, asked))
    if not may_read(request.user, checklist):
        raise Http404(f"no editions of {checklist}")
    numbers = list(Edition.objects.filter(checklist=checklist).order_by("number").values_list("number", "published"))
    rows = Edition.objects.filter(checklist=checklist, number__in={older, newer}).order_by("number")
    documents: dict[int, dict[str, Any]] = dict(rows.values_list("number", "document"))
    if not {older, newer} <= documents.keys():
        raise Http404(f"no editions {older} and {newer} of {checklist}")
    before, after = documents[older], documents[newer]
    context = {
        "checklist": checklist,
        "title": pick(after["title"]),
        "older": older,
        "newer": newer,
        "numbers": numbers,
        "changelog": pick(after.get("changelog")),
        "chapters": difference_chapters(before, after),
    }
    return render(request, "web/editions/compare.html", context)


def life(request: HttpRequest, checklist: str, family: str, key: str) -> HttpResponse:
    """One part, edition by edition: when it came, what changed, when it went."""
    if family not in FAMILIES or not may_read(request.user, checklist):
        raise Http404(f"no family {family}")
    rows = Edition.objects.filter(checklist=checklist).order_by("number").values("number", "published", "document")
    steps, title, earlier = [], "", None
    for row in rows:
        document = row["document"]
        item = next((item for item in document.get(family, ()) if item.get("key") == key), None)
        if item is not None:
            title = title_of(item)
        if earlier is None:
            line: Any = {"kind": "added"} if item else None
        else:
            chapters = difference_chapters(earlier, _alone(document, family, key))
            lines = [line for chapter in chapters for line in chapter.lines if line.key == key]
            line = lines[0] if lines else None
        if line is not None:
            steps.append({"number": row["number"], "published": row["published"], "line": line})
        earlier = _alone(document, family, key)
    if not steps:
        raise Http404(f"no {family} {key} in {checklist}")
    context = {"checklist": checklist, "title": title or key, "word": family_word(family), "steps": steps}
    return render(request, "web/editions/life.html", context)


def _alone(document: dict[str, Any], family: str, key: str) -> dict[str, Any]:
    """The document with that one part of its family: nothing else of the family differs then."""
    return {**document, family: [item for item in document.get(family, ()) if item.get("key") == key]}
