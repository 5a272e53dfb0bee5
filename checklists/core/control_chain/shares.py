"""Indirect shares, exactly.

From the company that contracts, walk up: at each step to a holder, in proportion to what it has. The share of a
holder is how much of the walk ever comes to it: shares multiply along a path and add up over paths, and a
cross-holding, which sends part of the walk round again, is a linear system solved in whole numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import lcm

from checklists.core.control_chain.shape import WHOLE

Upward = Mapping[str, Mapping[str, int]]
"""company -> its holders, each with its share in hundredths of a percent."""

ONE = Fraction(1)


def visits(upward: Upward, start: str, stops: Collection[str] = ()) -> tuple[dict[str, Fraction], frozenset[str]]:
    """How often the walk from ``start`` is expected at each company, and the companies it may come back to.

    The walk ends at ``stops`` and where nobody is listed. ``start`` counts 1 for the beginning. No circle may be
    closed (see ``circle_problems``).
    """
    out = {company: {} if company in stops else upward.get(company, {}) for company in _reached(upward, start, stops)}
    incoming = dict.fromkeys(out, 0)
    for holders in out.values():
        for holder in holders:
            incoming[holder] += 1
    found = dict.fromkeys(out, Fraction(0))
    found[start] = ONE
    ready = [company for company in out if not incoming[company]]
    left = set(out)
    while ready:
        company = ready.pop()
        left.discard(company)
        for holder, part in out[company].items():
            found[holder] += found[company] * Fraction(part, WHOLE)
            incoming[holder] -= 1
            if not incoming[holder]:
                ready.append(holder)
    if not left:
        return found, frozenset()
    circular = _without_tops(out, left)
    found.update(_solve(out, sorted(circular), found))
    tops = left - circular
    while tops:
        # A top is counted once all those below it are: it waits for none but them.
        company = min(c for c in tops if not any(c in out[below] for below in tops))
        tops.discard(company)
        for below in circular:
            found[company] += found[below] * Fraction(out[below].get(company, 0), WHOLE)
        for below in left - circular - tops - {company}:
            found[company] += found[below] * Fraction(out[below].get(company, 0), WHOLE)
    return found, frozenset(circular)


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


def _solve(out: Upward, companies: list[str], inflow: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """``n = inflow + Wn`` with ``W`` the shares: fraction-free elimination (Bareiss), exact."""
    size, scale = len(companies), lcm(*(inflow[company].denominator for company in companies))
    rows = [
        [WHOLE * (row == column) - out[columns].get(rows_, 0) for column, columns in enumerate(companies)]
        + [int(WHOLE * scale * inflow[rows_])]
        for row, rows_ in enumerate(companies)
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


def share_of(upward: Upward, start: str, holder: str, found: tuple[dict[str, Fraction], frozenset[str]]) -> Fraction:
    """How much of the walk from ``start`` ever comes to ``holder``; ``found`` is ``visits(upward, start)``."""
    counts, circular = found
    if holder in circular:
        return visits(upward, start, {holder})[0].get(holder, Fraction(0))
    return counts.get(holder, Fraction(0))
