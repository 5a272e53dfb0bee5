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
    """Every term, in the order of the file. Raises ``KeyError`` for a term that lacks a language of its definition."""
    found = []
    for row in read_yaml((SHIPPED / "glossary.yaml").read_bytes())[0]:
        languages = [name.removeprefix("definition_") for name in row if name.startswith("definition_")]
        terms = {code: row[f"term_{code}"] for code in languages}
        found.append(Term(terms, {code: row[f"definition_{code}"] for code in languages}))
    return tuple(found)
