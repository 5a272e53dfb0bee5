"""The marks that say a line of a portfolio is out of date, set by triggers of the database (decision 0006).

A trigger marks the portfolio line as stale when one of these tables changes. The triggers are dropped before
migrations, which they would hinder on SQLite, and created after them.
"""
# Statements are made of this module's own constants.
# ruff: noqa: S608

from __future__ import annotations

from typing import Any

from django.db import connections

from checklists.models.table_rules.rules import Mark

_LINE, _PLAN, _OFFER = "checklists_portfolioline", "checklists_transitionplan", "checklists_offer"
_ASSESSMENT, _ANSWER = "checklists_assessment", "checklists_answer"
_OF_OFFER = f"(SELECT assessment_id FROM {_OFFER} WHERE id = ROW.offer_id)"
_OF_ANSWER = f"(SELECT assessment_id FROM {_ANSWER} WHERE id = ROW.answer_id)"
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


def _mark(
    rule: str,
    table: str,
    deed: str,
    acts: tuple[str, ...] = _ALL,
    columns: tuple[str, ...] = (),
    through: tuple[str, ...] = (),
) -> Mark:
    return Mark(f"portfolio_{rule}", table, acts, deed, columns, (_LINE, *through))


PORTFOLIO_MARKS: tuple[Mark, ...] = (
    _mark("answer", _ANSWER, f"{_MARK} assessment_id = ROW.assessment_id"),
    _mark("evidence", "checklists_evidence", f"{_MARK} assessment_id = {_OF_ANSWER}", through=(_ANSWER,)),
    _mark("offer", _OFFER, f"{_MARK} assessment_id = ROW.assessment_id"),
    _mark("framework", "checklists_frameworkchoice", f"{_MARK} assessment_id = ROW.assessment_id"),
    _mark("plan", _PLAN, f"{_MARK} assessment_id = {_OF_OFFER}", through=(_OFFER,)),
    _mark("step", "checklists_planstep", f"{_MARK} assessment_id = {_OF_PLAN}", through=(_PLAN, _OFFER)),
    _mark("months", "checklists_organisation", f"{_MARK} organisation_id = ROW.id", ("UPDATE",), ("reassess_after",)),
    _mark(
        "assessment",
        _ASSESSMENT,
        f"{_MARK} assessment_id = ROW.id",
        ("UPDATE",),
        ("name", "reference_date", "edition_id", "reassess_by", "is_example", "held_to_evidence"),
    ),
    _mark("copy", _ASSESSMENT, f"{_COPY} assessment_id = ROW.id", ("UPDATE",)),
    _mark("line", _ASSESSMENT, f"{_INSERT} VALUES ({', '.join(_FIRST.values())})", ("INSERT",)),
)


def complete_portfolio(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Give a line to each assessment without one, and mark every line after a migration. Receiver of ``post_migrate``.

    While tables change there is no trigger: what a migration changed is unknown.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if _LINE not in connection.introspection.table_names(cursor):
            return
        every = ", ".join(_FIRST.values()).replace("ROW.", "a.")
        cursor.execute(
            f"{_INSERT} SELECT {every} FROM {_ASSESSMENT} a WHERE NOT EXISTS "
            f"(SELECT 1 FROM {_LINE} WHERE assessment_id = a.id)"
        )
        if plan:
            cursor.execute(f"{_MARK} NOT is_stale")
