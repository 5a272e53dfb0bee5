"""A word of the glossary is explained where a page first says it, without a script."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.template import engines
from django.utils.translation import override

from checklists.packs.files.glossary import glossary

TEMPLATE = engines["django"].from_string("{% explained first at='a' %}|{% explained second at='b' %}")


def rendered(first: str, second: str = "", request: HttpRequest | None = None, language: str = "en") -> list[str]:
    with override(language):
        page = TEMPLATE.render({"first": first, "second": second}, request)
    return page.split("|")


def test_a_term_is_explained_the_first_time_the_page_says_it() -> None:
    first, second = rendered("The providers sign.", "A provider signs.", HttpRequest())
    meaning = next(term.meaning["en"] for term in glossary() if term.word["en"] == "provider")
    assert first == (
        'The <span class="term"><a href="/help/words/#provider" aria-describedby="provider-a">providers</a>'
        f'<span class="term-note" role="tooltip" id="provider-a">{meaning}</span></span> sign.'
    )
    assert second == "A provider signs."


def test_the_longest_term_is_taken_and_parts_of_words_are_left() -> None:
    first, _ = rendered("A provider’s subcontractor, not transferable.", request=HttpRequest())
    assert "#providers-subcontractor" in first
    assert first.count('class="term"') == 1


def test_the_text_is_escaped_and_a_document_explains_nothing() -> None:
    assert "&lt;b&gt;" in rendered("<b> provider", request=HttpRequest())[0]
    assert rendered("<b> provider")[0] == "&lt;b&gt; provider"
    assert rendered("", request=HttpRequest()) == ["", ""]


@pytest.mark.parametrize(
    ("text", "slug"), [("Des règles bloquantes.", "regle-bloquante"), ("Un tiers de confiance", "tiers-de-confiance")]
)
def test_french_plurals_and_accents(text: str, slug: str) -> None:
    assert f"/help/words/#{slug}" in rendered(text, request=HttpRequest(), language="fr")[0]


def test_every_term_can_be_explained_in_every_language() -> None:
    for language in glossary()[0].word:
        for term in glossary():
            assert 'class="term"' in rendered(term.word[language], request=HttpRequest(), language=language)[0], term
