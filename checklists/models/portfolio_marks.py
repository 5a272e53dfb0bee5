"""The marks that say a line of a portfolio is out of date, set by triggers of the database (decision 0006).

Whatever changes what a line rests on, by whichever way, cannot forget the mark and pays no query for it. The triggers
are lifted before migrations, which they would hinder on SQLite, and laid after them.
"""
# Statements are made of this module's own constants.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections

_LINE, _PLAN, _OFFER = "checklists_portfolioline", "checklists_transitionplan", "checklists_offer"
_OF_OFFER = f"(SELECT assessment_id FROM {_OFFER} WHERE id = ROW.offer_id)"
_OF_PLAN = f"(SELECT o.assessment_id FROM {_PLAN} p JOIN {_OFFER} o ON o.id = p.offer_id WHERE p.id = ROW.plan_id)"
_MARK = f"UPDATE {_LINE} SET version = version + 1, is_stale = TRUE WHERE"
_COLUMNS = "assessment_id, organisation_id, version, is_stale, judged_by, asked, answered, name_key, search_text"
_VALUES = "ROW.id, ROW.organisation_id, 1, TRUE, '', 0, 0, '', ''"
_ALL = ("INSERT", "UPDATE", "DELETE")
# The table, the acts, the columns whose update counts, and what is then done; ROW is the row added, changed or deleted.
_RULES: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("checklists_answer", _ALL, "", f"{_MARK} assessment_id = ROW.assessment_id"),
    (_OFFER, _ALL, "", f"{_MARK} assessment_id = ROW.assessment_id"),
    ("checklists_frameworkchoice", _ALL, "", f"{_MARK} assessment_id = ROW.assessment_id"),
    (_PLAN, _ALL, "", f"{_MARK} assessment_id = {_OF_OFFER}"),
    ("checklists_planstep", _ALL, "", f"{_MARK} assessment_id = {_OF_PLAN}"),
    (
        "checklists_assessment",
        ("UPDATE",),
        "name, reference_date, edition_id, reassess_by",
        f"{_MARK} assessment_id = ROW.id",
    ),
    ("checklists_organisation", ("UPDATE",), "reassess_after", f"{_MARK} organisation_id = ROW.id"),
    ("checklists_assessment", ("INSERT",), "", f"INSERT INTO {_LINE} ({_COLUMNS}) VALUES ({_VALUES})"),
)


def lift_portfolio(using: str, **kwargs: Any) -> None:
    """Drop the triggers: SQLite rebuilds no table that one of them names. A receiver of ``pre_migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for name, table, _event, _deed in _triggers():
            if table in tables:
                on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def lay_portfolio(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Lay the triggers anew, and give a line to each assessment without one. A receiver of ``post_migrate``.

    What migrations may have changed without them is marked.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if _LINE not in connection.introspection.table_names(cursor):
            return
        lay = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
        for name, table, event, deed in _triggers():
            for statement in lay(name, table, event, deed):
                cursor.execute(statement)
        cursor.execute(
            f"INSERT INTO {_LINE} ({_COLUMNS}) SELECT {_VALUES.replace('ROW.', '')} FROM "
            f"checklists_assessment WHERE id NOT IN (SELECT assessment_id FROM {_LINE})"
        )
        if plan:
            cursor.execute(f"{_MARK} NOT is_stale")


def _triggers() -> Iterator[tuple[str, str, str, str]]:
    """Each trigger's name, table, event and deed."""
    for table, acts, columns, deed in _RULES:
        for act in acts:
            event = f"{act} OF {columns}" if columns else act
            yield (
                f"{table}_portfolio_{act.lower()}",
                table,
                event,
                deed.replace("ROW.", "OLD." if act == "DELETE" else "NEW."),
            )


def _on_sqlite(name: str, table: str, event: str, deed: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {deed}; END"]


def _on_postgresql(name: str, table: str, event: str, deed: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {deed}; RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
