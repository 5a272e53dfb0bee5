"""What a control chain is, and its one form as text: canonical JSON, the value of the answer that describes it.

Shares stay as they were typed: a chain that is not finished or does not add up is kept whole, and
:mod:`checklists.core.control_chain.problems` says what is wrong with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from checklists.core.editions.canonical import canonical_bytes

MAX_ENTITIES, MAX_LINKS = 100, 300
MAX_NAME, MAX_SHARE_TEXT, MAX_LEI = 200, 12, 20
WHOLE = 10_000
"""All the shares of a company, in hundredths of a percent."""

_SHARE = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?\s*%?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ID = re.compile(r"[A-Z]{1,2}")
_LEI = re.compile(r"[A-Z0-9]{0,20}")


class Role(StrEnum):
    """What a company is to the offer."""

    CONTRACTING = "contracting"
    PARENT = "parent"
    SHAREHOLDER = "shareholder"
    DISPERSED = "dispersed"
    """Many small holders together: they hold shares, none of them decides."""
    OPERATOR = "operator"
    SUBCONTRACTOR = "subcontractor"
    REMOTE_ADMINISTRATOR = "remote_administrator"
    LICENSOR = "licensor"
    """Supplies technology and touches neither the data nor the machines."""


SUPPLIERS = frozenset({Role.OPERATOR, Role.SUBCONTRACTOR, Role.REMOTE_ADMINISTRATOR})
"""Those who take part in the processing: a law that reaches them reaches the data (GDPR, Art. 28(2) and (4))."""


class Access(StrEnum):
    """What a supplier can obtain through the service, the least first; the names are options of a question."""

    NONE = "none"
    TECHNICAL = "technical_data_only"
    CONTENT = "hosts_or_reads_content"


_ROLES = frozenset(role.value for role in Role)
_ACCESSES = frozenset(access.value for access in Access)


class ChainError(ValueError):
    """The text is not a control chain."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, or a group of holders. ``id`` is its letter in the table.

    ``country`` is where it is established, '' when not known; ``also`` another country whose law it is under by an
    establishment or a business there. ``closed`` says that whatever share of it is not listed is held by persons,
    public bodies or small holders of its own country: without it, what is not listed is not known. ``access`` is what
    a supplier can obtain (:class:`Access`), '' when not told. ``lei`` is its Legal Entity Identifier (ISO 17442) as
    typed, '' when not known. ``persons`` says that it is no company: natural persons of one country, counted together.
    """

    id: str
    name: str = ""
    country: str = ""
    role: str = ""
    also: str = ""
    closed: bool = False
    access: str = ""
    lei: str = ""
    persons: bool = False

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(country for country in (self.country, self.also) if country)


@dataclass(frozen=True, slots=True)
class Link:
    """What ``holder`` has in ``held``: shares of capital and votes as typed, in percent, and special rights."""

    holder: str
    held: str
    capital: str = ""
    votes: str = ""
    veto: bool = False
    appoints: bool = False

    @property
    def has_rights(self) -> bool:
        return self.veto or self.appoints


@dataclass(frozen=True, slots=True)
class Chain:
    """Who stands behind an offer."""

    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()

    def to_text(self) -> str:
        """The canonical JSON; :func:`read_chain` gives back an equal chain."""
        document = asdict(self)
        for entity in document["entities"]:
            for later in ("access", "lei", "persons"):
                if not entity[later]:
                    del entity[later]  # a chain from before there was such a field keeps its text
        return canonical_bytes(document).decode()


@lru_cache(maxsize=4096)
def share(text: str) -> int | None:
    """A percentage as typed ('33.33', '33,3 %') in hundredths of a percent, exactly; ``None`` if it is not one."""
    found = _SHARE.fullmatch(text.strip())
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


@lru_cache(maxsize=256)
def read_chain(text: str) -> Chain:
    """The chain written in ``text``; remembered, since it is read at every judgement.

    Raises ``ChainError`` on anything :meth:`Chain.to_text` does not write.
    """
    try:
        document = json.loads(text)
        chain = Chain(
            tuple(_item(item, Entity) for item in document["entities"]),
            tuple(_item(item, Link) for item in document["links"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ChainError(f"not a control chain: {error}") from error
    if len(chain.entities) > MAX_ENTITIES or len(chain.links) > MAX_LINKS:
        raise ChainError(f"more than {MAX_ENTITIES} companies or {MAX_LINKS} holdings")
    for entity in chain.entities:
        countries_are_codes = all(_COUNTRY.fullmatch(country) for country in entity.countries)
        if not (_ID.fullmatch(entity.id) and len(entity.name) <= MAX_NAME and countries_are_codes):
            raise ChainError(f"not a company: {entity}")
        if not _LEI.fullmatch(entity.lei):
            raise ChainError(f"not an identifier: {entity.lei}")
        if entity.role and entity.role not in _ROLES:
            raise ChainError(f"not a role: {entity.role}")
        if entity.access and entity.access not in _ACCESSES:
            raise ChainError(f"not an access: {entity.access}")
    for link in chain.links:
        ids_are_letters = all(not end or _ID.fullmatch(end) for end in (link.holder, link.held))
        if not ids_are_letters or max(len(link.capital), len(link.votes)) > MAX_SHARE_TEXT:
            raise ChainError(f"not a holding: {link}")
    return chain


_TYPES = {
    kind: tuple((field.name, bool if field.default is False else str) for field in fields(kind))
    for kind in (Entity, Link)
}
Item = TypeVar("Item", Entity, Link)


def _item(document: Any, kind: type[Item]) -> Item:
    """``document`` as a ``kind``; raises ``TypeError`` unless each field has the type it must have."""
    item = kind(**document)
    for name, wanted in _TYPES[kind]:
        if type(getattr(item, name)) is not wanted:
            raise TypeError(f"'{name}' is not a {wanted.__name__}")
    return item
