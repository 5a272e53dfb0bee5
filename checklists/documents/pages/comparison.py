"""The chapter that puts the offers of an assessment side by side on paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import ngettext

from checklists.core.comparison import compare, side
from checklists.core.editions.edition import Edition
from checklists.words.comparison import Exchange, Group, exchanges, rankings, table, to_answer_first
from checklists.words.contents import OffersSideBySide

MOST_ON_A_PORTRAIT = 3
"""Offers beyond which the tables need the sheet turned."""
_LABEL = 40
"""Letters of a name at the head of a column; the whole name is in the list of offers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One offer. ``label`` heads its column and names it in the chapter: its number and the start of its name."""

    number: int
    label: str
    name: str
    provider: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ComparisonChapter:
    """``groups``: the summary whole, then the answers that differ; ``agreed`` says how many do not.

    ``exchanges`` are those of the report's own offer, ``between_others`` the rest.
    """

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    agreed: str
    rankings: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    between_others: tuple[Exchange, ...]
    left_out: str
    is_wide: bool


def present_comparison(edition: Edition, beside: OffersSideBySide) -> ComparisonChapter:
    """The comparison in the active language, nothing weighed; the report's own offer comes first."""
    offers = beside.offers
    columns = tuple(
        Column(number, f"{number}. {Truncator(offer.name).chars(_LABEL)}", offer.name, offer.provider, offer.is_current)
        for number, offer in enumerate(offers, start=1)
    )
    labels = {offer.key: column.label for offer, column in zip(offers, columns, strict=True)}
    outcome = compare([side(edition, o.key, o.judgement, len(o.gaps), o.transition_days) for o in offers])
    summary, *asked = table(edition, offers, all_rows=True)
    differing = [Group(group.title, tuple(row for row in group.rows if row.differs)) for group in asked]
    traded, own = exchanges(edition, labels, outcome), columns[0].label
    return ComparisonChapter(
        columns=columns,
        groups=(summary, *(group for group in differing if group.rows)),
        agreed=_agreed(sum(not row.differs for group in asked for row in group.rows)),
        rankings=(*rankings(labels, outcome), *to_answer_first(labels, outcome)),
        exchanges=tuple(exchange for exchange in traded if exchange.one == own),
        between_others=tuple(exchange for exchange in traded if exchange.one != own),
        left_out=_left_out(beside.left_out),
        is_wide=len(offers) > MOST_ON_A_PORTRAIT,
    )


def _agreed(questions: int) -> str:
    if not questions:
        return ""
    sentence = ngettext(
        "%d question to which all the offers have the same answer is left out.",
        "%d questions to which all the offers have the same answer are left out.",
        questions,
    )
    return sentence % questions


def _left_out(offers: int) -> str:
    if not offers:
        return ""
    sentence = ngettext(
        "%d more offer of this assessment is not shown: a report compares eight at most.",
        "%d more offers of this assessment are not shown: a report compares eight at most.",
        offers,
    )
    return sentence % offers
