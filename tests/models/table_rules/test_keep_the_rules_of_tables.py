"""Rows that never change, and marks: refused by the database; a trigger dropped, emptied or lost is told and mended."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from checklists.models import Edition, Framework, Offer, Report, TrailChain, TrailEntry
from checklists.models.table_rules.declared import DECLARED
from checklists.models.table_rules.keep import declared_triggers, faults
from checklists.models.table_rules.rules import Grows, Mark, Never
from checklists.models.table_rules.triggers import Trigger, drop_triggers
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS
from checklists.services.reports.issue_report import issue_report
from checklists.services.trail.record import record
from tests.replacing import REPLACING

NEVER = [rule.table for rule in DECLARED if isinstance(rule, Never)]
CHANGED = {
    "checklists_edition": "number = number + 1",
    "checklists_framework": "number = number + 1",
    "checklists_report": "language = 'xx'",
    "checklists_printedreport": "pdf_sha256 = 'x'",
    "checklists_trailentry": "kind = 'x'",
    "checklists_trailchain": "length = length + 2",
}


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def migrate() -> str:
    told = StringIO()
    call_command("migrate", stdout=told)
    return told.getvalue()


def drop(trigger: Trigger) -> None:
    drop_triggers(connection, [trigger])


def empty(trigger: Trigger) -> None:
    """Under the same name, on the same table, for the same act: nothing."""
    if connection.vendor == "sqlite":
        drop(trigger)
        run(f"CREATE TRIGGER {trigger.name} BEFORE {trigger.act} ON {trigger.table} BEGIN SELECT 1; END")
    else:
        function = f"FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql"
        run(f"CREATE OR REPLACE {function} AS $$ BEGIN RETURN NEW; END $$")


def never_true(trigger: Trigger) -> None:
    """The same, under a condition that never holds."""
    drop(trigger)
    if connection.vendor == "sqlite":
        run(trigger.sqlite.replace(" WHEN ", " WHEN 0 AND ").replace(" BEGIN ", " BEGIN SELECT 1 WHERE 0; "))
    else:
        run(trigger.postgresql[-1].replace(" EXECUTE", " WHEN (false) EXECUTE"))


def move(trigger: Trigger) -> None:
    """The same name, on another table."""
    drop(trigger)
    elsewhere = "checklists_need"
    if connection.vendor == "sqlite":
        run(f"CREATE TRIGGER {trigger.name} BEFORE {trigger.act} ON {elsewhere} BEGIN SELECT 1; END")
    else:
        run(f"CREATE TRIGGER {trigger.name} BEFORE {trigger.act} ON {elsewhere} EXECUTE FUNCTION {trigger.name}()")


def switch_off(trigger: Trigger) -> None:
    if connection.vendor == "sqlite":
        drop(trigger)  # SQLite cannot switch a trigger off.
    else:
        run(f"ALTER TABLE {trigger.table} DISABLE TRIGGER {trigger.name}")


def test_every_rule_stands_after_migrate_and_nothing_is_told(db: None) -> None:
    assert {type(rule) for rule in DECLARED} == {Never, Grows, Mark}
    assert len(declared_triggers(connection)) > 30
    assert faults(connection) == []
    assert "trigger" not in migrate()
    call_command("checktables", stdout=StringIO())


@pytest.mark.parametrize("tamper", [drop, empty, never_true, move, switch_off])
def test_each_trigger_tampered_with_is_told_by_name_and_mended(db: None, tamper: object) -> None:
    assert callable(tamper)
    every = declared_triggers(connection)
    for trigger in every:
        tamper(trigger)
    told = StringIO()
    with pytest.raises(CommandError, match=f"^{len(every)} triggers do not stand"):
        call_command("checktables", stderr=told)
    assert all(f"{trigger.table}: trigger {trigger.name} is " in told.getvalue() for trigger in every)
    said = migrate()
    assert all(trigger.name in said for trigger in every)
    assert faults(connection) == []


def test_checktables_mends_too(db: None) -> None:
    trigger = declared_triggers(connection)[0]
    empty(trigger)
    told = StringIO()
    call_command("checktables", mend=True, stderr=told, stdout=told)
    assert f"trigger {trigger.name} is different" in told.getvalue()
    assert "1 triggers created anew" in told.getvalue()
    assert faults(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Edition, Framework, Report, TrailEntry, TrailChain, Offer])
def test_a_table_built_anew_by_hand_loses_its_triggers_and_is_told_and_mended(model: type[models.Model]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL builds no table anew to alter it")
    table = model._meta.db_table
    drop_triggers(connection, [trigger for trigger in declared_triggers(connection) if "portfolio" in trigger.name])
    with connection.constraint_checks_disabled(), connection.schema_editor(atomic=False) as editor:
        editor._remake_table(model)
    assert {fault.trigger.name for fault in faults(connection)} >= {
        trigger.name for trigger in declared_triggers(connection) if trigger.table == table
    }
    assert table in migrate()
    assert faults(connection) == []


@pytest.fixture
def everything(example: Offer) -> Report:
    """A row at least in each table whose rows never change."""
    for key in SHIPPED_FRAMEWORKS[:1]:
        call_command("loadpack", key, stdout=StringIO())
    report, _is_new = issue_report(example, language="en", form="summary", by=example.assessment.created_by)
    run(
        "INSERT INTO checklists_printedreport (report_id, pdf, pdf_sha256, plain_sha256, printed_at)"
        " SELECT id, content, code, code, issued_at FROM checklists_report"
    )
    connection.check_constraints()  # PostgreSQL empties no table while it has some left to check.
    return report


@pytest.mark.parametrize("mended", [False, True])
@pytest.mark.parametrize("table", [*NEVER, "checklists_trailchain"])
def test_no_row_is_changed_deleted_or_replaced(everything: Report, table: str, mended: bool) -> None:
    if mended:
        for trigger in declared_triggers(connection):
            empty(trigger)
        migrate()
    for statement in (f"UPDATE {table} SET {CHANGED[table]}", f"DELETE FROM {table}", REPLACING.format(table)):
        with pytest.raises(DatabaseError, match=r"never changes|only ever added to"):
            run(statement)


def test_who_issued_a_report_can_be_forgotten(everything: Report) -> None:
    run("UPDATE checklists_report SET issued_by_id = NULL")
    everything.refresh_from_db()
    assert everything.issued_by is None


def test_the_head_of_a_chain_moves_by_one_and_keeps_its_number(db: None) -> None:
    record("report.downloaded", organisation=7)
    record("report.downloaded", organisation=7)
    assert TrailChain.objects.get(chain=7).length == 2
    for change in ("length = length", "length = length - 1", "chain = 8, length = length + 1", "sha256 = 'x'"):
        with pytest.raises(DatabaseError, match="only ever added to"):
            run(f"UPDATE checklists_trailchain SET {change} WHERE chain = 7")
