"""The two groups that write criteria; editors keep profiles too. Neither opens anything of any organisation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission

EDITORS, APPROVERS = "criteria-editors", "criteria-approvers"
GRANTS = {
    EDITORS: (
        "view_draft",
        "add_draft",
        "change_draft",
        "view_edition",
        "view_providerprofile",
        "add_providerprofile",
        "change_providerprofile",
        "view_profilefact",
        "add_profilefact",
        "change_profilefact",
        "delete_profilefact",
    ),
    APPROVERS: ("view_draft", "publish_draft", "view_edition"),
}


def grant_criteria_roles(using: str, **kwargs: Any) -> None:
    """Make the groups and give them their permissions. A receiver of ``post_migrate``, after Django's own."""
    for name, codenames in GRANTS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            held = Permission.objects.using(using).filter(content_type__app_label="checklists", codename__in=codenames)
            group.permissions.set(held)
