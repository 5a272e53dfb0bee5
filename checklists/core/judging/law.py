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
