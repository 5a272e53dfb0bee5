"""While an editor writes, texts are read as those that ship are: advice, never a reason not to publish."""

from __future__ import annotations

import pytest

from checklists.core.texts.typography import RULES
from checklists.packs.editions.advice import RIGHT, advise
from checklists.packs.editions.reader import read_pack
from checklists.packs.files.problems import Problem
from checklists.packs.files.shipped import shipped_pack


def advice_on(**texts: str) -> list[Problem]:
    """What is said of the first question's reason when it is ``texts``."""
    pack = read_pack(shipped_pack("cnil-hosting"))
    pack.questions[0].why = texts
    place = f"questions/{pack.questions[0].key}/why"
    return [problem for problem in advise(pack) if problem.place == place]


@pytest.mark.parametrize(
    ("language", "text", "message", "remedy"),
    [
        ("en", "The gate is shut.", "“gate” is a word to avoid", "Say “blocking rule”."),
        ("fr", "Qui répond ?", "typography, language 'fr': “Qui répond ?”", "narrow no-break space"),
        ("en", "No evidence for this point.", "a sentence seems to have no verb", "Say who does what."),
        ("en", "It is " + "very " * 30 + "long.", "a sentence is long (33 words)", "Cut it"),
    ],
)
def test_a_text_is_advised_on(language: str, text: str, message: str, remedy: str) -> None:
    (told,) = advice_on(**{language: text})
    assert told.message.startswith(message)
    assert remedy in told.remedy
    assert told.is_warning


def test_a_good_text_is_let_alone() -> None:
    assert advice_on(en="The provider signs the contract.", fr="Le prestataire signe le contrat.") == []


def test_what_typography_asks_for_can_be_translated() -> None:
    assert {rule.right for rules in RULES.values() for rule in rules} == set(RIGHT)
