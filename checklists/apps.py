"""The one Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ChecklistsConfig(AppConfig):
    name = "checklists"
    verbose_name = _("Porte-clés")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from checklists.models.table_rules.keep import drop_marks, keep_table_rules
        from checklists.models.table_rules.portfolio_marks import complete_portfolio
        from checklists.services.evidence import keep_evidence
        from checklists.services.operating import counted_attempts  # noqa: F401  registers its check
        from checklists.services.people.grant_criteria_roles import grant_criteria_roles
        from checklists.services.portfolio.refresh_standings import mark_judged_otherwise
        from checklists.services.provider_answers import answer_questions
        from checklists.services.review import content_lock
        from checklists.services.trail import watched
        from checklists.services.webhooks import tell
        from checklists.web.people import accounts
        from checklists.web.site import readable_forms

        watched.connect()
        content_lock.connect()
        keep_evidence.connect()
        answer_questions.connect()
        accounts.connect()
        tell.connect()
        readable_forms.connect()
        pre_migrate.connect(drop_marks, sender=self)
        post_migrate.connect(keep_table_rules, sender=self)
        post_migrate.connect(complete_portfolio, sender=self)
        post_migrate.connect(mark_judged_otherwise, sender=self)
        post_migrate.connect(grant_criteria_roles, sender=self)
