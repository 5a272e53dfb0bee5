"""Clauses to ask a provider for: ``packs/data/clauses.yaml``. They are the product's own words, and no legal advice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED


@dataclass(frozen=True, slots=True)
class Clause:
    """What to have written in a contract, by language code. ``gives`` are the options of ``question`` it brings about.

    ``gates`` are the rules that it helps to lift; ``sources`` keys of the checklist's sources.
    """

    key: str
    question: str
    gives: tuple[str, ...]
    gates: tuple[str, ...]
    title: dict[str, str]
    text: dict[str, str]
    sources: tuple[str, ...]


@cache
def clauses_of(checklist: str) -> tuple[Clause, ...]:
    """The clauses that answer questions of ``checklist``, in the order of the file; none for another checklist."""
    document = read_yaml((SHIPPED / "clauses.yaml").read_bytes())[0]
    if document["checklist"] != checklist:
        return ()
    return tuple(
        Clause(
            key=row["key"],
            question=row["question"],
            gives=tuple(row["gives"]),
            gates=tuple(row["gates"]),
            title=row["title"],
            text=row["text"],
            sources=tuple(row["sources"]),
        )
        for row in document["clauses"]
    )
