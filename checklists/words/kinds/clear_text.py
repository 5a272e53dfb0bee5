"""The table of who can read the clear text: its page, its part of the result, its chapter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from checklists.core.clear_text import derive_readable, read_table
from checklists.core.editions.edition import Edition
from checklists.core.judging.judgement import Judgement
from checklists.words.clear_text import readable_of, readable_summary
from checklists.words.kinds.face import Face


class ClearText(Face):
    key = "clear_text"
    name = _("a table of access to unencrypted data")
    card = "web/clear_text/card.html"
    page = "clear-text"
    described = _("Table filled")
    heading = _("Access to unencrypted data")
    section = "web/judging/sections/clear_text.html"
    chapter = _("Who can read the clear text, and when")
    needs = "readable"
    facts = {
        "clear_content": _("the provider could produce the content unencrypted"),
        "clear_technical": _("the provider could produce technical data unencrypted"),
        "clear_in_use": _("the content is unencrypted while it is processed"),
    }

    def summary(self, edition: Edition, value: str, day: date) -> str:
        return readable_summary(derive_readable(read_table(value)))

    def context(self, edition: Edition, judgement: Judgement, value: str) -> dict[str, Any]:
        return {"readable": readable_of(value, judgement)}
