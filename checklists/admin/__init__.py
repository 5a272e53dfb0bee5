"""Where admins edit the checklists: drafts, their parts, their publication. No organisation's data is shown here."""

from checklists.admin import registry
from checklists.admin.cases import pages
from checklists.admin.door import page
from checklists.admin.drafts import drafts
from checklists.admin.frameworks import files
from checklists.admin.profiles import registered

__all__ = ["drafts", "files", "page", "pages", "registered", "registry"]
