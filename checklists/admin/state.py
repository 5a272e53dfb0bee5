"""The administration's State page: what ``manage.py checkinstall`` says, and when the instance was last checked."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from checklists import __version__
from checklists.services.operating.check_install import CHECKS, check_install
from checklists.services.operating.checks_kept import last_checks

_SLOW = ("mail", "worker")
"""Parts that may keep a page waiting: the command asks them."""


def state(request: HttpRequest) -> HttpResponse:
    """For superusers: each part of the installation, the last checks, the version."""
    if not request.user.is_superuser:
        raise PermissionDenied
    names = {
        "trail": _("Trail verified"),
        "nightly": _("Nightly work done"),
        "backup": _("Backup made"),
        "restore": _("Backup restored"),
    }
    context = admin.site.each_context(request) | {
        "title": _("State of this site"),
        "version": __version__,
        "found": list(check_install([name for name in CHECKS if name not in _SLOW])),
        "checks": [(names[check.name], check.at, check.holds) for check in last_checks()],
    }
    return render(request, "admin/state.html", context)
