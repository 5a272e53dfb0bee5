"""A checklist in some of its languages, or in one more."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from checklists.packs.drafts.texts import text_rows
from checklists.packs.editions.settled import settle


def in_languages(document: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """The settled ``document`` written in ``languages``: texts in others are taken out.

    A text that is in none of them keeps nothing: the checks tell that it is missing.
    """
    after = copy.deepcopy(settle(document))
    for row in text_rows(after):
        part = after
        for step in row.path[:-1]:
            part = part[step]  # type: ignore[index]
        name = row.path[-1]
        if name in part:
            part[name] = {code: text for code, text in row.texts.items() if code in languages}
    return after | {"languages": list(languages)}
