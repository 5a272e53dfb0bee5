"""The words of the product as it explains them: ``packs/data/glossary.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED


@dataclass(frozen=True, slots=True)
class Term:
    """A word and its meaning, by language code. Words to avoid stay in the file: they are for whoever writes."""

    word: dict[str, str]
    meaning: dict[str, str]


@cache
def glossary() -> tuple[Term, ...]:
    """Every term, in the order of the file. Raises ``KeyError`` for one without both languages."""
    languages = ("fr", "en")
    return tuple(
        Term({code: row[f"term_{code}"] for code in languages}, {code: row[f"definition_{code}"] for code in languages})
        for row in read_yaml((SHIPPED / "glossary.yaml").read_bytes())[0]
    )
