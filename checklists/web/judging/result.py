"""The result in three pages: decide, act, understand. Acting is in the room ``actions``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checklists.models import Offer
from checklists.web.actions.reading import plan_at
from checklists.web.answers.chapters import question_url
from checklists.web.answers.views import Desk
from checklists.web.frameworks.lenses import link_to
from checklists.web.site.access import SignedRequest, member_required, offer_or_404
from checklists.words.kinds import Face
from checklists.words.offer import OfferReading


@dataclass(frozen=True, slots=True)
class Section:
    """One section of *Understand*, at an address of its own. ``count`` is ``None`` where there is nothing to count.

    ``shown`` says whether there is anything to tell; ``told`` gives what its template is given.
    """

    key: str
    title: str | Promise
    about: str | Promise
    template: str
    told: Callable[[OfferReading], Mapping[str, Any]]
    count: Callable[[OfferReading], int | None]
    shown: Callable[[OfferReading], bool] = lambda reading: True


def _of_verdict(name: str) -> Callable[[OfferReading], int]:
    return lambda reading: len(getattr(reading.verdict, name))


def _any(name: str) -> Callable[[OfferReading], bool]:
    return lambda reading: bool(getattr(reading.verdict, name))


def _none(reading: OfferReading) -> None:
    return None


def _verdict(reading: OfferReading) -> Mapping[str, Any]:
    return {"verdict": reading.verdict}


def _law(reading: OfferReading) -> Mapping[str, Any]:
    return {"law": reading.law}


def _table(face: Face) -> Section:
    """The section of a kind of question that has a part of its own."""

    def told(reading: OfferReading) -> Mapping[str, Any]:
        return {**reading.parts, **reading.drawings, "departures": reading.departures}

    about = _("What was described, and what follows from it.")
    return Section(face.anchor, face.heading, about, face.section, told, _none)


def sections_of(reading: OfferReading) -> list[Section]:
    """Those that have something to tell of the offer."""
    tables = [_table(face) for face in reading.faces if face.section]
    first, rest = SECTIONS[:BEFORE_TABLES], SECTIONS[BEFORE_TABLES:]
    return [each for each in (*first, *tables, *rest) if each.shown(reading)]


SECTIONS = (
    Section(
        "rules",
        _("Blocking rules that apply"),
        _("What each rests on, its source, what to do."),
        "web/judging/sections/gates.html",
        _verdict,
        _of_verdict("gates"),
        _any("gates"),
    ),
    Section(
        "rules-to-check",
        _("Blocking rules not settled yet"),
        _("What they depend on. They count in the worst case only."),
        "web/judging/sections/open_gates.html",
        _verdict,
        _of_verdict("open_gates"),
        _any("open_gates"),
    ),
    Section(
        "harms",
        _("Two separate harms"),
        _("The data read by a foreign authority; the service cut off by an order from a third country."),
        "web/judging/sections/harms.html",
        _verdict,
        _none,
    ),
    Section(
        "score",
        _("The score, topic by topic"),
        _("From what is established to what is possible."),
        "web/judging/sections/concerns.html",
        _verdict,
        lambda reading: len(reading.verdict.concerns),
    ),
    Section(
        "points",
        _("Where points are lost"),
        _("Answers below the best, with what to do."),
        "web/judging/sections/shortfalls.html",
        _verdict,
        _of_verdict("shortfalls"),
        _any("shortfalls"),
    ),
    Section(
        "claims",
        _("Said, and not shown"),
        _("Until a document is given, it counts in the best case only."),
        "web/judging/sections/claims.html",
        _verdict,
        _of_verdict("claims"),
        _any("claims"),
    ),
    Section(
        "lapsed",
        _("Legal bases not in force"),
        _("On the reference date, these tools no longer held."),
        "web/judging/sections/lapsed.html",
        _verdict,
        _of_verdict("lapsed"),
        _any("lapsed"),
    ),
    Section(
        "strengths",
        _("Strengths"),
        _("Answers at the best level."),
        "web/judging/sections/strengths.html",
        _verdict,
        _of_verdict("strengths"),
        _any("strengths"),
    ),
    Section(
        "smallest-change",
        _("The smallest change, verdict by verdict"),
        _("Step by step, with other ways to get there."),
        "web/judging/sections/smallest_change.html",
        lambda reading: {"changes": reading.changes},
        lambda reading: len(reading.changes),
        lambda reading: bool(reading.changes),
    ),
    Section(
        "sensitivity",
        _("What the result hangs on"),
        _("Each answer taken alone: what would differ were it otherwise."),
        "web/judging/sections/sensitivity.html",
        lambda reading: {"sensitivity": reading.sensitivity},
        _none,
    ),
    Section(
        "frameworks",
        _("Other external frameworks, same answers"),
        _("What other bodies' requirements say of these answers."),
        "web/judging/sections/frameworks.html",
        lambda reading: {"lenses": reading.lens_views},
        lambda reading: len(reading.lens_views),
        lambda reading: bool(reading.lens_views),
    ),
    Section(
        "requirements",
        _("What the processing requires"),
        _("Why this minimum, and by which source."),
        "web/judging/sections/requirements.html",
        _verdict,
        _of_verdict("requirements"),
    ),
    Section(
        "law",
        _("The law of that date"),
        _("What was in force on the reference date."),
        "web/judging/sections/laws.html",
        _law,
        lambda reading: len(reading.law.used),
    ),
    Section(
        "later-law",
        _("What later law changes"),
        _("The same answers under the law of later days."),
        "web/judging/sections/later_law.html",
        _law,
        lambda reading: len(reading.law.later),
        lambda reading: bool(reading.law.later),
    ),
    Section(
        "hypotheses",
        _("Hypotheses"),
        _("What would differ if something happened; none is a finding of fact."),
        "web/judging/sections/hypotheses.html",
        _law,
        lambda reading: len(reading.law.hypotheses),
        lambda reading: bool(reading.law.hypotheses),
    ),
)
BEFORE_TABLES = 10
"""Sections that come before those of the tables: what was judged; after them, what it is judged by."""


def _read(desk: Desk) -> OfferReading:
    judgement = desk.judgement
    return desk.reading(judgement, lenses=desk.lenses, link=link_to(desk.pages(judgement)))


def _base(offer: Offer, reading: OfferReading, tab: str) -> dict[str, Any]:
    """What the head of each page shows."""
    return {"assessment": offer.assessment, "offer": offer, "tab": tab, "said": reading.decision.sentence}


@member_required
def decide_page(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The sentence, the scale, the two harms, three reasons, three actions, the report."""
    offer = offer_or_404(request, offer_id)
    desk = Desk(offer.assessment, offer)
    judgement = desk.judgement
    reading = desk.reading(judgement)
    following = reading.next_question
    context = _base(offer, reading, "decide") | {
        "decision": reading.decision,
        "plan": plan_at(desk),
        "next_question": following,
        "next_url": question_url(desk.pages(judgement), following.key) if following else "",
        "presumed": reading.presumed,
        "compares": offer.assessment.offers.count() > 1,
    }
    return render(request, "web/judging/decide.html", context)


@member_required
def understand(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """Every section with what it counts, folded: each opens at its own address."""
    offer = offer_or_404(request, offer_id)
    reading = _read(Desk(offer.assessment, offer))
    sections = [(each, each.count(reading)) for each in sections_of(reading)]
    context = _base(offer, reading, "understand") | {"sections": sections, "edition": reading.edition}
    return render(request, "web/judging/understand.html", context)


@member_required
def section(request: SignedRequest, offer_id: UUID, section: str) -> HttpResponse:
    """One section of *Understand*; one that has nothing to tell of this offer says so."""
    offer = offer_or_404(request, offer_id)
    reading = _read(Desk(offer.assessment, offer))
    shown = sections_of(reading)
    chosen = next((each for each in (*shown, *SECTIONS) if each.key == section), None)
    if chosen is None:
        raise Http404("no such section")
    place = shown.index(chosen) if chosen in shown else None
    context = _base(offer, reading, "understand") | {
        "section": chosen,
        "is_empty": place is None,
        "before": shown[place - 1] if place else None,
        "after": shown[place + 1] if place is not None and place + 1 < len(shown) else None,
        **(chosen.told(reading) if place is not None else {}),
    }
    return render(request, "web/judging/section.html", context)
