"""What an answer rests on: how strong its evidence is, and what stands on a given day. Pure; the day is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

WARNING = timedelta(days=90)
"""How long before its last day a piece of evidence is told to be ending."""


class Strength(IntEnum):
    """How far a piece of evidence shows what it is given for; comparison follows that order."""

    CLAIM = 1
    """The vendor says so."""
    DOCUMENT = 2
    """A clause, a certificate or a report says so."""
    DEMONSTRATED = 3
    """Somebody tried it and saw it."""

    @property
    def key(self) -> str:
        return self.name.lower()

    @classmethod
    def from_key(cls, key: str) -> Strength:
        """The strength named ``key``. Raises ``KeyError`` for another word."""
        return cls[key.upper()]


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence, valid from its first day to its last one, both included; ``None`` means without bound."""

    strength: Strength
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and not self.has_ended(day)

    def has_ended(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day

    def is_ending(self, day: date) -> bool:
        """Whether it is valid on ``day`` and no longer ninety days later."""
        return self.is_valid(day) and self.has_ended(day + WARNING)


@dataclass(frozen=True, slots=True)
class Backing:
    """What an answer rests on: its strongest valid evidence, if any; whether it counts as a mere claim; and the last
    day of the evidence that would have carried it, when it has ended.
    """

    strength: Strength | None = None
    claimed: bool = False
    ended: date | None = None


NO_BACKING = Backing()
"""The respondent's own statement, which counts."""


def backing(proofs: Iterable[Proof], day: date, *, held: bool) -> Backing:
    """What an answer with ``proofs`` rests on, on ``day``.

    Without any, it is the respondent's own statement and counts, unless answers are ``held`` to evidence. With some,
    it counts only while one of them, stronger than a claim, is valid (decisions 0063 and 0064).
    """
    given = list(proofs)
    if not given:
        return Backing(claimed=held)
    strength = max((proof.strength for proof in given if proof.is_valid(day)), default=None)
    if strength is not None and strength > Strength.CLAIM:
        return Backing(strength)
    ended = [p.valid_until for p in given if p.valid_until and p.has_ended(day) and p.strength > Strength.CLAIM]
    return Backing(strength, claimed=True, ended=max(ended, default=None))
