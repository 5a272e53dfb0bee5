"""Which law governs on a date, and what a later law would change.

Laws come from the edition: nothing here knows a law by name.
"""

from __future__ import annotations

from datetime import date

from checklists.core.editions.edition import Edition, Law

ADEQUACY_KINDS = frozenset({"adequacy", "free_area"})
"""The kinds of law under which a country needs no transfer tool: a decision under Article 45 of the GDPR, or
belonging to the area where data move freely."""


def governing_law(edition: Edition, key: str, day: date) -> Law | None:
    """The law ``key``, or the one it replaced, whichever is in force on ``day``; ``None`` if none is.

    Before 27 June 2021, standard contractual clauses are thus those of 2010.
    """
    law: Law | None = edition.laws[key]
    while law and not law.is_in_force(day):
        law = edition.laws[law.replaces] if law.replaces else None
    return law


def adequacy_decision(edition: Edition, country: str, day: date) -> Law | None:
    """The decision (or the free area) that covers ``country`` on ``day``; ``None`` if there is none."""
    covering = (law for law in edition.laws.values() if law.kind in ADEQUACY_KINDS and country in law.countries)
    return next((law for law in covering if law.is_in_force(day)), None)


FREE_AREA, ADEQUATE, THIRD_COUNTRY = "free_area", "adequate", "third_country"
AREAS = frozenset({FREE_AREA, ADEQUATE, THIRD_COUNTRY})
"""The areas a country can be in."""


def area(edition: Edition, country: str, day: date) -> str:
    """The area of ``country`` on ``day``: where data move freely, covered by an adequacy decision, or neither.

    A decision that an option names as a tool of its own covers only those who joined it (the EU-US framework): it
    makes the transfers to them lawful and leaves the country a third one.
    """
    joined = {option.regime for question in edition.questions.values() for option in question.options.values()}
    covering = [
        law
        for law in edition.laws.values()
        if law.kind in ADEQUACY_KINDS and country in law.countries and law.is_in_force(day) and law.key not in joined
    ]
    if any(law.kind == "free_area" for law in covering):
        return FREE_AREA
    return ADEQUATE if covering else THIRD_COUNTRY
