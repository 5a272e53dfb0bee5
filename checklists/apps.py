"""The one Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistsConfig(AppConfig):
    name = "checklists"
    verbose_name = _("Porte-clés")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from checklists.services import watched
        from checklists.web import accounts

        watched.connect()
        accounts.connect()
