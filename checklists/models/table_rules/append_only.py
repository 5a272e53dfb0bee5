"""The operation ``AppendOnly`` of a published migration. ``declared`` now makes the table append-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation


class AppendOnly(Operation):
    """Does nothing any more: the triggers of ``table`` are created after each migration."""

    reversible = True
    reduces_to_sql = False

    def __init__(self, table: str, unique: Sequence[str]) -> None:
        self.table, self.unique = table, tuple(unique)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """See ``declared``."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Its triggers go with the table."""

    def describe(self) -> str:
        return f"Make {self.table} append-only"
