"""The chapters of the full report, in order. One file each in ``templates/documents/chapters/``.

To add one: a template of that name, which opens with ``{% include "documents/heading.html" %}``, and a line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Chapter:
    """``needs`` names a value of the context: while it is empty, the chapter is left out, contents included."""

    key: str
    title: str | Promise
    needs: str = ""

    @property
    def template(self) -> str:
        return f"documents/chapters/{self.key}.html"


CHAPTERS = (
    Chapter("summary", _("Summary")),
    Chapter("concerns", _("Concerns")),
    Chapter("findings", _("Findings")),
    Chapter("smallest_change", _("The smallest change"), needs="changes"),
    Chapter("sensitivity", _("What the result hangs on")),
    Chapter("control_chain", _("Control chain"), needs="chain"),
    Chapter("clear_text", _("Who can read the clear text, and when"), needs="readable"),
    Chapter("comparison", _("Comparison of the offers"), needs="comparison"),
    Chapter("transition", _("Transition plan"), needs="plan_view"),
    Chapter("law", _("The law and its dates")),
    Chapter("frameworks", _("Other frameworks, same answers"), needs="lenses"),
    Chapter("review", _("Review and approval"), needs="review"),
    Chapter("answers", _("Answers")),
    Chapter("evidence", _("Evidence"), needs="evidence"),
    Chapter("not_asked", _("What was not asked, and why"), needs="not_asked"),
    Chapter("method", _("Method")),
    Chapter("glossary", _("Glossary"), needs="glossary"),
    Chapter("sources", _("Sources"), needs="cited"),
)


def chapters_of(context: Mapping[str, Any]) -> Iterator[Chapter]:
    """Those that have something to say."""
    return (chapter for chapter in CHAPTERS if not chapter.needs or context[chapter.needs])
