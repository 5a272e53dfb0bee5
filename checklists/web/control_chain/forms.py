"""The two tables of the control chain page: companies, and who holds what. Rows are told apart by their letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from string import ascii_uppercase
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from checklists.core.control_chain import Access, Chain, Entity, Link, Problem, Role
from checklists.core.control_chain.shape import MAX_ENTITIES, MAX_LEI, MAX_LINKS, MAX_NAME, MAX_SHARE_TEXT
from checklists.words.control_chain.chain import ACCESSES, ROLES, problem_words

LETTERS = [*ascii_uppercase, *("".join(pair) for pair in product(ascii_uppercase, repeat=2))]
BLANK_ROWS = 2
"""Empty rows at the end of each table, so that one can go on without a script."""
MORE_ROWS = 10

_P, _S = Role.PARENT, Role.SHAREHOLDER
SHAPES: Mapping[str, tuple[Any, Chain]] = {
    "us_subsidiary": (
        gettext_lazy("European subsidiary of a group of the United States"),
        Chain(
            (
                Entity("A", "", "IE", Role.CONTRACTING),
                Entity("B", "", "US", _P, closed=True),
            ),
            (Link("B", "A", "100", "100"),),
        ),
    ),
    "licence": (
        gettext_lazy("European company under licence of US technology"),
        Chain(
            (
                Entity("A", "", "FR", Role.CONTRACTING),
                Entity("B", "", "FR", _P, closed=True),
                Entity("C", "", "US", Role.LICENSOR, closed=True),
            ),
            (Link("B", "A", "100", "100"),),
        ),
    ),
    "joint_venture": (
        gettext_lazy("Joint venture of a European and a US company"),
        Chain(
            (
                Entity("A", "", "FR", Role.CONTRACTING),
                Entity("B", "", "FR", _S, closed=True),
                Entity("C", "", "US", _S, closed=True),
            ),
            (Link("B", "A", "76", "76"), Link("C", "A", "24", "24")),
        ),
    ),
    "sovereign": (
        gettext_lazy("Host owned in the Union only"),
        Chain(
            (
                Entity("A", "", "FR", Role.CONTRACTING),
                Entity("B", "", "FR", _P, closed=True),
                Entity("C", "", "FR", Role.SUBCONTRACTOR, closed=True),
            ),
            (Link("B", "A", "100", "100"),),
        ),
    ),
}
"""Common shapes to start from: countries, roles and shares to be corrected, names to be filled in."""


@dataclass
class Row:
    """One row as shown: its values as typed and what is wrong with each, by field."""

    id: str
    number: int
    values: Any
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def all_errors(self) -> list[str]:
        return [words for found in self.errors.values() for words in found]


@dataclass
class ChainForm:
    """What the page shows: both tables, the choices of their lists, and the problems of the whole."""

    companies: list[Row]
    holdings: list[Row]
    country_choices: list[tuple[str, str]]
    role_choices: list[tuple[str, Any]]
    access_choices: list[tuple[str, Any]]
    company_choices: list[tuple[str, str]]
    errors: list[str]


def chain_form(chain: Chain, problems: Iterable[Problem] = (), more: str = "") -> ChainForm:
    """The tables for ``chain``, with ``problems`` beside their fields and a few empty rows; ``more`` adds rows to
    'companies' or 'holdings'."""
    used = {entity.id for entity in chain.entities}
    free = [letter for letter in LETTERS if letter not in used]
    extra = {name: BLANK_ROWS + MORE_ROWS * (more == name) for name in ("companies", "holdings")}
    blank = free[: min(extra["companies"], MAX_ENTITIES - len(chain.entities))]
    companies = [
        Row(entity.id, number, entity)
        for number, entity in enumerate((*chain.entities, *(Entity(letter) for letter in blank)), start=1)
    ]
    blanks = [Link("", "")] * max(0, min(extra["holdings"], MAX_LINKS - len(chain.links)))
    holdings = [Row(str(n), n + 1, link) for n, link in enumerate((*chain.links, *blanks))]
    by_letter = {row.id: row for row in companies}
    general = []
    for problem in problems:
        row = holdings[problem.row] if isinstance(problem.row, int) else by_letter.get(problem.row or "")
        if row is None:
            general.append(problem_words(problem))
        else:
            row.errors.setdefault(problem.field, []).append(problem_words(problem))
    return ChainForm(
        companies,
        holdings,
        [(code, str(name)) for code, name in countries],
        [(role.value, ROLES[role]) for role in Role],
        [(access.value, ACCESSES[access]) for access in Access],
        [(row.id, f"{row.id} · {row.values.name}" if row.values.name else row.id) for row in companies],
        general,
    )


def chain_in(data: QueryDict, without: str = "") -> tuple[Chain, list[str]]:
    """The chain that ``data`` describes, blank rows and the row ``without`` ('company-B', 'holding-3') left out, and
    what keeps it from being saved."""
    errors: list[str] = []
    entities, links = [], []
    for letter in data.getlist("company")[: MAX_ENTITIES + 1]:
        entity = Entity(
            letter if letter in LETTERS else "",
            _text(data, f"name-{letter}"),
            _listed(data, f"country-{letter}", _COUNTRIES),
            _listed(data, f"role-{letter}", frozenset(role.value for role in Role)),
            _listed(data, f"also-{letter}", _COUNTRIES),
            f"closed-{letter}" in data,
            _listed(data, f"access-{letter}", frozenset(access.value for access in Access)),
            "".join(_text(data, f"lei-{letter}").split()).upper(),
            f"persons-{letter}" in data,
        )
        if entity != Entity(entity.id) and without != f"company-{letter}":
            entities.append(entity)
    for number in data.getlist("holding")[: MAX_LINKS + 1]:
        link = Link(
            _listed(data, f"holder-{number}", frozenset(LETTERS)),
            _listed(data, f"held-{number}", frozenset(LETTERS)),
            _text(data, f"capital-{number}"),
            _text(data, f"votes-{number}"),
            f"veto-{number}" in data,
            f"appoints-{number}" in data,
        )
        if link != Link("", "") and without != f"holding-{number}":
            links.append(link)
    if any(len(entity.name) > MAX_NAME for entity in entities):
        errors.append(_("A name is too long: %(most)d characters at most.") % {"most": MAX_NAME})
    for entity in entities:
        if entity.lei and not (len(entity.lei) <= MAX_LEI and entity.lei.isascii() and entity.lei.isalnum()):
            errors.append(_("%(letter)s: an LEI has 20 letters and digits.") % {"letter": entity.id})
    if any(max(len(link.capital), len(link.votes)) > MAX_SHARE_TEXT for link in links):
        errors.append(_("A share is too long: %(most)d characters at most.") % {"most": MAX_SHARE_TEXT})
    if len(entities) > MAX_ENTITIES or len(links) > MAX_LINKS or not all(entity.id for entity in entities):
        errors.append(
            _("%(companies)d companies and %(holdings)d holdings at most: keep those that decide.")
            % {"companies": MAX_ENTITIES, "holdings": MAX_LINKS}
        )
    return Chain(tuple(entities), tuple(links)), errors


_COUNTRIES = frozenset(code for code, _name in countries)


def _text(data: QueryDict, name: str) -> str:
    # A lone surrogate cannot be stored; a NUL neither.
    return data.get(name, "").strip().replace("\x00", "").encode("utf-8", "replace").decode()


def _listed(data: QueryDict, name: str, choices: frozenset[str]) -> str:
    value = data.get(name, "")
    return value if value in choices else ""
