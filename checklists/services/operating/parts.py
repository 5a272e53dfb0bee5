"""The parts an instance needs before it can serve: asked one by one, each says 'ok' or what is wrong."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from checklists.services.evidence import files as evidence_files
from checklists.services.operating.key import has_kept_key

OK = "ok"


def parts() -> dict[str, str]:
    """Each part and its state. Never raises: a part that fails is told by the kind of its failure, without details."""
    return {name: _ask(part) for name, part in PARTS.items()}


def _ask(part: Callable[[], str]) -> str:
    try:
        return part()
    except Exception as error:
        return f"fails: {type(error).__name__}"


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} to apply: run manage.py migrate" if waiting else OK


def cache_() -> str:
    """The cache gives back what it is given. Whether every process shares it is for ``checkinstall`` to say."""
    name, value = f"ready:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(name, value, 30)
    kept = cache.get(name)
    cache.delete(name)
    return OK if kept == value else "does not give back what it is given"


def evidence() -> str:
    evidence_files.require_writable()
    return OK


def secret_key() -> str:
    return OK if has_kept_key() else "is not the key of the other nodes"


PARTS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "cache": cache_,
    "evidence": evidence,
    "secret_key": secret_key,
}


def is_cache_shared() -> bool:
    """Whether other processes see what one puts in the cache."""
    return (
        "locmem" not in settings.CACHES["default"]["BACKEND"] and "dummy" not in settings.CACHES["default"]["BACKEND"]
    )


def is_one_machine() -> bool:
    """Whether the database is a file, which one machine alone can use."""
    return connection.vendor == "sqlite"
