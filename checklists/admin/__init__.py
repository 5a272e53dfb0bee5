"""Where admins edit the checklists: drafts, their parts, their publication. No organisation's data is shown here."""

from checklists.admin import profiles, registry
from checklists.admin.drafts import drafts

__all__ = ["drafts", "profiles", "registry"]
