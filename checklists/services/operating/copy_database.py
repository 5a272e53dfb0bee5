"""Every row from one database to another of the same version, whatever the two servers are, and the proof of it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

import environ
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.sql import InsertQuery

from checklists.models import Assessment, TrailEntry, User
from checklists.models.table_rules.keep import declared_triggers, mend
from checklists.models.table_rules.triggers import drop_triggers

BATCH = 200
"""Rows inserted by one statement."""


class CopyRefused(ValueError):
    """The rows cannot be copied, or did not arrive as they were; the message says which table and what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: its rows, and a sum of their fingerprints, which their order does not change."""

    rows: int
    sha256: str


def attach(alias: str, address: str) -> None:
    """Open the database at ``address`` (as ``DATABASE_URL`` has it) under ``alias``."""
    database = environ.Env.db_url_config(address)
    if database["ENGINE"] == settings.DATABASES["default"]["ENGINE"]:
        database["OPTIONS"] = settings.DATABASES["default"].get("OPTIONS", {})
    connections.databases[alias] = connections.configure_settings({"default": database})["default"]


def detach(alias: str) -> None:
    """Close what ``attach`` opened."""
    connections[alias].close()
    del connections[alias]
    del connections.databases[alias]


def migrate_at(address: str) -> None:
    """Bring the database at ``address`` to this version, in a process of its own. Raises ``CopyRefused``."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--no-input"]
    done = subprocess.run(  # noqa: S603
        command,
        cwd=settings.BASE_DIR,
        env=kept | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise CopyRefused(f"The database could not be migrated: {' '.join(last)}")


def require_this_version(alias: str) -> None:
    """Raises ``CopyRefused`` unless the database has this version's migrations, all of them and no other."""
    executor = MigrationExecutor(connections[alias])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CopyRefused(f"The database '{alias}' is of an earlier version: run manage.py migrate.")
    ours = {app for app, _name in executor.loader.disk_migrations}
    unknown = {key for key in executor.loader.applied_migrations if key[0] in ours} - set(
        executor.loader.disk_migrations
    )
    if unknown - set(executor.loader.replacements):
        raise CopyRefused(f"The database '{alias}' is of a later version: install that version first.")


def has_tables(alias: str) -> bool:
    """Whether a version of this product was ever installed in that database."""
    return User._meta.db_table in connections[alias].introspection.table_names()


def require_empty(alias: str) -> None:
    """Raises ``CopyRefused`` if somebody has used this database: nothing is overwritten."""
    if any(model._base_manager.using(alias).exists() for model in (User, Assessment, TrailEntry)):
        raise CopyRefused(f"The database '{alias}' is in use already: give an empty one.")


def copy_rows(source: str, target: str) -> None:
    """Put every row of ``source`` into ``target``, both of this version; what ``migrate`` put there goes first.

    One transaction of each: what is read is of one moment, and ``target`` has all of it or nothing. Triggers stand
    aside meanwhile and are created anew. Raises ``CopyRefused``.
    """
    connection = connections[target]
    with transaction.atomic(using=source), transaction.atomic(using=target):
        if connections[source].vendor == "postgresql":
            with connections[source].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        drop_triggers(connection, declared_triggers(connection))
        with connection.cursor() as cursor:
            for model in reversed(copied_models()):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        for model in copied_models():
            _copy_table(model, source, target)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), copied_models()):
                cursor.execute(statement)
    mend(connection)
    ContentType.objects.clear_cache()


def copied_models() -> list[type[models.Model]]:
    """Every table that holds something of this instance."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy and not model._meta.swapped]


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def _copy_table(model: type[models.Model], source: str, target: str) -> None:
    fields = _fields(model)
    rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=BATCH)
    size = max(1, min(BATCH, connections[target].ops.bulk_batch_size(fields, [None] * BATCH)))
    try:
        while batch := list(islice(rows, size)):
            query = InsertQuery(model)
            # Raw: the day of a row is the one it has, not the day it is copied.
            query.insert_values(fields, batch, raw=True)
            query.get_compiler(using=target).execute_sql()
    except (DatabaseError, ValueError) as error:
        raise CopyRefused(f"{model._meta.db_table}: {error}") from error


def contents_of(alias: str) -> dict[str, Contents]:
    """What each table holds, by its name: the same rows give the same contents on every kind of server."""
    return {model._meta.db_table: _contents(model, alias) for model in copied_models()}


def _contents(model: type[models.Model], alias: str) -> Contents:
    names = [field.attname for field in _fields(model)]
    rows, total = 0, 0
    for row in model._base_manager.using(alias).values_list(*names).iterator(chunk_size=BATCH):
        told = json.dumps(row, default=_plain, sort_keys=True)
        total += int.from_bytes(hashlib.sha256(told.encode()).digest())
        rows += 1
    return Contents(rows, f"{total % 2**256:064x}")


def _plain(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)


def differences(one: dict[str, Contents], other: dict[str, Contents]) -> Iterator[str]:
    """The tables that do not hold the same, in words."""
    for table in sorted(one.keys() | other.keys()):
        first, second = one.get(table, Contents(0, "")), other.get(table, Contents(0, ""))
        if first != second:
            yield f"{table}: {first.rows} rows became {second.rows}, or their contents differ"
