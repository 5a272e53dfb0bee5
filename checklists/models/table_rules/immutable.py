"""Editions cannot be changed or deleted, by whoever writes to the database: triggers say no.

Nor can issued reports be emptied or replaced: migration 0010 guards their rows, but PostgreSQL's TRUNCATE asks no row,
and SQLite's INSERT OR REPLACE deletes one without asking.

They are put in place after each migration, not by one: on SQLite a migration that rebuilds the table would lose them.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLE = "checklists_edition"
WRITTEN_ONCE = (TABLE, "checklists_report", "checklists_printedreport")
REFUSAL = "a published edition or an issued report never changes"
_NO_REPLACE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}"
    " WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
)


def protect_editions(using: str, **kwargs: Any) -> None:
    """Create the triggers where they are missing. A receiver of ``post_migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if TABLE not in tables:
            return
        if connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            for table in tables.intersection(WRITTEN_ONCE):
                constraints = connection.introspection.get_constraints(cursor, table).values()
                keys = [found["columns"] for found in constraints if found["unique"] or found["primary_key"]]
                same = " OR ".join(" AND ".join(f"{column} = NEW.{column}" for column in key) for key in sorted(keys))
                cursor.execute(_NO_REPLACE.format(table=table, same=same, refusal=REFUSAL))
        elif connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {TABLE}_immutable BEFORE UPDATE OR DELETE ON {TABLE} "
                f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
            )
            for table in tables.intersection(WRITTEN_ONCE):
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"
                )
