"""What is missing in a chain, and what cannot be: each told with the row and the field it stands in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stdnum import lei

from checklists.core.control_chain.control import Command
from checklists.core.control_chain.shape import WHOLE, Chain, Role, share


class Fault(StrEnum):
    """What is wrong with a row."""

    NO_CONTRACTING = "no_contracting"
    SEVERAL_CONTRACTING = "several_contracting"
    NAME_MISSING = "name_missing"
    COUNTRY_MISSING = "country_missing"
    ROLE_MISSING = "role_missing"
    LEI_WRONG = "lei_wrong"
    SAME_ID = "same_id"
    NOT_LINKED = "not_linked"
    REST_MISSING = "rest_missing"
    OVER_WHOLE = "over_whole"
    COMPANY_MISSING = "company_missing"
    COMPANY_UNKNOWN = "company_unknown"
    HOLDS_ITSELF = "holds_itself"
    SAME_HOLDING = "same_holding"
    SHARE_MISSING = "share_missing"
    SHARE_UNREADABLE = "share_unreadable"
    SHARE_TOO_LARGE = "share_too_large"
    CONTROL_LOOP = "control_loop"
    CLOSED_CIRCLE = "closed_circle"


GAPS = frozenset(
    {Fault.NAME_MISSING, Fault.COUNTRY_MISSING, Fault.ROLE_MISSING, Fault.NOT_LINKED, Fault.REST_MISSING}
    | {Fault.SHARE_MISSING, Fault.LEI_WRONG}
)
"""Something is not told yet: what follows is known within bounds. Any other fault contradicts: nothing follows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """``row`` is a company's id, a holding's number from 0, or ``None`` for the whole; ``about`` names companies.

    ``figure`` is the sum found, in hundredths of a percent, where one is at fault.
    """

    fault: Fault
    row: str | int | None
    field: str
    about: tuple[str, ...] = ()
    figure: int | None = None

    @property
    def is_gap(self) -> bool:
        return self.fault in GAPS


def row_problems(chain: Chain) -> list[Problem]:
    """The problems that rows show by themselves or by their sums."""
    return [*_entities(chain), *_links(chain), *_sums(chain)]


def _entities(chain: Chain) -> Iterator[Problem]:
    contracting = [entity.id for entity in chain.entities if entity.role == Role.CONTRACTING]
    if not contracting:
        yield Problem(Fault.NO_CONTRACTING, None, "role")
    for extra in contracting[1:]:
        yield Problem(Fault.SEVERAL_CONTRACTING, extra, "role", tuple(contracting))
    linked = {link.holder for link in chain.links}
    for entity_id, count in Counter(entity.id for entity in chain.entities).items():
        if count > 1:
            yield Problem(Fault.SAME_ID, entity_id, "name", (entity_id,))
    for entity in chain.entities:
        if not entity.name:
            yield Problem(Fault.NAME_MISSING, entity.id, "name")
        if not entity.country:
            yield Problem(Fault.COUNTRY_MISSING, entity.id, "country")
        if not entity.role:
            yield Problem(Fault.ROLE_MISSING, entity.id, "role")
        if entity.lei and not lei.is_valid(entity.lei):
            yield Problem(Fault.LEI_WRONG, entity.id, "lei", (entity.id,))
        if entity.role in (Role.PARENT, Role.SHAREHOLDER, Role.DISPERSED) and entity.id not in linked:
            yield Problem(Fault.NOT_LINKED, entity.id, "role")


def _links(chain: Chain) -> Iterator[Problem]:
    known = {entity.id for entity in chain.entities}
    seen: set[tuple[str, str]] = set()
    for number, link in enumerate(chain.links):
        for field, end in (("holder", link.holder), ("held", link.held)):
            if not end:
                yield Problem(Fault.COMPANY_MISSING, number, field)
            elif end not in known:
                yield Problem(Fault.COMPANY_UNKNOWN, number, field, (end,))
        if link.holder and link.holder == link.held:
            yield Problem(Fault.HOLDS_ITSELF, number, "held", (link.held,))
        elif link.holder and link.held and (link.holder, link.held) in seen:
            yield Problem(Fault.SAME_HOLDING, number, "held", (link.holder, link.held))
        seen.add((link.holder, link.held))
        for field, text in (("capital", link.capital), ("votes", link.votes)):
            figure = share(text)
            if not text.strip():
                if not link.has_rights:
                    yield Problem(Fault.SHARE_MISSING, number, field)
            elif figure is None:
                yield Problem(Fault.SHARE_UNREADABLE, number, field)
            elif figure > WHOLE:
                yield Problem(Fault.SHARE_TOO_LARGE, number, field, figure=figure)


def _sums(chain: Chain) -> Iterator[Problem]:
    sums = {field: held_sums(chain, field) for field in ("capital", "votes")}
    for entity in chain.entities:
        for field in ("capital", "votes"):
            figure = sums[field].get(entity.id, 0)
            if figure > WHOLE:
                yield Problem(Fault.OVER_WHOLE, entity.id, field, (entity.id,), figure)
        least = min(sums[field].get(entity.id, 0) for field in ("capital", "votes"))
        if least < WHOLE and not entity.closed and entity.role != Role.DISPERSED:
            yield Problem(Fault.REST_MISSING, entity.id, "closed", (entity.id,), least)


def held_sums(chain: Chain, field: str) -> Mapping[str, int]:
    """What is declared to be held in each company, in hundredths of a percent."""
    sums: defaultdict[str, int] = defaultdict(int)
    for link in chain.links:
        sums[link.held] += share(getattr(link, field)) or 0
    return sums


def loop_problems(commands: Mapping[str, Command]) -> list[Problem]:
    """Companies that control each other: no company can be last in such a chain."""
    looped = {
        frozenset({one, other})
        for one, reached in commands.items()
        for other in reached
        if other in commands and one in commands[other]
    }
    return [Problem(Fault.CONTROL_LOOP, min(pair), "name", tuple(sorted(pair))) for pair in sorted(looped, key=sorted)]


def circle_problems(chain: Chain, field: str) -> list[Problem]:
    """Companies held wholly by one another: no share of them ever leads to an owner."""
    sums, holders = held_sums(chain, field), defaultdict(set)
    for link in chain.links:
        if share(getattr(link, field)):
            holders[link.holder].add(link.held)
    owned = [entity.id for entity in chain.entities if sums.get(entity.id, 0) < WHOLE]
    reached = set(owned)
    while owned:
        fresh = holders[owned.pop()] - reached
        reached |= fresh
        owned.extend(fresh)
    circle = tuple(sorted({entity.id for entity in chain.entities} - reached))
    return [Problem(Fault.CLOSED_CIRCLE, circle[0], field, circle)] if circle else []
