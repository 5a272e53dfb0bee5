"""Where published migrations find ``AppendOnly``: they are never rewritten."""

from checklists.models.table_rules.append_only import AppendOnly

__all__ = ["AppendOnly"]
