"""Which questions of an edition derive facts."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.core.editions.edition import Edition
from checklists.core.kinds.kind import Kind, kind_of


def fact_sources(edition: Edition) -> Mapping[str, Kind]:
    """The questions from whose answer facts are derived, each with its kind: one of a kind."""
    first: dict[str, str] = {}
    for key, question in edition.questions.items():
        first.setdefault(question.kind, key)
    return {key: kind_of(kind) for kind, key in first.items() if kind_of(kind).derives}


def decisive(edition: Edition) -> frozenset[str]:
    """The questions whose answer decides whether another one is asked, or what another answer counts as."""
    return edition.conditioning | edition.country_questions | edition.deriving | fact_sources(edition).keys()
