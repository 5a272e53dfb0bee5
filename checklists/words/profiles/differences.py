"""What loading a profile would change, in words of the active language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.services.languages import site_languages
from checklists.services.profiles.load_profile import Difference
from checklists.words.vocabulary import pick

KINDS = {"added": gettext_lazy("added"), "removed": gettext_lazy("removed"), "changed": gettext_lazy("changed")}
PARTS = {
    "facts": gettext_lazy("fact"),
    "provider": gettext_lazy("provider"),
    "service": gettext_lazy("service"),
    "checklist": gettext_lazy("checklist"),
    "read_on": gettext_lazy("last read on"),
    "scope": gettext_lazy("what it covers"),
    "variants": gettext_lazy("variants"),
    "contracting": gettext_lazy("contracting company by country"),
    "chain": gettext_lazy("control chain"),
    "not_known": gettext_lazy("what is not established"),
    "reply": gettext_lazy("reply of the provider"),
}
FIELDS = {
    "value": gettext_lazy("answer"),
    "text": gettext_lazy("sentence"),
    "sources": gettext_lazy("sources"),
    "see_also": gettext_lazy("other sources"),
    "read_on": gettext_lazy("read on"),
    "valid_from": gettext_lazy("true from"),
    "valid_until": gettext_lazy("true until"),
    "review_by": gettext_lazy("to be checked again by"),
    "contested": gettext_lazy("contested"),
    "inferred": gettext_lazy("inferred from"),
    "topic": gettext_lazy("topic"),
    "framework": gettext_lazy("external framework"),
}
LONGEST = 300
"""Characters of a value that are shown."""


def difference_lines(differences: Iterable[Difference]) -> list[str]:
    """One line a part that differs: what it is, and from what to what."""
    return [_line(each) for each in differences]


def _line(each: Difference) -> str:
    name = " ".join(filter(None, [str(PARTS.get(each.part, each.part)), each.key]))
    if each.kind == "added":
        return _("%(part)s, added: %(value)s") % {"part": name, "value": _whole(each.part, each.after)}
    if each.kind == "removed":
        return _("%(part)s, removed: %(value)s") % {"part": name, "value": _whole(each.part, each.before)}
    if each.part != "facts":
        told = f"{shown(each.before)} → {shown(each.after)}"
    else:
        names = [field for field in {**each.before, **each.after} if each.before.get(field) != each.after.get(field)]
        told = "; ".join(
            f"{FIELDS.get(field, field)}: {shown(each.before.get(field))} → {shown(each.after.get(field))}"
            for field in names
        )
    return _("%(part)s, changed: %(value)s") % {"part": name, "value": told}


def _whole(part: str, value: Any) -> str:
    if part != "facts":
        return shown(value)
    return " – ".join(filter(None, [value.get("value", ""), pick(value["text"])]))


def shown(value: Any) -> str:
    """A value of a file in a line: a text in the active language, anything else as it is written."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, dict) and value.keys() <= set(site_languages()):
        told = pick(value)
    elif isinstance(value, list) and value and all(isinstance(item, dict) and "title" in item for item in value):
        told = ", ".join(item["title"] for item in value)
    else:
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"
