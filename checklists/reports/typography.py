"""The spaces that French typography forbids to break, put into HTML after it was rendered."""

from __future__ import annotations

import re

NO_BREAK, NARROW = "\u00a0", "\u202f"
_TAG = re.compile(r"(<[^>]*>)")
_BEFORE_HIGH = re.compile(r"[ \u00a0](?=[;?!%](?:\W|$))")
_BEFORE_COLON = re.compile(r" (?=[:»](?:\W|$))")
_AFTER_OPENING = re.compile(r"(?<=«) ")
_NUMBER_WORD = re.compile(r"\b(n°|art\.|§|p\.) (?=\S)")
_DAY = re.compile(
    r"(?<=\d) (?=(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b)"
)


def hold_together(html: str, language: str) -> str:
    """``html`` with unbreakable spaces where ``language`` wants them; tags and attributes are left as they are.

    French (Imprimerie nationale, Lexique): a narrow unbreakable space before ; ? ! and %, an unbreakable one before :
    and inside guillemets. Other languages come back unchanged.
    """
    if language.split("-")[0] != "fr":
        return html
    parts = _TAG.split(html)
    parts[::2] = [_hold(text) for text in parts[::2]]
    return "".join(parts)


def _hold(text: str) -> str:
    text = _BEFORE_HIGH.sub(NARROW, text)
    text = _BEFORE_COLON.sub(NO_BREAK, text)
    text = _AFTER_OPENING.sub(NO_BREAK, text)
    text = _NUMBER_WORD.sub(rf"\1{NO_BREAK}", text)
    return _DAY.sub(NO_BREAK, text)
