"""Who owns whom, as statements of the Beneficial Ownership Data Standard (BODS) 0.4, into a control chain and out.

In: the last statement of each record counts, a closed one ends it. Direct interests become holdings; an indirect one
is left out where the file describes the way it goes, so that no share is counted twice. Natural persons are counted
together by country, without their names. What cannot be said by a chain is told in words, never guessed.
Source: standard.openownership.org, 0.4, schema reference and codelists.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from checklists.core.control_chain import Chain, Entity, Link, Role, read_chain, share
from checklists.core.control_chain.shape import MAX_ENTITIES, MAX_LEI, MAX_LINKS, MAX_NAME
from checklists.core.readable import readable
from checklists.services.foreign_files import ForeignRefused, read_bounded

VERSION = "0.4"
MAX_BYTES = 2_000_000
MAX_STATEMENTS = 5_000
MOST_TOLD = 20
LETTERS = [*ascii_uppercase, *("".join(pair) for pair in product(ascii_uppercase, repeat=2))]
LEI_SCHEME = "XI-LEI"
OWNED_BY_NOBODY = frozenset({"state", "stateBody"})
"""Types of entities that nobody holds shares of."""
OFFICES = frozenset({"boardMember", "boardChair", "seniorManagingOfficial"})
"""Interests that are an office, not a holding: a person who sits on a board commands no vote of the owners."""
SHARES = {"shareholding": "capital", "votingRights": "votes"}
"""Interests that a chain counts, and the column of each."""


class OwnershipRefused(ValueError):
    """The file is no ownership that can be read; the message, in the active language, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A chain, and what of the file it does not hold, a sentence each."""

    chain: Chain
    notes: list[str]


def read_ownership(raw: bytes, day: date) -> Imported:
    """The chain in ``raw`` as it is on ``day``. Raises ``OwnershipRefused``."""
    if len(raw) > MAX_BYTES:
        raise OwnershipRefused(_("The file is larger than 2 MB."))
    try:
        read = read_bounded("ownership", raw, day=day.isoformat())
    except ForeignRefused as refusal:
        raise OwnershipRefused(str(refusal)) from refusal
    return Imported(read_chain(read["chain"]), read["notes"])


def chain_of_statements(raw: bytes, day: str) -> dict[str, Any]:
    """``chain`` as text, and ``notes``. Raises ``OwnershipRefused``. It parses, so is not for the site."""
    reading = _Reading(_statements(raw), date.fromisoformat(day))
    return {"chain": reading.chain().to_text(), "notes": reading.notes}


def _statements(raw: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise OwnershipRefused(
            _("The file is no JSON in UTF-8. Send the statements as one JSON file, as their publisher gives them.")
        ) from None
    if not isinstance(document, list) or not document:
        raise OwnershipRefused(_("The file is no list of statements. BODS 0.4 is a JSON list of statements."))
    if len(document) > MAX_STATEMENTS:
        raise OwnershipRefused(
            _("The file holds more than %(most)d statements. Send those about the provider and its owners.")
            % {"most": MAX_STATEMENTS}
        )
    problems = [problem for number, item in enumerate(document, 1) for problem in _problems(number, item)]
    if problems:
        raise OwnershipRefused(" ".join(problems[:MOST_TOLD]))
    return document


def _no_number(text: str) -> float:
    raise ValueError(text)


def _problems(number: int, item: Any) -> Iterator[str]:
    """What keeps one statement from being read."""
    here = {"number": number}
    if not isinstance(item, dict):
        yield _("Statement %(number)d is no object.") % here
        return
    if "statementType" in item or "recordType" not in item:
        yield _("Statement %(number)d is not written in BODS 0.4: ask its publisher for that version.") % here
        return
    published = item.get("publicationDetails", {})
    version = published.get("bodsVersion", VERSION) if isinstance(published, dict) else ""
    if version != VERSION:
        yield _("Statement %(number)d is of BODS %(version)s: ask its publisher for version 0.4.") % {
            **here,
            "version": str(version)[:20],
        }
    for name in ("recordId", "recordType", "statementDate"):
        if not isinstance(item.get(name), str) or not item[name]:
            yield _("Statement %(number)d has no “%(field)s” in words.") % {**here, "field": name}
    if item.get("recordType") not in ("entity", "person", "relationship"):
        yield _("Statement %(number)d is about neither an entity, nor a person, nor a relationship.") % here
    if item.get("recordStatus", "new") not in ("new", "updated", "closed"):
        yield _("Statement %(number)d has a status that is none of new, updated and closed.") % here
    details = item.get("recordDetails", {})
    if not isinstance(details, dict) or (not details and item.get("recordStatus") != "closed"):
        yield _("Statement %(number)d says nothing of its record.") % here
    elif item.get("recordType") == "relationship":
        yield from _relationship_problems(number, details)


def _relationship_problems(number: int, details: Mapping[str, Any]) -> Iterator[str]:
    for name in ("subject", "interestedParty"):
        if not isinstance(details.get(name, {}), str | dict):
            yield _("Statement %(number)d names no record as “%(field)s”.") % {"number": number, "field": name}
    interests = details.get("interests", [])
    if not isinstance(interests, list) or not all(isinstance(each, dict) for each in interests):
        yield _("The interests of statement %(number)d are no list of objects.") % {"number": number}
        return
    for interest in interests:
        shares = interest.get("share") or {}
        values: list[Any] = list(shares.values()) if isinstance(shares, dict) else [None]
        if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            yield _("A share of statement %(number)d is no number.") % {"number": number}
        elif any(not 0 <= value <= 100 for value in values):
            yield _("A share of statement %(number)d is not between 0 and 100.") % {"number": number}
        for name in ("startDate", "endDate"):
            if interest.get(name) and _day(interest[name]) is None:
                yield _("A date of statement %(number)d is no day.") % {"number": number}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


@dataclass
class _Holding:
    """What one holder has in one company, before it is written: shares in percent, and rights."""

    shares: dict[str, float] = field(default_factory=dict)
    appoints: bool = False


class _Reading:
    """The statements of a file as a chain on ``day``; ``notes`` grows with what the chain does not hold."""

    def __init__(self, statements: Sequence[Mapping[str, Any]], day: date) -> None:
        self.subjects = {each["declarationSubject"] for each in statements if _is_text(each, "declarationSubject")}
        self.day, self.notes = day, list[str]()
        self.records = self._standing(statements)
        self.groups: Counter[tuple[str, str]] = Counter()
        self.nodes = {key: self._node(key, each) for key, each in self.records.items() if each[0] != "relationship"}

    def _standing(self, statements: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, Mapping[str, Any]]]:
        """The last statement of each record, those closed left out."""
        last: dict[str, tuple[str, int, Mapping[str, Any]]] = {}
        for place, item in enumerate(statements):
            found = last.get(item["recordId"])
            if found is None or (item["statementDate"], place) >= found[:2]:
                last[item["recordId"]] = (item["statementDate"], place, item)
        closed = sum(item.get("recordStatus") == "closed" for _date, _place, item in last.values())
        if closed:
            self.notes.append(_("Records that have ended, left out: %(n)d.") % {"n": closed})
        return {
            key: (item["recordType"], item["recordDetails"])
            for key, (_date, _place, item) in last.items()
            if item.get("recordStatus") != "closed"
        }

    # Companies and persons ------------------------------------------------------------------------------------------

    def _node(self, key: str, record: tuple[str, Mapping[str, Any]]) -> Entity:
        """The record as a row of the table, its letter not given yet; persons of a country are one row."""
        kind, details = record
        if kind == "person":
            country, also = _countries_of_person(details)
            self.groups[(country, also)] += 1
            return Entity("", "", country, str(Role.SHAREHOLDER), also, closed=True, persons=True)
        what = details.get("entityType") if isinstance(details.get("entityType"), dict) else {}
        name = readable(details["name"]).strip() if isinstance(details.get("name"), str) else ""
        if len(name) > MAX_NAME:
            self.notes.append(_("A name was shortened: %(name)s…") % {"name": name[:60]})
        lei = self._lei(details, name or key)
        country = _country(details.get("jurisdiction"))
        code = (details.get("jurisdiction") or {}).get("code") if isinstance(details.get("jurisdiction"), dict) else ""
        if code and not country:
            self.notes.append(_("%(name)s: “%(code)s” is no country.") % {"name": name or key, "code": str(code)[:20]})
        return Entity("", name[:MAX_NAME], country, "", closed=(what or {}).get("type") in OWNED_BY_NOBODY, lei=lei)

    def _lei(self, details: Mapping[str, Any], name: str) -> str:
        """Its LEI, wrong or not: the page says so beside the field."""
        for each in _items(details, "identifiers"):
            if each.get("scheme") == LEI_SCHEME:
                typed = "".join(str(each.get("id") or "").split()).upper()
                if typed.isascii() and typed.isalnum() and len(typed) <= MAX_LEI:
                    return typed
                self.notes.append(_("%(name)s: its LEI has not 20 letters and digits, left out.") % {"name": name})
        return ""

    def _name(self, key: str) -> str:
        node = self.nodes.get(key)
        if node is None:
            return key[:40]
        return _("natural persons") if node.persons else node.name or key[:40]

    def _merged(self, key: str) -> str:
        """The name under which a record is counted: persons of one country are one."""
        node = self.nodes[key]
        return f"persons:{node.country}:{node.also}" if node.persons else key

    # Holdings -------------------------------------------------------------------------------------------------------

    def holdings(self) -> dict[tuple[str, str], _Holding]:
        """By holder and held: direct interests, and those indirect ones that nothing else in the file leads to."""
        direct: dict[tuple[str, str], _Holding] = {}
        indirect: list[tuple[str, str]] = []
        for kind, details in self.records.values():
            if kind != "relationship":
                continue
            held, holder = self._end(details.get("subject")), self._end(details.get("interestedParty"))
            if held is None or holder is None:
                self._tell_unspecified(held, holder, details)
                continue
            current = [each for each in _items(details, "interests") if self._stands(each)]
            if details.get("interests") and not current:
                self.notes.append(
                    _("%(holder)s → %(held)s: the interest has ended, or not begun.")
                    % {"holder": self._name(holder), "held": self._name(held)}
                )
                continue
            counted = [each for each in current if each.get("directOrIndirect") != "indirect"]
            if len(counted) < len(current):
                indirect.append((holder, held))
            if counted or not current:
                self._add(direct.setdefault((holder, held), _Holding()), counted, holder, held)
        return self._with_indirect(self._together(direct), indirect)

    def _end(self, end: Any) -> str | None:
        return end if isinstance(end, str) and end in self.nodes else None

    def _tell_unspecified(self, held: str | None, holder: str | None, details: Mapping[str, Any]) -> None:
        """The file says why an end is not told, or names a record that it does not hold."""
        end = details.get("interestedParty") if holder is None else details.get("subject")
        about = held or holder
        if isinstance(end, dict):
            why = ": ".join(str(end[name])[:300] for name in ("reason", "description") if end.get(name))
        else:
            why = _("the record %(key)s is not in the file, or has ended") % {"key": str(end)[:80]}
        self.notes.append(
            _("Who is behind %(name)s is not told (%(why)s).")
            % {"name": self._name(about) if about else "?", "why": readable(why) or "?"}
        )

    def _stands(self, interest: Mapping[str, Any]) -> bool:
        start, end = _day(interest.get("startDate")), _day(interest.get("endDate"))
        return not (interest.get("endDate") and end and end < self.day) and not (start and start > self.day)

    def _add(self, found: _Holding, interests: Iterable[Mapping[str, Any]], holder: str, held: str) -> None:
        names = {"holder": self._name(holder), "held": self._name(held)}
        for interest in interests:
            kind = str(interest.get("type") or "")
            shares = interest.get("share") or {}
            if column := SHARES.get(kind):
                if "exact" in shares:
                    # The same interest told twice counts once.
                    found.shares[column] = max(float(shares["exact"]), found.shares.get(column, 0.0))
                elif shares:
                    self.notes.append(
                        _("%(holder)s → %(held)s: only a range of shares is told (%(range)s), write the figure.")
                        % {**names, "range": _range(shares)}
                    )
            elif kind == "appointmentOfBoard":
                found.appoints = True
            elif kind:
                self.notes.append(
                    _("%(holder)s → %(held)s: “%(kind)s” is no share and no right of a chain.")
                    % {**names, "kind": kind[:60]}
                )

    def _together(self, direct: Mapping[tuple[str, str], _Holding]) -> dict[tuple[str, str], _Holding]:
        """Holdings of persons of one country in one company, added up."""
        found: dict[tuple[str, str], _Holding] = {}
        for (holder, held), holding in direct.items():
            if self._is_office(holder, held, holding):
                continue
            together = found.setdefault((self._merged(holder), self._merged(held)), _Holding())
            for column, value in holding.shares.items():
                together.shares[column] = together.shares.get(column, 0.0) + value
            together.appoints = together.appoints or holding.appoints
        return found

    def _is_office(self, holder: str, held: str, holding: _Holding) -> bool:
        """Whether every interest between the two is an office."""
        if holding.shares or holding.appoints:
            return False
        kinds = {
            str(each.get("type") or "")
            for kind, details in self.records.values()
            if kind == "relationship" and (details.get("interestedParty"), details.get("subject")) == (holder, held)
            for each in _items(details, "interests")
        }
        return bool(kinds) and kinds <= OFFICES

    def _with_indirect(
        self,
        found: dict[tuple[str, str], _Holding],
        indirect: Iterable[tuple[str, str]],
    ) -> dict[tuple[str, str], _Holding]:
        """An indirect interest without its way is kept as a holding, unless the file leads there already."""
        for holder, held in indirect:
            ends, names = (self._merged(holder), self._merged(held)), (self._name(holder), self._name(held))
            told = {"holder": names[0], "held": names[1]}
            if _leads(found, *ends):
                self.notes.append(
                    _("%(holder)s → %(held)s: the indirect interest follows from the others, not counted again.") % told
                )
                continue
            self.notes.append(
                _("%(holder)s → %(held)s: an indirect interest, the companies between are not told: describe them.")
                % told
            )
            found.setdefault(ends, _Holding())
        return found

    # The chain ------------------------------------------------------------------------------------------------------

    def chain(self) -> Chain:
        """The rows in order, the company that all others lead to first. Raises ``OwnershipRefused``."""
        found = self.holdings()
        bodies = {self._merged(key): node for key, node in self.nodes.items()}
        companies = [key for key, node in bodies.items() if not node.persons]
        if not companies:
            raise OwnershipRefused(_("The file names no company that is still one: nothing can be described from it."))
        holders = {holder for holder, _held in found}
        bottoms = [key for key in companies if key not in holders]
        declared = [key for key in companies if key in self.subjects]
        if len(declared) == 1 and (declared[0] in bottoms or not bottoms):
            bottoms = declared
        bottoms = bottoms or companies[:1]
        if len(bottoms) > 1:
            self.notes.append(
                _("Several companies hold no other: %(names)s. Choose the one that contracts.")
                % {"names": ", ".join(self._name(key) for key in bottoms[:10])}
            )
        order = _upward(found, bottoms)
        if left := [key for key in companies if key not in order]:
            self.notes.append(
                _("Not linked to the others, left out: %(names)s.")
                % {"names": ", ".join(self._name(key) for key in left[:10])}
            )
        links = [(ends, holding) for ends, holding in found.items() if set(ends) <= set(order)]
        if len(order) > MAX_ENTITIES or len(links) > MAX_LINKS:
            raise OwnershipRefused(
                _("%(companies)d companies and %(holdings)d holdings at most: keep those that decide.")
                % {"companies": MAX_ENTITIES, "holdings": MAX_LINKS}
            )
        letters = dict(zip(order, LETTERS, strict=False))
        contracting = bottoms[0] if len(bottoms) == 1 else ""
        entities = [self._row(key, bodies[key], letters[key], contracting, found) for key in order]
        return Chain(tuple(entities), tuple(self._link(letters, *ends, holding) for ends, holding in links))

    def _row(
        self, key: str, node: Entity, letter: str, contracting: str, found: Mapping[tuple[str, str], _Holding]
    ) -> Entity:
        name = node.name
        if node.persons:
            name = _("Natural persons (%(n)d)") % {"n": self.groups[(node.country, node.also)]}
        return Entity(
            letter,
            name,
            node.country,
            _role(key, contracting, found),
            node.also,
            node.closed,
            "",
            node.lei,
            node.persons,
        )

    def _link(self, letters: Mapping[str, str], holder: str, held: str, holding: _Holding) -> Link:
        shares = {column: _written(value) for column, value in holding.shares.items()}
        return Link(
            letters[holder], letters[held], shares.get("capital", ""), shares.get("votes", ""), False, holding.appoints
        )


def _role(key: str, contracting: str, found: Mapping[tuple[str, str], _Holding]) -> str:
    if key == contracting:
        return str(Role.CONTRACTING)
    mine = [holding for (holder, _held), holding in found.items() if holder == key]
    decides = any(holding.appoints or any(value > 50 for value in holding.shares.values()) for holding in mine)
    return str(Role.PARENT if decides else Role.SHAREHOLDER) if mine else ""


def _is_text(item: Mapping[str, Any], name: str) -> bool:
    return isinstance(item.get(name), str)


def _items(details: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list; whatever else stands there is none."""
    found = details.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _country(place: Any) -> str:
    """The country of a jurisdiction, of its federation for a part of one (US-DE)."""
    code = str(place.get("code") or "")[:2].upper() if isinstance(place, dict) else ""
    return code if countries.name(code) else ""


def _countries_of_person(details: Mapping[str, Any]) -> tuple[str, str]:
    """Where a person lives, and what it is a national of: the first of each that is told."""
    lives = [
        _country(each.get("country"))
        for each in _items(details, "addresses")
        if each.get("type") in ("residence", "service", None)
    ]
    nations = [_country(each) for each in _items(details, "nationalities")]
    found = list(dict.fromkeys(country for country in (*lives, *nations) if country))
    return (found[0] if found else ""), (found[1] if len(found) > 1 else "")


def _range(shares: Mapping[str, Any]) -> str:
    low = shares.get("minimum", shares.get("exclusiveMinimum", 0))
    high = shares.get("maximum", shares.get("exclusiveMaximum", 100))
    return f"{low:g}–{high:g}"


def _written(value: float) -> str:
    """A share with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _leads(found: Mapping[tuple[str, str], Any], holder: str, held: str) -> bool:
    """Whether holdings lead from ``holder`` to ``held``."""
    return holder in _upward(found, [held])


def _upward(found: Iterable[tuple[str, str]], start: Iterable[str]) -> list[str]:
    """``start`` and everybody above, nearest first."""
    above: defaultdict[str, list[str]] = defaultdict(list)
    for holder, held in found:
        above[held].append(holder)
    order = list(dict.fromkeys(start))
    for key in order:
        order += [holder for holder in dict.fromkeys(above[key]) if holder not in order]
    return order


# Out -----------------------------------------------------------------------------------------------------------------


def ownership_file(chain: Chain, day: date, publisher: str) -> bytes:
    """The owners of ``chain`` as BODS 0.4; suppliers, which own nothing of it, are left out."""
    return json.dumps(statements_of(chain, day, publisher), ensure_ascii=False, indent=2).encode()


def statements_of(chain: Chain, day: date, publisher: str) -> list[dict[str, Any]]:
    """Statements dated ``day``, the same for the same chain. Subjects come before what is said of them."""
    contracting = [entity.id for entity in chain.entities if entity.role == Role.CONTRACTING]
    ends = [(link.holder, link.held) for link in chain.links]
    order = _upward(ends, contracting) if contracting else [entity.id for entity in chain.entities]
    kept = {entity.id: entity for entity in chain.entities if entity.id in order}
    mark = hashlib.sha256(chain.to_text().encode()).hexdigest()[:24]
    subject = f"{mark}-{contracting[0] if contracting else (order[0] if order else '')}"

    def statement(number: str, kind: str, details: dict[str, Any]) -> dict[str, Any]:
        told = hashlib.sha256(f"{mark}-{number}-{day}".encode()).hexdigest()
        return {
            "statementId": told[:36],
            "declarationSubject": subject,
            "statementDate": day.isoformat(),
            "publicationDetails": {
                "publicationDate": day.isoformat(),
                "bodsVersion": VERSION,
                "publisher": {"name": publisher},
            },
            "recordId": f"{mark}-{number}",
            "recordStatus": "new",
            "recordType": kind,
            "recordDetails": details,
        }

    found = []
    for letter in (each for each in order if each in kept):
        entity = kept[letter]
        kind, details = ("person", _person(entity)) if entity.persons else ("entity", _entity(entity))
        found.append(statement(letter, kind, details))
    for link in chain.links:
        if {link.holder, link.held} <= kept.keys():
            details = {
                "isComponent": False,
                "subject": f"{mark}-{link.held}",
                "interestedParty": f"{mark}-{link.holder}",
                "interests": _interests(link),
            }
            found.append(statement(f"{link.holder}-{link.held}", "relationship", details))
    return found


def _place(code: str) -> dict[str, str]:
    return {"name": str(countries.name(code)) or code, "code": code}


def _entity(entity: Entity) -> dict[str, Any]:
    is_crowd = entity.role == Role.DISPERSED
    details: dict[str, Any] = {
        "isComponent": False,
        "entityType": {"type": "unknownEntity" if is_crowd or not entity.name else "legalEntity"},
    }
    if entity.name:
        details["name"] = entity.name
    if entity.country:
        details["jurisdiction"] = _place(entity.country)
    if entity.lei:
        details["identifiers"] = [
            {"id": entity.lei, "scheme": LEI_SCHEME, "schemeName": "Global Legal Entity Identifier Index"}
        ]
    if details["entityType"]["type"] == "unknownEntity":
        details["unspecifiedEntityDetails"] = {"reason": "informationUnknownToPublisher"}
    return details


def _person(entity: Entity) -> dict[str, Any]:
    details: dict[str, Any] = {
        "isComponent": False,
        "personType": "anonymousPerson",
        "unspecifiedPersonDetails": {"reason": "informationUnknownToPublisher", "description": entity.name},
    }
    if entity.countries:
        details["nationalities"] = [_place(code) for code in entity.countries]
    return details


def _interests(link: Link) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind, column in SHARES.items():
        figure = share(getattr(link, column))
        if figure is not None and figure <= 10_000:
            found.append({"type": kind, "directOrIndirect": "direct", "share": {"exact": figure / 100}})
    if link.appoints:
        found.append({"type": "appointmentOfBoard", "directOrIndirect": "direct"})
    if link.veto:
        found.append({"type": "otherInfluenceOrControl", "directOrIndirect": "direct", "details": "right of veto"})
    return found
