"""What follows from a control chain on a date: who can be given orders from where, and who holds how much.

A chain that is not finished gives bounds: what its gaps could still bring is never excluded, so nothing is credited.
A chain that contradicts itself gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil

from checklists.core.control_chain.control import Command, Holdings, How, votes_commanded
from checklists.core.control_chain.problems import Problem, circle_problems, loop_problems, row_problems
from checklists.core.control_chain.shape import SUPPLIERS, WHOLE, Access, Chain, Entity, Role, read_chain, share
from checklists.core.control_chain.shares import Upward, Walk, walk
from checklists.core.control_chain.territories import in_economic_area, in_union
from checklists.core.editions.conditions import Fact

US = "US"
REACHES = ("chain_us_reach", "chain_other_reach")
"""How the law of the United States, and of any other third country, reaches the offer: keys of :class:`Kind`."""
GIVEN = (
    *REACHES,
    "chain_contracting_country",
    "chain_parent_country",
    "chain_subcontractor_access",
)
"""The facts that answer a question, where a checklist says which one takes which."""
NUMBERS = ("chain_greatest_non_eu_share", "chain_total_non_eu_share", "chain_greatest_non_eu_command")
"""Derived numbers, in whole percent rounded up: 'at least 25' says 'more than 24', exactly."""
WORDS = {"chain_non_eu_power": frozenset({"yes", "no"})}
"""Whether an entity outside the Union commands the contracting one (majority, appointment, veto)."""


class Kind(IntEnum):
    """How a law reaches the offer, weakest link first; a question on reach offers these as its options."""

    NONE = 0
    THROUGH_SUBCONTRACTOR = 1
    THROUGH_PARENT = 2
    DIRECT = 3

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Step:
    """``company`` is under the one before it in the path, for the reason ``how`` (``None`` for the first)."""

    company: str
    how: How | None
    votes: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The law of ``country`` reaches the offer: from the first company of ``path``, under that law, to the last.

    ``laws`` are the edition's laws of compelled access of that country in force on the date; none listed is no
    proof that there is none: every State can give orders to the companies established there.
    """

    country: str
    kind: Kind
    path: tuple[Step, ...]
    laws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share between what is certain and what is possible, 0 to 1."""

    low: Fraction
    high: Fraction

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


UNKNOWN_SHARE = Bounds(Fraction(0), Fraction(1))


@dataclass(frozen=True, slots=True)
class Holding:
    """What a company has of the contracting one, directly and through others, 0 to 1."""

    company: str
    capital: Fraction
    votes: Fraction
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything derived from one chain. ``possible_*`` are the kinds of reach not excluded, weakest first.

    ``power`` is three-valued. ``holdings`` lists every holder that the contracting company leads up to.
    """

    chain: Chain
    problems: tuple[Problem, ...]
    contracting: str | None
    reaches: tuple[Reach, ...]
    possible_us: tuple[Kind, ...]
    possible_other: tuple[Kind, ...]
    contracting_country: str | None
    parent: str | None
    parent_country: str | None
    greatest: Mapping[str, Bounds]
    total: Mapping[str, Bounds]
    commanded: Bounds
    power: bool | None
    holdings: tuple[Holding, ...]
    licensors: tuple[str, ...]
    subcontractor_access: str = ""
    """The most that a supplier under a third country's law obtains; '' when one of them does not say."""

    @property
    def is_consistent(self) -> bool:
        return all(problem.is_gap for problem in self.problems)

    @property
    def is_complete(self) -> bool:
        return not self.problems

    def facts(self) -> dict[str, Fact]:
        """The facts for conditions, and for the questions that take what the chain gives."""
        worst = {name: max(bounds.values(), key=lambda b: b.low).low for name, bounds in self._shares()}
        most = {name: max(bounds.values(), key=lambda b: b.high).high for name, bounds in self._shares()}
        facts = {name: _number(worst[name], most[name]) for name in worst}
        facts[NUMBERS[2]] = _number(self.commanded.low, self.commanded.high)
        facts["chain_non_eu_power"] = Fact(None if self.power is None else "yes" if self.power else "no")
        facts |= zip(REACHES, map(_reach_fact, (self.possible_us, self.possible_other)), strict=True)
        facts["chain_contracting_country"] = Fact(self.contracting_country)
        facts["chain_parent_country"] = Fact(self.parent_country)
        facts["chain_subcontractor_access"] = Fact(self.subcontractor_access or None)
        return facts

    def _shares(self) -> tuple[tuple[str, Mapping[str, Bounds]], ...]:
        return ((NUMBERS[0], self.greatest), (NUMBERS[1], self.total))


def _number(low: Fraction, high: Fraction) -> Fact:
    least, most = ceil(100 * low), ceil(100 * high)
    return Fact(str(least), least) if least == most else Fact(bounds=(least, most))


def _reach_fact(kinds: tuple[Kind, ...]) -> Fact:
    return Fact(kinds[0].key) if len(kinds) == 1 else Fact(possible=frozenset(kind.key for kind in kinds))


@lru_cache(maxsize=256)
def derive_text(text: str, day: date, laws: tuple[tuple[str, str], ...]) -> Derived:
    """:func:`derive` of the chain in ``text``; remembered, since the same chain is judged again and again."""
    return derive(read_chain(text), day, laws)


def derive(chain: Chain, day: date, laws: Iterable[tuple[str, str]] = ()) -> Derived:
    """What ``chain`` says on ``day``; ``laws`` are (country, law) of the laws of compelled access in force then.

    Total: any chain gives a result. The order of its rows changes nothing but the numbers of rows in problems.
    """
    problems = row_problems(chain)
    holdings = Holdings(chain)
    entities = {entity.id: entity for entity in chain.entities}
    commands = {company: holdings.commanded_by([company]) for company in entities if company in holdings.by_holder}
    problems += loop_problems(commands)
    if all(problem.is_gap for problem in problems):
        fields = ("capital",) if all(link.capital == link.votes for link in chain.links) else ("capital", "votes")
        problems += [problem for field in fields for problem in circle_problems(chain, field)]
    contracting = next((entity for entity in chain.entities if entity.role == Role.CONTRACTING), None)
    if contracting is None or not all(problem.is_gap for problem in problems):
        return _nothing(chain, tuple(problems))
    return _Derivation(chain, day, tuple(laws), holdings, entities, commands, contracting).outcome(tuple(problems))


def _nothing(chain: Chain, problems: tuple[Problem, ...]) -> Derived:
    every, unknown = tuple(Kind), {"capital": UNKNOWN_SHARE, "votes": UNKNOWN_SHARE}
    return Derived(
        chain, problems, None, (), every, every, None, None, None, unknown, unknown, UNKNOWN_SHARE, None, (), ()
    )


@dataclass(frozen=True)
class _Derivation:
    chain: Chain
    day: date
    laws: tuple[tuple[str, str], ...]
    holdings: Holdings
    entities: Mapping[str, Entity]
    commands: Mapping[str, Command]
    contracting: Entity

    def outcome(self, problems: tuple[Problem, ...]) -> Derived:
        reaches = self._reaches()
        capital, votes = self._upward("capital"), self._upward("votes")
        # What may stand behind the gaps is taken for one hidden company, which commands all that is open.
        hidden = {entity.id for entity in self.chain.entities if not entity.country} | self._open(votes)
        us = self._kinds(reaches, hidden, lambda country: country == US)
        other = self._kinds(reaches, hidden, lambda c: c != US and not in_economic_area(c, self.day))
        parent, parent_country = self._ultimate_parent(hidden)
        by_capital = walk(capital, self.contracting.id)
        holdings = self._holdings(by_capital, by_capital if votes == capital else walk(votes, self.contracting.id))
        outside = [holding for holding in holdings if holding.is_outside]
        single = [h for h in outside if self.entities[h.company].role != Role.DISPERSED]
        greatest: dict[str, Bounds] = {}
        total: dict[str, Bounds] = {}
        for field, upward in (("capital", capital), ("votes", votes)):
            if field == "votes" and votes == capital:
                total[field] = total["capital"]
            else:
                total[field], doubt = self._total(upward)
            low = max((getattr(holding, field) for holding in single), default=Fraction(0))
            greatest[field] = Bounds(low, min(Fraction(1), low + doubt))
        command = max((votes_commanded(self.holdings, h.company, self.contracting.id) for h in single), default=0)
        low = Fraction(min(command, WHOLE), WHOLE)
        power = any(self.contracting.id in self.commands.get(h.company, ()) for h in single)
        in_doubt = bool(hidden & self._above())
        return Derived(
            chain=self.chain,
            problems=problems,
            contracting=self.contracting.id,
            reaches=reaches,
            possible_us=us,
            possible_other=other,
            contracting_country=self.contracting.country or None,
            parent=parent,
            parent_country=parent_country,
            greatest=greatest,
            total=total,
            commanded=Bounds(low, Fraction(1) if in_doubt else low),
            power=True if power else None if in_doubt else False,
            holdings=holdings,
            licensors=tuple(e.id for e in self.chain.entities if e.role == Role.LICENSOR),
            subcontractor_access=self._subcontractor_access(hidden),
        )

    def _subcontractor_access(self, hidden: set[str]) -> str:
        """What the suppliers that a third country's law reaches obtain, taken together: the most that one of them does.

        '' as long as one of them does not say, unless another is known to obtain the content.
        """
        commanding = [e for e in self.chain.entities if any(not in_economic_area(c, self.day) for c in e.countries)]
        reached = {e.id for e in commanding} | {one for e in commanding for one in self.commands.get(e.id, ())}
        obtained = [e.access for e in self.chain.entities if e.role in SUPPLIERS and e.id in reached]
        if Access.CONTENT in obtained:
            return Access.CONTENT.value
        if not obtained or hidden or "" in obtained:
            return ""
        return max(obtained, key=[access.value for access in Access].index)

    @cached_property
    def _outside(self) -> frozenset[str]:
        """The companies established outside the Union."""
        return frozenset(e.id for e in self.chain.entities if e.country and not in_union(e.country, self.day))

    def _open(self, upward: Upward) -> set[str]:
        """The companies of which some shares are held by nobody knows whom."""
        sums = {company: sum(parts.values()) for company, parts in upward.items()}
        return {
            entity.id
            for entity in self.chain.entities
            if not entity.closed and entity.role != Role.DISPERSED and sums.get(entity.id, 0) < WHOLE
        }

    def _upward(self, field: str) -> dict[str, dict[str, int]]:
        upward: dict[str, dict[str, int]] = {}
        for links in self.holdings.by_holder.values():
            for link, _ in links:
                part = share(getattr(link, field))
                if part:
                    upward.setdefault(link.held, {})[link.holder] = part
        return upward

    def _above(self) -> set[str]:
        """The contracting company and every holder it leads up to, by any kind of link."""
        reached, waiting = {self.contracting.id}, [self.contracting.id]
        held_by: dict[str, set[str]] = {}
        for holder, links in self.holdings.by_holder.items():
            for link, _ in links:
                held_by.setdefault(link.held, set()).add(holder)
        while waiting:
            fresh = held_by.get(waiting.pop(), set()) - reached
            reached |= fresh
            waiting.extend(fresh)
        return reached

    def _touched(self, company: str, commanded: Iterable[str]) -> tuple[Kind, str | None]:
        """The strongest way in which orders to ``company`` reach the offer, and the company they arrive at."""
        if company == self.contracting.id:
            return Kind.DIRECT, company
        group = [company, *commanded]
        if self.contracting.id in group:
            return Kind.THROUGH_PARENT, self.contracting.id
        suppliers = sorted(one for one in group if self.entities[one].role in SUPPLIERS)
        return (Kind.THROUGH_SUBCONTRACTOR, suppliers[0]) if suppliers else (Kind.NONE, None)

    def _reaches(self) -> tuple[Reach, ...]:
        """For each country outside the EEA whose law reaches the offer, the strongest and then shortest way."""
        found: dict[str, Reach] = {}
        for entity in sorted(self.chain.entities, key=lambda entity: entity.id):
            if entity.role == Role.DISPERSED:
                continue
            commanded = self.commands.get(entity.id, {})
            kind, target = self._touched(entity.id, commanded)
            if target is None:
                continue
            path = _path(entity.id, target, commanded)
            for country in entity.countries:
                if in_economic_area(country, self.day):
                    continue
                rival = found.get(country)
                if rival is None or (kind, -len(path)) > (rival.kind, -len(rival.path)):
                    laws = tuple(law for where, law in self.laws if where == country)
                    found[country] = Reach(country, kind, path, laws)
        return tuple(sorted(found.values(), key=lambda reach: (reach.country != US, -reach.kind, reach.country)))

    def _kinds(self, reaches: Iterable[Reach], hidden: set[str], concerns: Callable[[str], bool]) -> tuple[Kind, ...]:
        """The kinds of reach of the countries that ``concerns`` picks, from the certain one to the worst possible."""
        low = max((reach.kind for reach in reaches if concerns(reach.country)), default=Kind.NONE)
        high = low
        if hidden:
            seeds = hidden | {e.id for e in self.chain.entities if any(concerns(c) for c in e.countries)}
            commanded = self.holdings.commanded_by(seeds, doubts=True)
            high = max(high, Kind.DIRECT if not self.contracting.country else Kind.NONE)
            group = {*seeds, *commanded}
            if self.contracting.id in group:
                high = max(high, Kind.THROUGH_PARENT)
            if any(self.entities[one].role in SUPPLIERS or not self.entities[one].role for one in group):
                high = max(high, Kind.THROUGH_SUBCONTRACTOR)
        elif any(not entity.role and any(concerns(c) for c in entity.countries) for entity in self.chain.entities):
            high = max(high, Kind.THROUGH_SUBCONTRACTOR)
        return tuple(kind for kind in Kind if low <= kind <= high)

    def _ultimate_parent(self, hidden: set[str]) -> tuple[str | None, str | None]:
        """The company that commands the contracting one and is commanded by none; itself when nobody commands it.

        Of several, one outside the EEA goes first, the United States' before others, then by votes commanded.
        """
        above = {one for one, reached in self.commands.items() if self.contracting.id in reached}
        group = above | {self.contracting.id}
        if hidden & self._above():
            return None, None
        tops = [self.entities[one] for one in group if not any(one in self.commands.get(o, ()) for o in group)]
        tops.sort(
            key=lambda top: (
                in_economic_area(top.country, self.day),
                top.country != US,
                -votes_commanded(self.holdings, top.id, self.contracting.id),
                top.country,
                top.id,
            )
        )
        return tops[0].id, tops[0].country

    def _holdings(self, capital: Walk, votes: Walk) -> tuple[Holding, ...]:
        found = []
        for company in (capital.counts.keys() | votes.counts.keys()) - {self.contracting.id}:
            part = capital.share(company)
            voting = part if votes is capital else votes.share(company)
            found.append(Holding(company, part, voting, company in self._outside))
        found.sort(key=lambda holding: (-max(float(holding.capital), float(holding.votes)), holding.company))
        return tuple(found)

    def _total(self, upward: Upward) -> tuple[Bounds, Fraction]:
        """The part of the walk that comes to the outside of the Union, and the part of which nobody can tell.

        A walk that has left the Union is not counted twice: it ends there.
        """
        start = self.contracting.id
        outside = self._outside - {start}
        nowhere = {e.id for e in self.chain.entities if not e.country} - {start}
        low = walk(upward, start, outside).total(outside)
        opened = self._open(upward) - outside - nowhere
        if not nowhere and not opened:
            return Bounds(low, low), Fraction(0)
        above = walk(upward, start, outside | nowhere)
        doubt = above.total(nowhere)
        for company in opened:
            rest = WHOLE - sum(upward.get(company, {}).values())
            doubt += above.total({company}) * Fraction(rest, WHOLE)
        return Bounds(low, min(Fraction(1), max(low, above.total(outside) + doubt))), doubt


def _path(first: str, last: str, commanded: Command) -> tuple[Step, ...]:
    steps = []
    company = last
    while company != first:
        hold = commanded[company]
        steps.append(Step(company, hold.how, hold.votes))
        company = hold.holder
    return (Step(first, None, 0), *reversed(steps))
