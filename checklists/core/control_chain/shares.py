"""Indirect shares, exactly.

From the company that contracts, walk up: at each step to a holder, in proportion to what it has. The share of a
holder is how much of the walk ever comes to it: shares multiply along a path and add up over paths, and a
cross-holding, which sends part of the walk round again, is a linear system solved in whole numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from checklists.core.control_chain.shape import WHOLE

Upward = Mapping[str, Mapping[str, int]]
"""company -> its holders, each with its share in hundredths of a percent."""

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Walk:
    """How often the walk is expected at each company. ``circular``: those it may come back to, with what flows in."""

    counts: Mapping[str, Fraction]
    out: Upward
    circular: Mapping[str, Fraction]

    def share(self, company: str) -> Fraction:
        """How much of the walk ever comes to ``company``, its returns left out."""
        if company not in self.circular:
            return self.counts.get(company, ZERO)
        return _solve({**self.out, company: {}}, self.circular)[company]

    def total(self, companies: Collection[str]) -> Fraction:
        return sum((self.counts[company] for company in companies if company in self.counts), ZERO)


def walk(upward: Upward, start: str, stops: Collection[str] = ()) -> Walk:
    """The walk from ``start``, which ends at ``stops`` and where nobody is listed; ``start`` counts 1 at the beginning.

    No circle may be closed (see ``circle_problems``).
    """
    out = {company: {} if company in stops else upward.get(company, {}) for company in _reached(upward, start, stops)}
    incoming = dict.fromkeys(out, 0)
    for holders in out.values():
        for holder in holders:
            incoming[holder] += 1
    counts = dict.fromkeys(out, ZERO)
    counts[start] = ONE
    left = _pass_on(out, [company for company in out if not incoming[company]], counts, incoming)
    circular = {company: counts[company] for company in sorted(_without_tops(out, left))}
    if circular:
        counts.update(_solve(out, circular))
        for company in circular:
            incoming[company] = 0
        _pass_on(
            {c: _outside(out[c], circular) if c in circular else out[c] for c in out}, [*circular], counts, incoming
        )
    return Walk(counts, out, circular)


def _pass_on(out: Upward, ready: list[str], counts: dict[str, Fraction], incoming: dict[str, int]) -> set[str]:
    """Pass each company's count on to its holders, once all that leads to it is counted; what stays is circular or
    above a circle."""
    left = set(out)
    while ready:
        company = ready.pop()
        left.discard(company)
        count = counts[company]
        for holder, part in out[company].items():
            counts[holder] += Fraction(count.numerator * part, count.denominator * WHOLE)
            incoming[holder] -= 1
            if not incoming[holder]:
                ready.append(holder)
    return left


def _outside(holders: Mapping[str, int], circular: Collection[str]) -> dict[str, int]:
    return {holder: part for holder, part in holders.items() if holder not in circular}


def _reached(upward: Upward, start: str, stops: Collection[str]) -> list[str]:
    reached, waiting = {start}, [start]
    while waiting:
        company = waiting.pop()
        fresh = set() if company in stops else upward.get(company, {}).keys() - reached
        reached |= fresh
        waiting.extend(fresh)
    return sorted(reached)


def _without_tops(out: Upward, left: set[str]) -> set[str]:
    """``left`` without the companies from which the walk can no longer turn back."""
    circular = set(left)
    while tops := {company for company in circular if not circular & out[company].keys()}:
        circular -= tops
    return circular


def _solve(out: Upward, inflow: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """``n = inflow + Wn`` with ``W`` the shares: fraction-free elimination (Bareiss), exact."""
    companies = list(inflow)
    size, scale = len(companies), lcm(*(amount.denominator for amount in inflow.values()))
    rows = [
        [WHOLE * (company == below) - out[below].get(company, 0) for below in companies]
        + [int(WHOLE * scale * inflow[company])]
        for company in companies
    ]
    before = 1
    for pivot in range(size):
        # Diagonal dominance keeps every pivot other than zero once no circle is closed.
        for row in range(size):
            if row != pivot:
                factor = rows[row][pivot]
                rows[row] = [
                    (rows[pivot][pivot] * value - factor * top) // before
                    for value, top in zip(rows[row], rows[pivot], strict=True)
                ]
        before = rows[pivot][pivot]
    return {company: Fraction(rows[row][size], rows[row][row] * scale) for row, company in enumerate(companies)}
