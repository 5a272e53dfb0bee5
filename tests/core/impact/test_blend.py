"""Which fields of an edition's parts bear on a judgement: each new one has to be put on one side or the other."""

from __future__ import annotations

from dataclasses import fields

import pytest

from checklists.core.editions.edition import Concern, Derivation, Duration, Gate, Law, Option, Question, Requirement

BEARING = {
    Concern: {"weight"},
    Question: {"concern", "scope", "kind", "weight", "applies", "options"},
    Option: {"level", "regime", "lapsed_to", "adequacy_of"},
    Gate: {"when", "ceiling", "period", "status", "presumed", "presumed_if"},
    Requirement: {"when", "least", "period"},
    Duration: {"to"},
    Derivation: {"question", "when", "value", "also", "takes", "period"},
    Law: {"kind", "countries", "period", "status", "replaces"},
}
WORDS = {
    Concern: {"key", "title", "summary", "questions"},
    Question: {"key", "harms", "text", "why", "where", "sources", "effort", "fact_of_the_world", "wording"},
    Option: {"key", "label", "definition", "finding", "advice", "effort", "lever"},
    Gate: {"key", "harms", "title", "finding", "advice", "sources", "wording"},
    Requirement: {"key", "text", "sources", "wording"},
    Duration: {"key"},
    Derivation: {"key", "text", "sources", "wording"},
    Law: {"key", "title", "sources", "verify", "note", "tried"},
}


@pytest.mark.parametrize("part", BEARING, ids=lambda part: part.__name__)
def test_every_field_is_known_to_move_a_judgement_or_not_to(part: type) -> None:
    told = "A new field: if the judge reads it, add it to `_bearing` or `_worth` of core/blend.py, then here."
    assert {field.name for field in fields(part)} == BEARING[part] | WORDS[part], told
