"""A choice among options."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from checklists.words.kinds.face import Face


class Choice(Face):
    key = "choice"
    name = _("one of several answers")
