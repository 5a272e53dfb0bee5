"""The chain of the trail: each entry carries the fingerprint of the one before, so nothing can be changed unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from checklists.core.editions.edition import fingerprint

START = "0" * 64
"""What stands for the fingerprint before the first entry."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is fingerprinted. ``at`` is aware; ``actor`` is the number of a person, ``None`` the system's."""

    chain: int
    position: int
    at: datetime
    actor: int | None
    kind: str
    subject_type: str
    subject_id: str
    details: Mapping[str, Any]
    previous: str

    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of the canonical JSON of the entry: keys sorted, no spaces, UTF-8, time in UTC."""
        document = {
            "actor": self.actor,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "chain": self.chain,
            "details": self.details,
            "kind": self.kind,
            "position": self.position,
            "previous": self.previous,
            "subject_id": self.subject_id,
            "subject_type": self.subject_type,
        }
        return fingerprint(document)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold. ``fault`` is 'missing', 'unlinked' or 'altered'."""

    chain: int
    position: int
    fault: str


def first_break(links: Iterable[tuple[Link, str]]) -> Break | None:
    """The first place where one chain does not hold; ``links``: its entries in order, each with its kept fingerprint.

    'missing': a position is skipped or comes twice; 'unlinked': an entry does not carry the fingerprint of the one
    before; 'altered': an entry is not what its fingerprint says.
    """
    previous, expected = START, 1
    for link, kept in links:
        if link.position != expected:
            return Break(link.chain, expected, "missing")
        if link.previous != previous:
            return Break(link.chain, expected, "unlinked")
        if link.fingerprint() != kept:
            return Break(link.chain, expected, "altered")
        previous, expected = kept, expected + 1
    return None
