"""Where admins edit the checklists: drafts, their parts, their publication. No organisation's data is shown here."""

from checklists.admin import drafts, registry

__all__ = ["drafts", "registry"]
