"""Compare the triggers of the database with the declared rules, and create those that are missing or do otherwise."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from checklists.models.table_rules.declared import DECLARED
from checklists.models.table_rules.portfolio_marks import PORTFOLIO_MARKS
from checklists.models.table_rules.rules import Rule, Shape, tables_of, triggers_of
from checklists.models.table_rules.triggers import Trigger, create_triggers, does, drop_triggers, read_triggers

# Triggers and functions of earlier versions, on PostgreSQL: what they did is done by others now.
_FORMER = (
    "DROP TRIGGER IF EXISTS checklists_edition_immutable ON checklists_edition",
    "DROP FUNCTION IF EXISTS checklists_edition_refuse()",
    "DROP FUNCTION IF EXISTS checklists_refuse_change()",
    "DROP FUNCTION IF EXISTS checklists_trailentry_append_only()",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A trigger that does not stand as declared. ``kind`` is 'missing' or 'different'."""

    trigger: Trigger
    kind: str

    def __str__(self) -> str:
        return f"{self.trigger.table}: trigger {self.trigger.name} is {self.kind}"


def declared_triggers(connection: Any, rules: Sequence[Rule] = DECLARED) -> list[Trigger]:
    """The triggers that keep ``rules``, on the tables that are there."""
    return triggers_of(rules, connection.vendor, _shapes(connection, rules))


def faults(connection: Any, rules: Sequence[Rule] = DECLARED) -> list[Fault]:
    """Where the database does not keep ``rules``, in their order. Bodies are compared, not names."""
    standing = read_triggers(connection)
    found: list[Fault] = []
    for trigger in declared_triggers(connection, rules):
        stands = standing.get((trigger.table, trigger.name))
        if stands is None:
            found.append(Fault(trigger, "missing"))
        elif not does(connection.vendor, trigger, stands):
            found.append(Fault(trigger, "different"))
    return found


def mend(connection: Any, rules: Sequence[Rule] = DECLARED) -> list[Fault]:
    """Create what is missing or different; what was. Raises ``RuntimeError`` if the database then still differs."""
    found = faults(connection, rules)
    create_triggers(connection, [fault.trigger for fault in found])
    if left := found and faults(connection, rules):
        raise RuntimeError("; ".join(map(str, left)))
    return found


def drop_marks(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Drop the marks before a migration: SQLite rebuilds no table that a trigger names. Receiver of ``pre_migrate``."""
    if plan:
        connection = connections[using]
        drop_triggers(connection, declared_triggers(connection, PORTFOLIO_MARKS))


def keep_table_rules(using: str, plan: Any = (), verbosity: int = 1, stdout: Any = None, **kwargs: Any) -> None:
    """Mend what does not stand as declared, and say so. Receiver of ``post_migrate``.

    Without a migration, what did not stand was changed by somebody: each is named.
    """
    connection = connections[using]
    found = mend(connection)
    if connection.vendor == "postgresql" and any(fault.kind == "missing" for fault in found):
        _drop_former(connection)
    if found and verbosity:
        out = stdout or sys.stdout
        if not plan:
            out.writelines(f"{fault}\n" for fault in found)
        out.write(f"Rules of tables: {len(found)} triggers created anew.\n")


def _drop_former(connection: Any) -> None:
    with connection.cursor() as cursor:
        if "checklists_edition" in connection.introspection.table_names(cursor):
            for statement in _FORMER:
                cursor.execute(statement)


def _shapes(connection: Any, rules: Sequence[Rule]) -> dict[str, Shape]:
    """The shape of each table of ``rules`` that is there."""
    introspection = connection.introspection
    with connection.cursor() as cursor:
        there = tables_of(rules).intersection(introspection.table_names(cursor))
        return {table: _shape(introspection, cursor, table) for table in sorted(there)}


def _shape(introspection: Any, cursor: Any, table: str) -> Shape:
    constraints = introspection.get_constraints(cursor, table).values()
    keys = {tuple(found["columns"]) for found in constraints if found["unique"] or found["primary_key"]}
    columns = introspection.get_table_description(cursor, table)
    return Shape(tuple(column.name for column in columns), tuple(sorted(key for key in keys if any(key))))
