"""A rule of a table, and the triggers that keep it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from checklists.models.table_rules.triggers import Trigger


@dataclass(frozen=True, slots=True)
class Shape:
    """What the database says of a table: its columns, and the columns of each of its keys (primary or unique)."""

    columns: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Never:
    """Rows of ``table`` are only ever added: no update (but of the columns ``but``), no deletion, no replacement."""

    table: str
    message: str
    but: tuple[str, ...] = ()

    def triggers(self, vendor: str, shapes: dict[str, Shape]) -> Iterator[Trigger]:
        shape = shapes[self.table]
        columns = tuple(column for column in shape.columns if column not in self.but) if self.but else ()
        yield Trigger(f"{self.table}_no_update", self.table, "UPDATE", self.message, columns=columns)
        yield from _no_removal(self.table, self.message, vendor, shape)


@dataclass(frozen=True, slots=True)
class Grows:
    """A row of ``table`` keeps its ``key``; its ``count`` grows by one at each update. No deletion, no replacement."""

    table: str
    message: str
    key: str
    count: str

    def triggers(self, vendor: str, shapes: dict[str, Shape]) -> Iterator[Trigger]:
        when = f"NEW.{self.key} <> OLD.{self.key} OR NEW.{self.count} <> OLD.{self.count} + 1"
        yield Trigger(f"{self.table}_no_update", self.table, "UPDATE", self.message, when=when)
        yield from _no_removal(self.table, self.message, vendor, shapes[self.table])


@dataclass(frozen=True, slots=True)
class Mark:
    """After ``acts`` on ``table``, ``deed`` is done, where ROW is the row acted on. See ``portfolio_marks``.

    An update counts only if it sets one of ``columns``, any when there are none. ``needs``: other tables of ``deed``.
    """

    name: str
    table: str
    acts: tuple[str, ...]
    deed: str
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def triggers(self, vendor: str, shapes: dict[str, Shape]) -> Iterator[Trigger]:
        columns = tuple(column for column in self.columns if column in shapes[self.table].columns)
        for act in self.acts:
            deed = self.deed.replace("ROW.", "OLD." if act == "DELETE" else "NEW.")
            yield Trigger(f"{self.name}_{act.lower()}", self.table, act, deed=deed, columns=columns)


Rule = Never | Grows | Mark


def tables_of(rules: Collection[Rule]) -> set[str]:
    """Every table that ``rules`` are about or read."""
    return {rule.table for rule in rules} | {table for rule in rules for table in getattr(rule, "needs", ())}


def triggers_of(rules: Sequence[Rule], vendor: str, shapes: dict[str, Shape]) -> list[Trigger]:
    """The triggers that keep ``rules``; of tables that are not among ``shapes`` (not there yet), none."""
    ready = [rule for rule in rules if tables_of([rule]) <= shapes.keys()]
    return [trigger for rule in ready for trigger in rule.triggers(vendor, shapes)]


def _no_removal(table: str, message: str, vendor: str, shape: Shape) -> Iterator[Trigger]:
    """PostgreSQL's TRUNCATE asks no row; SQLite's INSERT OR REPLACE deletes a row without asking it."""
    yield Trigger(f"{table}_no_delete", table, "DELETE", message)
    if vendor == "sqlite":
        same = " OR ".join(" AND ".join(f"{column} = NEW.{column}" for column in key) for key in shape.keys)
        # Of this module's own names and of columns.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
        yield Trigger(f"{table}_no_replace", table, "INSERT", message, when=there)
    else:
        yield Trigger(f"{table}_no_truncate", table, "TRUNCATE", message)
