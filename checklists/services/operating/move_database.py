"""This instance's database into another one, compared table by table and entry by entry of the trail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError

from checklists.services.operating import copy_database
from checklists.services.operating.copy_database import Contents, CopyRefused
from checklists.services.trail.verify_trail import heads, verify_trail

TARGET = "target"


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied, the same in both databases."""

    tables: dict[str, Contents]
    chains: int
    entries: int

    @property
    def rows(self) -> int:
        return sum(held.rows for held in self.tables.values())


def move_database(address: str) -> Moved:
    """Copy every row into the empty database at ``address``; this one stays as it is.

    Raises ``CopyRefused`` when that one is in use or unreachable, or when a table or the trail is not the same there.
    """
    copy_database.require_this_version("default")
    copy_database.attach(TARGET, address)
    try:
        if copy_database.has_tables(TARGET):
            copy_database.require_empty(TARGET)
        copy_database.migrate_at(address)
        copy_database.copy_rows("default", TARGET)
        tables = copy_database.contents_of("default")
        found = list(copy_database.differences(tables, copy_database.contents_of(TARGET)))
        ends = heads()
        found += [f"trail, chain {each.chain}: {each.fault}" for each in verify_trail()]
        if heads(TARGET) != ends:
            found.append("the trail does not end there as it does here")
        if found:
            raise CopyRefused("; ".join(found))
        return Moved(tables, len(ends), sum(length for _chain, length, _sha256 in ends))
    except DatabaseError as error:
        raise CopyRefused(f"The database at the address given does not answer as it should: {error}") from error
    finally:
        copy_database.detach(TARGET)
