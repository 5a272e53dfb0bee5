"""The history of verdicts is carried from places on the scale to keys, and back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from checklists.core.editions.vocabulary import Verdict
from checklists.models import Offer, VerdictChange
from checklists.models.table_rules.keep import drop_marks, keep_table_rules

BEFORE, AFTER = "0024_api_tokens", "0025_history_by_key"


def migrate(name: str) -> None:
    """As the command does: no table is rebuilt while a mark names it."""
    executor = MigrationExecutor(connection)
    targets = [("checklists", name)]
    drop_marks(connection.alias, executor.migration_plan(targets))
    executor.migrate(targets)


def column(name: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM checklists_verdictchange ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_each_row_of_the_history_says_the_same_verdict(example: Offer) -> None:
    VerdictChange.objects.all().delete()
    keys = [*(verdict.key for verdict in Verdict), None]
    for key in keys:
        VerdictChange.objects.create(assessment=example.assessment, at=timezone.now(), verdict=key)
    ((_app, last),) = MigrationExecutor(connection).loader.graph.leaf_nodes("checklists")
    migrate(BEFORE)
    try:
        assert column("verdict") == [0, 1, 2, 3, 4, None]
        migrate(AFTER)
        assert column("verdict") == keys
    finally:
        migrate(last)
        keep_table_rules(connection.alias, verbosity=0)
