"""A control chain in the words of the active language, for the result page, the review and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django_countries import countries

from checklists.core.control_chain import (
    Access,
    Bounds,
    Chain,
    Derived,
    Entity,
    Fault,
    How,
    Kind,
    Problem,
    Reach,
    Role,
    share,
)
from checklists.core.editions.edition import Edition
from checklists.words.vocabulary import percent_sign, pick

Words = str | Promise

ACCESSES: Mapping[str, Words] = {
    Access.NONE: gettext_lazy("nothing"),
    Access.TECHNICAL: gettext_lazy("technical data only"),
    Access.CONTENT: gettext_lazy("the content: it hosts or reads it"),
}
"""What a supplier obtains through the service."""
ROLES: Mapping[str, Words] = {
    Role.CONTRACTING: pgettext_lazy("role", "Contracting company"),
    Role.PARENT: pgettext_lazy("role", "Parent company"),
    Role.SHAREHOLDER: pgettext_lazy("role", "Shareholder"),
    Role.DISPERSED: pgettext_lazy("role", "Many small shareholders"),
    Role.OPERATOR: pgettext_lazy("role", "Operator of the service"),
    Role.SUBCONTRACTOR: pgettext_lazy("role", "Subcontractor"),
    Role.REMOTE_ADMINISTRATOR: pgettext_lazy("role", "Remote administrator"),
    Role.LICENSOR: pgettext_lazy("role", "Technology licensor"),
}
KINDS: Mapping[Kind, Words] = {
    Kind.DIRECT: gettext_lazy("directly"),
    Kind.THROUGH_PARENT: gettext_lazy("through a company that controls the provider"),
    Kind.THROUGH_SUBCONTRACTOR: gettext_lazy("through a subcontractor"),
    Kind.NONE: gettext_lazy("by no link"),
}
FAULTS: Mapping[Fault, Words] = {
    Fault.NO_CONTRACTING: gettext_lazy("No company is the contracting one: give that role to the one that signs."),
    Fault.SEVERAL_CONTRACTING: gettext_lazy("Two companies are the contracting one: keep the role for one of them."),
    Fault.NAME_MISSING: gettext_lazy("Write the company’s name."),
    Fault.COUNTRY_MISSING: gettext_lazy("Choose the country: until then its law is a doubt."),
    Fault.ROLE_MISSING: gettext_lazy("Choose what the company is to the offer."),
    Fault.LEI_WRONG: gettext_lazy("This is no LEI: its check digits do not agree. Copy its 20 characters again."),
    Fault.SAME_ID: gettext_lazy("Two companies have the letter %(companies)s: remove one and enter it again."),
    Fault.NOT_LINKED: gettext_lazy("This holder holds nothing yet: add its holding in the second table."),
    Fault.REST_MISSING: gettext_lazy(
        "Owners listed: %(figure)s. Add the others, or tick “nothing else in a third country”."
    ),
    Fault.OVER_WHOLE: gettext_lazy("The shares in this company add up to %(figure)s: over the whole, one is wrong."),
    Fault.COMPANY_MISSING: gettext_lazy("Choose the company."),
    Fault.COMPANY_UNKNOWN: gettext_lazy("The company %(companies)s is not in the first table: fill its row."),
    Fault.HOLDS_ITSELF: gettext_lazy("A company cannot hold itself here: leave its own shares out."),
    Fault.SAME_HOLDING: gettext_lazy("%(companies)s: this holding is already listed. Keep one row, with the sum."),
    Fault.SHARE_MISSING: gettext_lazy("Write the share in percent: until then it is a doubt."),
    Fault.SHARE_UNREADABLE: gettext_lazy("This is not a percentage: write 33.33 or 33,33, two decimals at most."),
    Fault.SHARE_TOO_LARGE: gettext_lazy("A share cannot be over the whole: 100 at most."),
    Fault.CONTROL_LOOP: gettext_lazy("%(companies)s control each other: one of these majorities or rights is wrong."),
    Fault.CLOSED_CIRCLE: gettext_lazy("%(companies)s hold each other wholly and nobody else: an owner is missing."),
}


@dataclass(frozen=True)
class CompanyLine:
    letter: str
    name: str
    country: str
    also: str
    role: Words
    is_closed: bool


@dataclass(frozen=True)
class HoldingLine:
    """A direct holding as declared."""

    holder: str
    held: str
    capital: str
    votes: str
    rights: str


@dataclass(frozen=True)
class ReachLine:
    """The law of one country and the way it takes."""

    country: str
    kind: Words
    path: str
    laws: tuple[str, ...]


@dataclass(frozen=True)
class IndirectLine:
    name: str
    country: str
    capital: str
    votes: str
    is_outside: bool


@dataclass(frozen=True)
class CriterionLine:
    """One criterion of chapter 19.6.b; ``outcome`` is 'met', 'not_met' or 'unknown'."""

    text: str
    found: str
    outcome: str


@dataclass(frozen=True)
class ChainPage:
    """Everything shown of one chain."""

    companies: tuple[CompanyLine, ...]
    holdings: tuple[HoldingLine, ...]
    reaches: tuple[ReachLine, ...]
    silent: tuple[str, ...]
    indirect: tuple[IndirectLine, ...]
    criteria: tuple[CriterionLine, ...]
    problems: tuple[str, ...]
    licensors: tuple[str, ...]
    summary: str
    is_consistent: bool
    is_complete: bool
    is_beyond: bool


def present_chain(edition: Edition, derived: Derived) -> ChainPage:
    """The chain and what follows from it, in the active language."""
    chain = derived.chain
    names = company_names(chain)
    entities = {entity.id: entity for entity in chain.entities}
    criteria = _criteria(derived)
    return ChainPage(
        companies=tuple(
            CompanyLine(e.id, names[e.id], country_name(e.country), country_name(e.also), role_name(e.role), e.closed)
            for e in chain.entities
        ),
        holdings=tuple(
            HoldingLine(
                names.get(link.holder, link.holder),
                names.get(link.held, link.held),
                _typed(link.capital),
                _typed(link.votes),
                ", ".join(_rights(link.veto, link.appoints)),
            )
            for link in chain.links
        ),
        reaches=tuple(_reach_line(edition, reach, entities, names) for reach in derived.reaches),
        silent=_silent(derived),
        indirect=tuple(
            IndirectLine(
                names[h.company],
                country_name(entities[h.company].country),
                percent(h.capital),
                percent(h.votes),
                h.is_outside,
            )
            for h in derived.holdings
        ),
        criteria=criteria,
        problems=tuple(located(problem, chain) for problem in derived.problems),
        licensors=tuple(f"{names[one]} ({country_name(entities[one].country)})" for one in derived.licensors),
        summary=chain_summary(derived),
        is_consistent=derived.is_consistent,
        is_complete=derived.is_complete,
        is_beyond=any(line.outcome == "not_met" for line in criteria),
    )


def company_names(chain: Chain) -> dict[str, str]:
    return {e.id: e.name or _("Company %(letter)s") % {"letter": e.id} for e in chain.entities}


def country_name(code: str) -> str:
    return (str(countries.name(code)) or code) if code else ""


def role_name(role: str) -> Words:
    return ROLES.get(role, "")


def percent(value: Fraction) -> str:
    """A share in percent, rounded up to the hundredth: a threshold passed by a hair is never shown as met."""
    return hundredths(ceil(10_000 * value))


def hundredths(figure: int) -> str:
    """``figure`` hundredths of a percent, with the sign."""
    return percent_sign(number_format(figure / 100 if figure % 100 else figure // 100))


def _typed(text: str) -> str:
    figure = share(text)
    return text if figure is None else hundredths(figure)


def _rights(veto: bool, appoints: bool) -> list[str]:
    found = [(veto, _("right of veto")), (appoints, _("appoints the majority"))]
    return [words for holds, words in found if holds]


def problem_words(problem: Problem) -> str:
    """What is wrong and how to mend it."""
    figure = "" if problem.figure is None else hundredths(problem.figure)
    return str(FAULTS[problem.fault]) % {"companies": ", ".join(problem.about), "figure": figure}


def located(problem: Problem, chain: Chain) -> str:
    """:func:`problem_words` with the row it stands in."""
    if isinstance(problem.row, int):
        place = _("Holding %(number)d") % {"number": problem.row + 1}
    elif problem.row:
        place = company_names(chain).get(problem.row, problem.row)
    else:
        return problem_words(problem)
    return _("%(place)s: %(words)s") % {"place": place, "words": problem_words(problem)}


def chain_summary(derived: Derived) -> str:
    """One line: how many companies, and what they bring."""
    count = len(derived.chain.entities)
    parts = [ngettext("%d company", "%d companies", count) % count]
    if not derived.is_consistent:
        parts.append(_("the rows contradict each other: nothing follows from them yet"))
    else:
        parts += _silent(derived)
        parts += [
            _("law of %(country)s: %(kind)s") % {"country": country_name(r.country), "kind": KINDS[r.kind]}
            for r in derived.reaches
        ]
        if not derived.is_complete:
            parts.append(_("some things are still missing"))
    return ", ".join(parts)


def _silent(derived: Derived) -> tuple[str, ...]:
    """What is said when no third country's law reaches the offer."""
    kinds = {*derived.possible_us, *derived.possible_other}
    if not derived.is_consistent or derived.reaches:
        return ()
    if kinds == {Kind.NONE}:
        return (_("no third country’s law applies to the offer"),)
    return (_("no reach found so far, none excluded"),)


def _reach_line(edition: Edition, reach: Reach, entities: Mapping[str, Entity], names: Mapping[str, str]) -> ReachLine:
    first = entities[reach.path[0].company]
    words = [_established(first, names[first.id], reach.country)]
    for before, step in zip(reach.path, reach.path[1:], strict=False):
        words.append(_held(names[step.company], names[before.company], step.how, step.votes))
    last = entities[reach.path[-1].company]
    if last.role != Role.CONTRACTING:
        words.append(_("%(company)s takes part in the service (%(role)s)") % {
            "company": names[last.id], "role": str(role_name(last.role)).lower()})  # fmt: skip
    laws = tuple(pick(edition.laws[key].title) for key in reach.laws)
    return ReachLine(country_name(reach.country), KINDS[reach.kind], ", ".join(words) + ".", laws)


def _established(entity: Entity, name: str, country: str) -> str:
    values = {"company": name, "country": country_name(country)}
    if entity.country == country:
        return _("%(company)s is established in %(country)s") % values
    return _("%(company)s is also under the law of %(country)s") % values


def _held(held: str, holder: str, how: How | None, votes: int) -> str:
    values = {"holder": holder, "held": held, "votes": hundredths(votes)}
    match how:
        case How.APPOINTS:
            return _("%(holder)s appoints the majority of the governing bodies of %(held)s") % values
        case How.VETO:
            return _("%(holder)s has a right of veto in %(held)s") % values
        case How.HALF:
            return _("%(holder)s has half of the votes in %(held)s: nothing is decided without it") % values
    return _("%(holder)s has, with the companies it controls, %(votes)s of the votes in %(held)s") % values


def _criteria(derived: Derived) -> tuple[CriterionLine, ...]:
    """Chapter 19.6.b of SecNumCloud 3.2, criterion by criterion."""
    single, total = Fraction(24, 100), Fraction(39, 100)
    lines = [
        (_("Capital: no entity outside the Union above 24%"), derived.greatest["capital"], single),
        (_("Votes: no entity outside the Union above 24%"), derived.greatest["votes"], single),
        (
            _("Votes commanded by one entity outside the Union, those of companies it controls counted whole: 24%"),
            derived.commanded,
            single,
        ),
        (_("Capital: entities outside the Union together not above 39%"), derived.total["capital"], total),
        (_("Votes: entities outside the Union together not above 39%"), derived.total["votes"], total),
    ]
    criteria = [CriterionLine(text, _bounds(bounds), _outcome(bounds, most)) for text, bounds, most in lines]
    power = {
        True: ("not_met", _("such a power is held")),
        False: ("met", _("none found")),
        None: ("unknown", _("not established")),
    }
    outcome, found = power[derived.power]
    text = _("No control, veto or appointment of the majority from outside the Union")
    return (*criteria, CriterionLine(text, found, outcome))


def _bounds(bounds: Bounds) -> str:
    if bounds.is_exact:
        return percent(bounds.low)
    return _("between %(low)s and %(high)s") % {"low": percent(bounds.low), "high": percent(bounds.high)}


def _outcome(bounds: Bounds, most: Fraction) -> str:
    return "not_met" if bounds.low > most else "met" if bounds.high <= most else "unknown"
