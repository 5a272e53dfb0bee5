"""A migration's operation that makes a table append-only in the database itself, whoever writes to it.

A table that SQLite rebuilds (an altered column) loses its triggers: lay them again in the same migration.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

_SQLITE = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
)


def laying(vendor: str, table: str, unique: Sequence[str]) -> list[str]:
    """The statements that refuse update and delete on ``table``, whose rows are alike when ``unique`` columns are."""
    same = " OR ".join(["id = NEW.id", " AND ".join(f"{column} = NEW.{column}" for column in unique)])
    statements = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    return [statement.format(table=table, same=same) for statement in statements]


def lifting(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for act in ("update", "delete", "replace")]
    drops = [f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}" for act in ("update", "truncate")]
    return [*drops, f"DROP FUNCTION IF EXISTS {table}_append_only()"]


def missing_triggers(connection: Any, table: str) -> bool:
    """Whether somebody lifted the triggers of ``table``."""
    question, expected = (
        ("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", 3)
        if connection.vendor == "sqlite"
        else (
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D' AND NOT tgisinternal",
            2,
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(question, [table])
        return bool(cursor.fetchone()[0] < expected)


class AppendOnly(Operation):
    """Lay the triggers of ``table``. ``unique``: the columns of its unique constraint."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, unique: Sequence[str]) -> None:
        self.table, self.unique = table, tuple(unique)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in laying(schema_editor.connection.vendor, self.table, self.unique):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in lifting(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Make {self.table} append-only"
