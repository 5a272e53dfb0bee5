"""Text without accents or capitals, for sorting and searching alike on every database."""

from __future__ import annotations

from unicodedata import combining, normalize


def plain(text: str) -> str:
    """``text`` as it is compared: 'Hôpital ÉTÉ' and 'hopital ete' are the same, spaces are single."""
    letters = normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not combining(letter)).split())
