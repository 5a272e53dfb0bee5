"""The chapters of the full report, in order. One file each in ``templates/documents/chapters/``.

To add one: a template of that name, which opens with ``{% include "documents/heading.html" %}``, and a line here. What
the kinds of question add comes between, from their faces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checklists.words.kinds import faces

ACT, UNDERSTAND = _("Act"), _("Understand")


@dataclass(frozen=True, slots=True)
class Chapter:
    """``part`` is one of the three of the result: the first, to decide, is page one. ``needs`` names a value of the
    context: while it is empty, the chapter is left out, contents included.
    """

    key: str
    title: str | Promise
    needs: str = ""
    part: str | Promise = UNDERSTAND

    @property
    def template(self) -> str:
        return f"documents/chapters/{self.key}.html"


BEFORE = (
    Chapter("act", _("What to do"), part=ACT),
    Chapter("smallest_change", _("The smallest change"), needs="changes", part=ACT),
    Chapter("transition", _("Transition plan"), needs="plan_view", part=ACT),
    Chapter("concerns", _("Topics")),
    Chapter("findings", _("Findings")),
    Chapter("sensitivity", _("What the result hangs on")),
)
AFTER = (
    Chapter("comparison", _("Comparison of the offers"), needs="comparison"),
    Chapter("law", _("The law and its dates")),
    Chapter("frameworks", _("Other external frameworks, same answers"), needs="lenses"),
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
    of_kinds = (Chapter(face.key, face.chapter, face.needs) for face in faces() if face.chapter)
    return (chapter for chapter in (*BEFORE, *of_kinds, *AFTER) if not chapter.needs or context.get(chapter.needs))
