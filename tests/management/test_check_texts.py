"""How what ships is written: no word to avoid, no fault of typography, sentences that can be read."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from checklists.core.texts.check import Kind, Told, check_text, figures
from checklists.core.texts.check import Text as Written
from checklists.packs.files.glossary import words_to_avoid
from checklists.services.languages import site_languages
from checklists.services.texts.read_texts import texts, untranslated

MOST_TYPOGRAPHY = 0
MOST_AVOIDED = {"fr": 0, "en": 0}
MOST_TOO_LONG = {"fr": 0, "en": 0}


@pytest.fixture(scope="module")
def read() -> list[Written]:
    return texts(site_languages())


@pytest.fixture(scope="module")
def told(read: list[Written]) -> list[Told]:
    return [one for text in read for one in check_text(text, site_languages(), words_to_avoid())]


@pytest.mark.parametrize(("kind", "most"), [(Kind.TYPOGRAPHY, MOST_TYPOGRAPHY), (Kind.LACKS, 0)])
def test_what_ships_has_no_fault(told: list[Told], kind: Kind, most: int) -> None:
    found = [str(one) for one in told if one.kind is kind]
    assert len(found) <= most, "\n".join(found)


def test_words_to_avoid_do_not_come_back(told: list[Told]) -> None:
    counted = Counter(one.language for one in told if one.kind is Kind.AVOID)
    assert {
        language: counted[language] for language in MOST_AVOIDED if counted[language] > MOST_AVOIDED[language]
    } == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sentences_can_be_read(read: list[Written], language: str) -> None:
    found = figures(read, language)
    assert found.sentences > 4000
    assert found.within >= 0.99
    assert found.too_long <= MOST_TOO_LONG[language]


def test_templates_show_nothing_in_one_language_only() -> None:
    assert list(untranslated()) == []


def test_the_command_prints_figures_and_each_fault_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "checklists.management.commands.checktexts"
    wrong = Written("a/place", {"fr": "Vraiment ?", "en": "Really?"})
    monkeypatch.setattr(f"{module}.texts", lambda languages: [wrong])
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults in 1 texts"):
        call_command("checktexts", stdout=out)
    assert "a/place [fr] typography: Vraiment ?" in out.getvalue()
    assert "en: 1 sentences, 100.00% within 25 words" in out.getvalue()
    monkeypatch.setattr(f"{module}.texts", lambda languages: [Written("a", {"fr": "Oui", "en": "Yes"}, is_prose=False)])
    call_command("checktexts", stdout=out)
