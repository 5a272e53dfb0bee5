"""What the shares of a chain add up to, and what is open behind them."""

from __future__ import annotations

from datetime import date

from checklists.core.control_chain import Chain, Entity, Link, derive
from checklists.core.control_chain.problems import held_sums

DAY = date(2024, 1, 1)
HELD = Entity("A", "Held", "FR", "contracting", closed=False)
HOLDER = Entity("B", "Holder", "FR", "shareholder", closed=True)


def test_a_share_left_blank_adds_nothing() -> None:
    chain = Chain((HELD, HOLDER), (Link("B", "A", "", ""),))
    assert held_sums(chain, "capital") == {"A": 0}


def test_a_company_held_to_the_last_share_hides_nobody() -> None:
    whole = derive(Chain((HELD, HOLDER), (Link("B", "A", "100", "100"),)), DAY)
    part = derive(Chain((HELD, HOLDER), (Link("B", "A", "60", "60"),)), DAY)
    assert whole.power is False
    assert part.power is None


def test_what_is_derived_keeps_its_chain() -> None:
    chain = Chain((HELD, HOLDER), (Link("B", "A", "100", "100"),))
    assert derive(chain, DAY).chain is chain
