"""The words of the product as it explains them: ``packs/data/glossary.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from checklists.core.texts.wording import Avoided
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED


@dataclass(frozen=True, slots=True)
class Term:
    """A word and its meaning, by language code. Words to avoid are for whoever writes: ``avoided_words``."""

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


@cache
def words_to_avoid() -> dict[str, tuple[Avoided, ...]]:
    """By language code, what a machine can tell: the words a term lists under ``checked``, and those of
    ``words_to_avoid.yaml``, which stand for no term. The other words a term avoids are right in some sentences."""
    found: dict[str, list[Avoided]] = {}
    for row in read_yaml((SHIPPED / "glossary.yaml").read_bytes())[0]:
        for code, words in row.get("checked", {}).items():
            but = tuple(row.get("but", {}).get(code, ()))
            found.setdefault(code, []).append(Avoided(tuple(words), row[f"term_{code}"], but))
    for row in read_yaml((SHIPPED / "words_to_avoid.yaml").read_bytes())[0]:
        found.setdefault(row["language"], []).append(
            Avoided(tuple(row["words"]), row["use"], tuple(row.get("but", ())))
        )
    return {code: tuple(items) for code, items in found.items()}
