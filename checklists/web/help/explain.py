"""A term of the glossary, explained where a page first says it: on hover and on focus, without a script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language

from checklists.packs.files.glossary import Term, glossary
from checklists.services.languages import language_here

register = template.Library()


@register.simple_tag(takes_context=True)
def explained(context: Context, text: object, at: str) -> SafeString:
    """``text``, escaped, with each term of the glossary explained where the page first says it.

    ``at`` names the place on the page, so that no two explanations share an ``id``. Where no request is known, as in a
    document, the text is only escaped.
    """
    said, request = str(text or ""), context.get("request")
    if request is None:
        return format_html("{}", said)
    language = language_here(get_language())
    seen: set[str] = request.__dict__.setdefault("explained_terms", set())
    pattern, terms = _terms(language)
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(said):
        term = terms[_key(found[0])]
        if term.word[language] not in seen:
            seen.add(term.word[language])
            parts += [format_html("{}", said[end : found.start()]), _explanation(found[0], term, language, at)]
            end = found.end()
    return mark_safe("".join([*parts, format_html("{}", said[end:])]))  # each part is escaped above


def _explanation(word: str, term: Term, language: str, at: str) -> str:
    slug = slugify(term.word[language])
    return format_html(
        '<span class="term"><a href="{}#{}" aria-describedby="{}">{}</a><span class="term-note" role="tooltip" id="{}">'
        "{}</span></span>",
        reverse("help-words"), slug, f"{slug}-{at}", word, f"{slug}-{at}", term.meaning[language],
    )  # fmt: skip


@cache
def _terms(language: str) -> tuple[re.Pattern[str], Mapping[str, Term]]:
    """What finds the terms in a text, plurals included, the longest first; and each term by its words."""
    terms = {_key(_bare(term.word[language])): term for term in glossary() if language in term.word}
    words = sorted((_bare(term.word[language]) for term in terms.values()), key=len, reverse=True)
    either = "|".join(r"s?\s+".join(re.escape(part) for part in word.split()) + "s?" for word in words)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.I), terms


def _bare(word: str) -> str:
    return re.sub(r"\s*\(.*\)", "", word)


def _key(words: str) -> str:
    """The same for a term in the singular and in the plural."""
    return " ".join(part.rstrip("s") for part in words.casefold().split())
