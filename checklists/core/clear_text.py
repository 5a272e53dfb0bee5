"""Who can read the clear text, and when: per class of data and moment, and what a compelled provider could produce.

Two results that never blend: disclosure, which encryption out of the provider's reach can exclude, and interruption,
which no encryption changes (:func:`interruption` does not even see the table).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from checklists.core.control_chain import Kind
from checklists.core.editions.canonical import canonical_bytes
from checklists.core.editions.conditions import Fact, Truth
from checklists.core.kleene import conjunction, disjunction

WORDS = dict.fromkeys(("clear_content", "clear_technical", "clear_in_use"), frozenset({"yes", "no"}))
"""Derived facts: whether the provider could produce the content in clear, or the rest; whether the content is in clear
while it is processed."""
RESULTS = ("compelled_disclosure", "compelled_interruption")
YES = frozenset({"yes"})


class Datum(StrEnum):
    """The classes of data. The content is what the customer entrusts; the others arise around it."""

    CONTENT = "content"
    METADATA = "metadata"
    LOGS = "logs"
    BACKUPS = "backups"
    TELEMETRY = "telemetry"
    TICKETS = "tickets"


ENTRUSTED = (Datum.CONTENT, Datum.BACKUPS)
"""A backup is the content again."""


class Moment(StrEnum):
    REST = "rest"
    TRANSIT = "transit"
    USE = "use"


class Why(StrEnum):
    """The reason for one cell of the result."""

    ABSENT = "absent"
    IN_CLEAR = "in_clear"
    IN_USE = "in_use"
    PROVIDER_KEYS = "provider_keys"
    KEYS_IN_ITS_SERVICE = "keys_in_its_service"
    CHANGES_CODE = "changes_code"
    ENCLAVE_LOGIN = "enclave_login"
    OUT_OF_REACH = "out_of_reach"
    NOT_TOLD = "not_told"


STATES: Mapping[str, tuple[str, ...]] = {
    "rest": ("clear", "encrypted", "absent"),
    "transit": ("clear", "encrypted", "absent"),
    "use": ("clear", "enclave", "absent"),
    "keys": ("provider", "provider_service", "third_party", "customer"),
    "code": ("provider", "approved", "customer"),
    "login": ("provider", "approved", "customer"),
}
"""What each column of the table may say; '' is not told.

``absent``: no such data at that moment, or, in use, never processed by the provider. ``provider_service``: the
customer's keys, used in a key service the provider runs. ``third_party``: a trusted third party in the Union.
``approved``: by the provider, only after the customer's approval each time.
"""


class ClearTextError(ValueError):
    """The text is not such a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One class of data: its state at each moment, and who holds the keys, changes the code, logs in."""

    rest: str = ""
    transit: str = ""
    use: str = ""
    keys: str = ""
    code: str = ""
    login: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Row()


Table = Mapping[Datum, Row]


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a compelled provider could produce this class in clear at this moment: three-valued, with the reason."""

    can: Truth
    why: Why


@dataclass(frozen=True, slots=True)
class Readable:
    """What follows from a table."""

    table: Table
    cells: Mapping[tuple[Datum, Moment], Cell]

    def of(self, data: Datum) -> Truth:
        """Whether the class can be produced in clear at any moment."""
        return disjunction(self.cells[data, moment].can for moment in Moment)

    @property
    def content(self) -> Truth:
        return disjunction(self.of(data) for data in ENTRUSTED)

    @property
    def technical(self) -> Truth:
        return disjunction(self.of(data) for data in Datum if data not in ENTRUSTED)

    @property
    def in_use(self) -> Truth:
        use = self.table.get(Datum.CONTENT, Row()).use
        return None if not use else use == "clear"

    def facts(self) -> dict[str, Fact]:
        return {
            "clear_content": _fact(self.content),
            "clear_technical": _fact(self.technical),
            "clear_in_use": _fact(self.in_use),
        }


def read_table(text: str) -> Table:
    """The table in ``text``. Raises ``ClearTextError`` on anything :func:`table_text` does not write."""
    try:
        return _read_table(text)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ClearTextError(f"not a table of clear text: {error}") from error


@lru_cache(maxsize=256)
def _read_table(text: str) -> Table:
    document: dict[str, Any] = json.loads(text)
    table = {Datum(name): Row(**row) for name, row in document.items()}
    for row in table.values():
        for column, words in STATES.items():
            if getattr(row, column) not in ("", *words):
                raise ValueError(f"'{column}' does not say {getattr(row, column)!r}")
    return table


def table_text(table: Table) -> str:
    """The canonical JSON of ``table``, rows that say nothing left out."""
    return canonical_bytes(
        {
            data.value: {column: getattr(row, column) for column in STATES if getattr(row, column)}
            for data, row in table.items()
            if not row.is_empty
        }
    ).decode()


def derive_readable(table: Table) -> Readable:
    """What a provider under compulsion could produce in clear, cell by cell. Total; what is not told is not known."""
    rows = {data: table.get(data, Row()) for data in Datum}
    return Readable(table, {(data, moment): _cell(row, moment) for data, row in rows.items() for moment in Moment})


def _cell(row: Row, moment: Moment) -> Cell:
    state = getattr(row, moment.value)
    match state:
        case "absent":
            return Cell(False, Why.ABSENT)
        case "clear":
            # Whoever holds the keys: while it is processed, the data lie in clear in the provider's machines
            # (EDPB Recommendations 01/2020, use case 6).
            return Cell(True, Why.IN_USE if moment is Moment.USE else Why.IN_CLEAR)
        case "enclave":
            return _enclave(row)
        case "encrypted":
            return _encrypted(row)
    return Cell(None, Why.NOT_TOLD)


def _encrypted(row: Row) -> Cell:
    """Encryption protects from who has no use of the keys (use case 1), nor writes the code that has it."""
    if row.keys == "provider":
        return Cell(True, Why.PROVIDER_KEYS)
    if row.keys == "provider_service":
        return Cell(True, Why.KEYS_IN_ITS_SERVICE)
    if not row.keys or not row.code:
        return Cell(True, Why.CHANGES_CODE) if row.code == "provider" else Cell(None, Why.NOT_TOLD)
    return Cell(True, Why.CHANGES_CODE) if row.code == "provider" else Cell(False, Why.OUT_OF_REACH)


def _enclave(row: Row) -> Cell:
    """An attested enclave keeps the clear text from the machine's owner, not from who writes the code inside it."""
    if row.code == "provider":
        return Cell(True, Why.CHANGES_CODE)
    if row.login == "provider":
        return Cell(True, Why.ENCLAVE_LOGIN)
    return Cell(None, Why.NOT_TOLD) if not row.code or not row.login else Cell(False, Why.OUT_OF_REACH)


_LINKS = frozenset(kind.key for kind in Kind if kind is not Kind.NONE)


def reached(reaches: Iterable[Fact]) -> Truth:
    """Whether the law of any third country reaches the offer; ``reaches`` say by which link each does."""
    return disjunction(reach.is_one_of(_LINKS) for reach in reaches)


def interruption(reaches: Iterable[Fact]) -> Truth:
    """Whether an order from a third country could have the service interrupted: whoever can be given orders can be
    told to stop, encrypted or not."""
    return reached(reaches)


def disclosure(facts: Mapping[str, Fact], reaches: Iterable[Fact]) -> Truth:
    """Whether an order from a third country could have the content disclosed in clear."""
    return conjunction((reached(reaches), facts.get("clear_content", Fact()).is_one_of(YES)))


def compelled(facts: Mapping[str, Fact], reaches: Collection[Fact]) -> dict[str, Truth]:
    """The two results, side by side. No gate reads them: a gate names the reach and the table it rests on, so that a
    search for the smallest change sees both."""
    return dict(zip(RESULTS, (disclosure(facts, reaches), interruption(reaches)), strict=True))


def _fact(truth: Truth) -> Fact:
    return Fact(None if truth is None else "yes" if truth else "no")
