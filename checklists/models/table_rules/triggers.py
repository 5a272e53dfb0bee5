"""One trigger: its statements on SQLite and PostgreSQL, and whether the one that stands does what is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# The bits of pg_trigger.tgtype (PostgreSQL, src/include/catalog/pg_trigger.h).
_ROW, _BEFORE = 1, 2
_ACTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


@dataclass(frozen=True, slots=True)
class Trigger:
    """Either ``refusal``, the message with which an act is refused before it, or ``deed``, the SQL done after it.

    ``act`` is one of ``_ACTS``. An update counts only if it sets one of ``columns``, any when there are none; any act
    only if ``when`` holds, in SQL with OLD and NEW.
    """

    name: str
    table: str
    act: str
    refusal: str = ""
    deed: str = ""
    columns: tuple[str, ...] = ()
    when: str = ""

    @property
    def _head(self) -> str:
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        return f"{self.name} {'BEFORE' if self.refusal else 'AFTER'} {self.act}{of} ON {self.table}"

    @property
    def sqlite(self) -> str:
        """The statement that creates it, as SQLite keeps it."""
        when = f" WHEN {self.when}" if self.when else ""
        deed = f"SELECT RAISE(ABORT, '{self.refusal}')" if self.refusal else self.deed
        return f"CREATE TRIGGER {self._head}{when} BEGIN {deed}; END"

    @property
    def postgresql_body(self) -> str:
        """What its function does, as PostgreSQL keeps it. The function has the trigger's name."""
        refuse = f"RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'integrity_constraint_violation'"
        deed = refuse if self.refusal else self.deed
        done = f"IF {self.when} THEN {deed}; END IF" if self.when else deed
        return f" BEGIN {done}; RETURN {'NEW' if self.refusal else 'NULL'}; END "

    @property
    def postgresql(self) -> tuple[str, ...]:
        """The statements that create its function, replaced if there is one, and then itself."""
        each = "STATEMENT" if self.act == "TRUNCATE" else "ROW"
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $${self.postgresql_body}$$",
            f"CREATE TRIGGER {self._head} FOR EACH {each} EXECUTE FUNCTION {self.name}()",
        )

    @property
    def _expected(self) -> Any:
        """What ``_POSTGRESQL`` reads of it."""
        kind = _ACTS[self.act] | (_BEFORE if self.refusal else 0) | (0 if self.act == "TRUNCATE" else _ROW)
        return (kind, sorted(self.columns), True, True, self.name, "plpgsql", self.postgresql_body)


# Its kind, its columns, whether it is on and without a condition of its own, and the name, language and body of what
# it calls.
_POSTGRESQL = """
    SELECT t.tgname, c.relname, t.tgtype,
        ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)
              ORDER BY a.attname::text COLLATE "C"),
        t.tgenabled IN ('O', 'A'), t.tgqual IS NULL, p.proname, l.lanname, p.prosrc
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_language l ON l.oid = p.prolang
    WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
"""


def read_triggers(connection: Any) -> dict[tuple[str, str], Any]:
    """What each trigger of the database does, by table and name, in a form to be compared by ``does``. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(_POSTGRESQL)
        return {(table, name): tuple(found) for name, table, *found in cursor.fetchall()}


def does(vendor: str, trigger: Trigger, found: Any) -> bool:
    """Whether ``found``, which ``read_triggers`` gave under its name, does what ``trigger`` says, by its body."""
    expected = (trigger.sqlite,) if vendor == "sqlite" else trigger._expected
    return bool(found == expected)


def create_triggers(connection: Any, triggers: Iterable[Trigger]) -> None:
    """Create each, in place of the one of its name on its table if there is one."""
    with connection.cursor() as cursor:
        for trigger in triggers:
            for statement in _dropping(connection.vendor, trigger):
                cursor.execute(statement)
            for statement in (trigger.sqlite,) if connection.vendor == "sqlite" else trigger.postgresql:
                cursor.execute(statement)


def drop_triggers(connection: Any, triggers: Iterable[Trigger]) -> None:
    """Drop each that is there."""
    with connection.cursor() as cursor:
        for trigger in triggers:
            for statement in _dropping(connection.vendor, trigger):
                cursor.execute(statement)


def _dropping(vendor: str, trigger: Trigger) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {trigger.name}" + ("" if vendor == "sqlite" else f" ON {trigger.table}")
