"""Kleene's strong three-valued logic: ``True``, ``False``, or ``None`` for what is not known yet.

Learning a fact may turn ``None`` into ``True`` or ``False``, never ``True`` into ``False``: that is what makes a
verdict's band trustworthy. Source: S. C. Kleene, Introduction to Metamathematics (1952), § 64.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Truth = bool | None


def negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """``False`` as soon as one is; else not known if any is not; else ``True``, also of none at all."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """``True`` as soon as one is; else not known if any is not; else ``False``, also of none at all."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def reaches(low: int | Fraction, high: int | Fraction, least: int | Fraction) -> Truth:
    """Whether a number that lies between ``low`` and ``high``, both ends included, is ``least`` or more."""
    if low >= least:
        return True
    return False if high < least else None
