"""Walk every chain of the trail and say where it does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection

from checklists.core.trail import START, Break, first_break
from checklists.models import TrailChain, TrailEntry
from checklists.models.table_rules.declared import TRAIL_RULES
from checklists.models.table_rules.keep import Fault, faults

Head = tuple[int, int, str]
"""A chain, a position in it, and the fingerprint there: kept elsewhere, it shows a chain rewritten whole."""


def verify_trail(kept_heads: Iterable[Head] = ()) -> list[Break]:
    """Every chain's first break, in order; empty when all hold. Reads each entry once, a chain at a time.

    Beside the faults of ``core.trail``: 'cut' when a chain is not as long as its head says or ends otherwise,
    'headless' when its head is gone, 'rewritten' when a head of ``kept_heads`` is not in its chain any more.
    """
    heads = {head.chain: head for head in TrailChain.objects.all()}
    chains = set(TrailEntry.objects.order_by().values_list("chain", flat=True).distinct()) | set(heads)
    breaks: list[Break] = []
    for chain in sorted(chains):
        entries = TrailEntry.objects.filter(chain=chain).order_by("position")
        found = first_break((entry.link(), entry.sha256) for entry in entries.iterator(chunk_size=2000))
        breaks.extend([found] if found else _against_head(chain, heads.get(chain)))
    return breaks + list(_against_kept(kept_heads))


def _against_head(chain: int, head: TrailChain | None) -> Iterator[Break]:
    last = TrailEntry.objects.filter(chain=chain).order_by("-position").first()
    end = (last.position, last.sha256) if last else (0, START)
    if head is None:
        yield Break(chain, end[0], "headless")
    elif (head.length, head.sha256) != end:
        yield Break(chain, end[0] + 1, "cut")


def _against_kept(kept_heads: Iterable[Head]) -> Iterator[Break]:
    for chain, position, sha256 in kept_heads:
        if position and not TrailEntry.objects.filter(chain=chain, position=position, sha256=sha256).exists():
            yield Break(chain, position, "rewritten")


def heads() -> list[Head]:
    """The head of each chain now."""
    return list(TrailChain.objects.order_by("chain").values_list("chain", "length", "sha256"))


def trail_faults() -> list[Fault]:
    """The triggers that keep the trail, where one is missing or does something else."""
    return faults(connection, TRAIL_RULES)
