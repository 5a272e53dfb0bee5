"""One text, read by rule: its words, its typography, its sentences."""

from __future__ import annotations

import pytest

from checklists.core.texts.check import Kind, Text, check_text, figures
from checklists.core.texts.sentences import count_words, has_verb, sentences
from checklists.core.texts.typography import typography_faults
from checklists.core.texts.wording import Avoided, avoided_words

GATE = Avoided(("gate", "gates"), "blocking rule", but=("Golden Gate",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two words? Yes.", ["One.", "Two words?", "Yes."]),
        ("See art. 28 of the GDPR. It binds.", ["See art 28 of the GDPR.", "It binds."]),
        ("Version 3.2 is read (ANSSI, 2022. Long note. Here).", ["Version 3.2 is read ."]),
        ("First:\n- one\n- two\n\nLast", ["First:", "- one", "- two", "Last"]),
        ("Il dit : « Non. » Puis il part.", ["Il dit : « Non. »", "Puis il part."]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("sentence", "words"),
    [("L’offre d’aujourd’hui", 2), ("%(n)d answers of 1,000 – all", 5), ("`a b c` is code", 3), ("…", 0)],
)
def test_words_are_counted_as_they_are_spoken(sentence: str, words: int) -> None:
    from checklists.core.texts.plain import plain

    assert count_words(plain(sentence)) == words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Vraiment ?"), ("fr", "Non; oui"), ("fr", "Voici : rien"), ("fr", "Voici: rien"), ("fr", "« mot »"),
        ("fr", "l'offre"), ("fr", "le 1 janvier"), ("fr", "la 2ème fois"), ("fr", "Etat"), ("fr", "A partir de"),
        ("fr", "le coeur"), ("fr", "un “mot”"), ("fr", "Attendez..."), ("fr", "n° 3"),
        ("en", "the provider's"), ("en", "Really ?"), ("en", "an \"answer\""), ("en", "organize"), ("en", "the color"),
        ("en", "« word »"), ("en", "two  spaces"),
    ],
)  # fmt: skip
def test_each_fault_of_typography_is_found(language: str, text: str) -> None:
    assert len({use for _found, use in typography_faults(text, language)}) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Vraiment\u202f? «\u00a0Oui\u00a0»\u202f; à 12:30, l’État, le 1er\u00a0mai, n°\u00a03\u00a0: rien."),
        ("fr", "Écrivez «\u00a0fr:\u00a0» puis <a href=\"/x?y=1;z\">ici</a>, https://exemple.fr/a?b ou `a: b`."),
        ("en", "The provider’s “answer”: organised; 'schema' is a key, “Judgment” a decision."),
        ("de", "Was 'ist' das ?"),
    ],
)  # fmt: skip
def test_what_is_right_or_code_is_left_alone(language: str, text: str) -> None:
    assert list(typography_faults(text, language)) == []


def test_words_to_avoid_are_found_whole_in_any_case_and_not_where_they_are_right() -> None:
    said = "Gates hold. Gatekeepers cross the Golden Gate; the `gate` is code."
    assert list(avoided_words(said, [GATE])) == [("Gates", "blocking rule")]


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("fr", "Le prestataire détient les clés.", True), ("fr", "Aucune preuve pour ce point.", False),
        ("fr", "Fixez une date.", True), ("en", "Set a date.", True), ("en", "No evidence for this point.", False),
        ("de", "Kein Wort.", True),
    ],
)  # fmt: skip
def test_a_sentence_without_a_verb_is_guessed(language: str, sentence: str, expected: bool) -> None:
    assert has_verb(sentence, language) is expected


def test_a_text_is_told_with_its_place_its_kind_and_what_to_write() -> None:
    long = " ".join(["word"] * 30) + " is."
    text = Text("questions/q/finding", {"en": f"It does. {long} The gate holds."}, stands_alone=True)
    told = list(check_text(text, ["en", "fr"], {"en": [GATE]}))
    assert [(one.language, one.kind) for one in told] == [
        ("en", Kind.AVOID), ("en", Kind.ALONE), ("en", Kind.LONG), ("fr", Kind.LACKS)]  # fmt: skip
    assert str(told[0]) == "questions/q/finding [en] word to avoid: gate -> blocking rule"


def test_figures_count_the_sentences_of_prose_only() -> None:
    long, too_long = "A" + " word" * 25, "A" + " word" * 35
    counted = figures(
        [Text("a", {"en": f"One is. {long}. {too_long}."}), Text("b", {"en": long}, is_prose=False)], "en"
    )
    assert (counted.sentences, counted.long, counted.too_long) == (3, 2, 1)
    assert counted.within == pytest.approx(1 / 3)
    assert figures([], "en").within == 1
