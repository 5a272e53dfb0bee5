"""Where admins edit the checklists: drafts, their parts, their publication. No organisation's data is shown here."""

from checklists.admin import drafts, profiles, registry

__all__ = ["drafts", "profiles", "registry"]
