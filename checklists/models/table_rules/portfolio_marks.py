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
_ASSESSMENT = "checklists_assessment"
_OF_OFFER = f"(SELECT assessment_id FROM {_OFFER} WHERE id = ROW.offer_id)"
_OF_ANSWER = "(SELECT assessment_id FROM checklists_answer WHERE id = ROW.answer_id)"
_OF_PLAN = f"(SELECT o.assessment_id FROM {_PLAN} p JOIN {_OFFER} o ON o.id = p.offer_id WHERE p.id = ROW.plan_id)"
_MARK = f"UPDATE {_LINE} SET version = version + 1, is_stale = TRUE WHERE"
# What a line copies of its assessment, so that ten thousand are sorted without looking at any.
_COPIES = {
    "edition_id": "ROW.edition_id",
    "is_example": "ROW.is_example",
    "reference_date": "ROW.reference_date",
    "changed_at": "ROW.updated_at",
    "is_binned": "(ROW.binned_at IS NOT NULL)",
}
_COPY = f"UPDATE {_LINE} SET {', '.join(f'{own} = {theirs}' for own, theirs in _COPIES.items())} WHERE"
_FIRST = {
    "assessment_id": "ROW.id",
    "organisation_id": "ROW.organisation_id",
    "version": "1",
    "is_stale": "TRUE",
    "judged_by": "''",
    "asked": "0",
    "answered": "0",
    "name_key": "''",
    "search_text": "''",
    **_COPIES,
}
_INSERT = f"INSERT INTO {_LINE} ({', '.join(_FIRST)})"
_ALL = ("INSERT", "UPDATE", "DELETE")
# The rule, its table, the acts, the columns whose update counts, and what is then done; ROW is the row acted on.
_RULES: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    ("answer", "checklists_answer", _ALL, "", f"{_MARK} assessment_id = ROW.assessment_id"),
    ("evidence", "checklists_evidence", _ALL, "", f"{_MARK} assessment_id = {_OF_ANSWER}"),
    ("offer", _OFFER, _ALL, "", f"{_MARK} assessment_id = ROW.assessment_id"),
    ("framework", "checklists_frameworkchoice", _ALL, "", f"{_MARK} assessment_id = ROW.assessment_id"),
    ("plan", _PLAN, _ALL, "", f"{_MARK} assessment_id = {_OF_OFFER}"),
    ("step", "checklists_planstep", _ALL, "", f"{_MARK} assessment_id = {_OF_PLAN}"),
    ("months", "checklists_organisation", ("UPDATE",), "reassess_after", f"{_MARK} organisation_id = ROW.id"),
    (
        "assessment",
        _ASSESSMENT,
        ("UPDATE",),
        "name, reference_date, edition_id, reassess_by, is_example, held_to_evidence",
        f"{_MARK} assessment_id = ROW.id",
    ),
    ("copy", _ASSESSMENT, ("UPDATE",), "", f"{_COPY} assessment_id = ROW.id"),
    ("line", _ASSESSMENT, ("INSERT",), "", f"{_INSERT} VALUES ({', '.join(_FIRST.values())})"),
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
        every = ", ".join(_FIRST.values()).replace("ROW.", "a.")
        cursor.execute(
            f"{_INSERT} SELECT {every} FROM {_ASSESSMENT} a WHERE NOT EXISTS "
            f"(SELECT 1 FROM {_LINE} WHERE assessment_id = a.id)"
        )
        if plan:
            cursor.execute(f"{_MARK} NOT is_stale")


def _triggers() -> Iterator[tuple[str, str, str, str]]:
    """Each trigger's name, table, event and deed."""
    for rule, table, acts, columns, deed in _RULES:
        for act in acts:
            event = f"{act} OF {columns}" if columns else act
            row = "OLD." if act == "DELETE" else "NEW."
            yield f"portfolio_{rule}_{act.lower()}", table, event, deed.replace("ROW.", row)


def _on_sqlite(name: str, table: str, event: str, deed: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {deed}; END"]


def _on_postgresql(name: str, table: str, event: str, deed: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {deed}; RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
