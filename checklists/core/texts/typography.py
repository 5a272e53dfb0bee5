"""Typography of each language: what is never right, by rule.

French: *Lexique des règles typographiques en usage à l’Imprimerie nationale* (U+202F before ``; ? !``, U+00A0 before
``:`` and inside ``« »``, capitals with their accents, ``1er``, ``2e``). English: British spelling, curly quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checklists.core.texts.plain import plain


@dataclass(frozen=True, slots=True)
class Rule:
    """``wrong`` finds a fault; ``right`` says in English what to write instead."""

    wrong: re.Pattern[str]
    right: str


def _rule(wrong: str, right: str) -> Rule:
    return Rule(re.compile(wrong), right)


_EVERYWHERE = (
    _rule(r"(?<=\w)'(?=\w)", "a curly apostrophe, ’"),
    _rule(r"\.\.\.", "an ellipsis, …"),
    _rule(r"(?<=\S)[ ]{2,}(?=\S)", "one space"),
)
_ACCENTED = (
    r"Ecran|Ecrans|Ecrire|Ecrivez|Edition|Editions|Editer|Editeur|Elément|Eléments|Equipe|Equipes|Etablir|Etape|Etapes|"
    r"Etat|Etats|Etendue|Etranger|Etrangère|Evaluation|Evaluer|Evénement|Eviter|Evitez|Echéance|Echéances|Echec|"
    r"Energie|Enoncé|Ecart|Ecarts|Egalement|Emettre|Emis|Epreuve|Eteint|Etude|Etudiez|Ile|Ou est|Ca\b"
)
RULES: Mapping[str, tuple[Rule, ...]] = {
    "fr": (
        *_EVERYWHERE,
        _rule(
            r"(?<![\u202f;?!(«])[;?!](?!\w)",
            "a narrow no-break space (U+202F) before a semicolon, a question mark or an exclamation mark",
        ),
        _rule(r"(?<!\u00a0):(?=\s|$)", "a no-break space (U+00A0) before a colon"),
        _rule(r"«(?!\u00a0)|(?<!\u00a0)»", "a no-break space (U+00A0) inside French quotation marks"),
        _rule(r"[“”\"]", "French quotation marks, with no-break spaces inside"),
        _rule(r"\b1 (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b", "1er"),
        _rule(r"\b\d+(?:ème|ième|eme)s?\b", "2e"),
        _rule(rf"(?<!\w)(?:{_ACCENTED})\b", "the accent on the capital"),
        _rule(r"(?<!\w)A (?:partir|défaut|vérifier|noter|compter|faire|la|l’|qui|quoi|propos|titre|ce)\b", "À"),
        _rule(r"\b(?:coeur|oeuvre|oeil|soeur|voeu)s?\b", "œ"),
        _rule(r"\bn°(?=\s?\d)(?!\u00a0)|\bno \d", "n° and a no-break space (U+00A0)"),
    ),
    "en": (
        *_EVERYWHERE,
        _rule(
            r"(?<=\w)[ \u00a0\u202f][;:?](?=\s|$)",
            "no space before a colon, a semicolon, a question mark or an exclamation mark",
        ),
        _rule(r"[«»]", "“ ”"),
        _rule(r"\"", "curly quotation marks, “ ”"),
        _rule(
            r"(?i)\b(?:organi|recogni|authori|minimi|summari|categori|anonymi|pseudonymi|locali|finali|emphasi|prioriti|"
            r"standardi|utili|customi|normali|speciali|formali|apologi|criti[c]i|priva?ti)z(?:e|es|ed|ing|ation|ations|er)\b",
            "British spelling: -ise, -isation",
        ),
        _rule(
            r"(?i)\b(?:colou?rless|color(?:s|ed|ing)?|behavior|favor(?:s|ed|able|ite)?|honor(?:s|ed)?|labor|neighbor\w*|center(?:s|ed)?|"
            r"fulfill(?!e|i)|catalog|defense|offense|canceled|canceling|labeled|labeling|modeled|modeling|traveled|gray|"
            r"analyz(?:e|es|ed|ing)|enrollment|installment|skillful|artifacts?|licens(?:or)?e plate|meter)\b",
            "British spelling",
        ),
    ),
}


def typography_faults(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Each fault of ``text``: the words around it and what to write. Nothing for a language that has no rules."""
    prose = plain(text)
    for rule in RULES.get(language, ()):
        for found in rule.wrong.finditer(prose):
            yield prose[max(0, found.start() - 20) : found.end() + 12].strip(), rule.right
