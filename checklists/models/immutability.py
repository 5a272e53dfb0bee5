"""Editions cannot be changed or deleted, by whoever writes to the database: triggers say no.

They are put in place after each migration, not by one: on SQLite a migration that rebuilds the table would lose them.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLE = "checklists_edition"
REFUSAL = "a published edition never changes"


def protect_editions(using: str, **kwargs: Any) -> None:
    """Create the triggers where they are missing. A receiver of ``post_migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        elif connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {TABLE}_immutable BEFORE UPDATE OR DELETE ON {TABLE} "
                f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
            )
