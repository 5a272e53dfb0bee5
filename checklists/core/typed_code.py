"""A code of figures as people type it: in groups, pasted with spaces of any kind, on a keyboard of any script."""

from __future__ import annotations

from unicodedata import category, normalize


def read_code(typed: str) -> str:
    """The letters and figures of ``typed`` alone, figures in ASCII, whatever stands between them."""
    kept = (char for char in normalize("NFKC", typed) if category(char)[0] in "LN")
    return "".join(str(int(char)) if category(char) == "Nd" else char for char in kept)
