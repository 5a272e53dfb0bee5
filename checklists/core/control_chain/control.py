"""Who commands whom.

A company is commanded by another that, alone or with companies it commands already, has more than half of its votes
(Directive 2013/34/EU, Art. 22(1)(a)), may appoint the majority of its governing bodies (ibid. (b)), may veto its
strategic decisions, or has exactly half of its votes, which is a veto on every decision (Regulation (EC) No 139/2004,
Art. 3(2), and the Commission's Consolidated Jurisdictional Notice, 2008/C 95/01, points 62 to 68).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checklists.core.control_chain.shape import WHOLE, Chain, Link, Role, share


class How(StrEnum):
    MAJORITY = "majority"
    HALF = "half"
    APPOINTS = "appoints"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a company is commanded: ``holder`` completes the reason; ``votes`` counted so far, in hundredths of %."""

    holder: str
    how: How
    votes: int


Command = Mapping[str, Hold]
"""The companies that one commands, each with the last holder on the way to it."""


class Holdings:
    """The links of a chain, by holder."""

    def __init__(self, chain: Chain) -> None:
        known = {entity.id for entity in chain.entities}
        self.idle = {entity.id for entity in chain.entities if entity.role == Role.DISPERSED}
        self.by_holder: defaultdict[str, list[tuple[Link, int | None]]] = defaultdict(list)
        for link in sorted(chain.links, key=lambda link: (link.holder, link.held)):
            if {link.holder, link.held} <= known and link.holder != link.held:
                missing = not link.votes.strip() and not link.has_rights
                self.by_holder[link.holder].append((link, None if missing else share(link.votes) or 0))

    def commanded_by(self, seeds: Iterable[str], *, doubts: bool = False) -> Command:
        """What ``seeds`` command together, themselves left out. With ``doubts``, a share not told counts as whole."""
        waiting = sorted(set(seeds) - self.idle)
        members, commanded = set(waiting), dict[str, Hold]()
        votes: defaultdict[str, int] = defaultdict(int)
        while waiting:
            holder = waiting.pop(0)
            for link, part in self.by_holder.get(holder, ()):
                if link.held in members:
                    continue
                votes[link.held] += (WHOLE if doubts else 0) if part is None else part
                how = _how(link, votes[link.held])
                if how:
                    members.add(link.held)
                    waiting.append(link.held)
                    commanded[link.held] = Hold(holder, how, votes[link.held])
        return commanded


def _how(link: Link, votes: int) -> How | None:
    if 2 * votes > WHOLE:
        return How.MAJORITY
    if link.appoints:
        return How.APPOINTS
    if link.veto:
        return How.VETO
    return How.HALF if 2 * votes == WHOLE else None


def votes_commanded(holdings: Holdings, holder: str, target: str) -> int:
    """The votes in ``target`` of ``holder`` and of the companies it commands, undiminished.

    Votes of controlled companies are attributed whole (Directive 2004/109/EC, Art. 10(e)).
    """
    group = {holder, *holdings.commanded_by([holder])} - {target}
    return sum(part or 0 for one in group for link, part in holdings.by_holder.get(one, ()) if link.held == target)
