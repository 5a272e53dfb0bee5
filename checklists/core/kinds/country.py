"""A country."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.core.editions.edition import Question
from checklists.core.kinds.kind import Kind, gettext_noop

USUAL = {"FR": 0.55, "US": 0.3, "GB": 0.05, "CN": 0.1}
"""How common each country is held to be: one of the Union, one whose law reaches far, one with an adequacy decision,
one with none."""


class Country(Kind):
    """Answered by a code of ISO 3166-1 alpha-2."""

    key = "country"
    wrong = gettext_noop("This is not one of the countries. Choose one in the list.")
    wrong_fact = gettext_noop("Write the country’s code of two capital letters, for example FR.")
    seconds = 20
    is_compared = True

    def usual(self, question: Question) -> Mapping[str, float]:
        return USUAL

    def is_valid(self, question: Question, value: str) -> bool:
        return len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
