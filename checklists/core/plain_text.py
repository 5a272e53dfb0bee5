"""Text without accents, capitals or ligatures, for sorting and searching alike on every database."""

from __future__ import annotations

from unicodedata import combining, normalize

_LEVELLED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹ′´`＇", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("«»“”„″", '"'),
        "œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "\u00ad": "",
    }
)  # fmt: skip
"""What decomposition leaves apart though people type and sort it alike."""


def plain(text: str) -> str:
    """``text`` as it is compared: 'L’Œuvre d’Évreux' and "l'oeuvre d'evreux" are the same, spaces are single."""
    letters = normalize("NFKD", text.casefold().translate(_LEVELLED)).translate(_LEVELLED)
    return " ".join("".join(letter for letter in letters if not combining(letter)).split())
