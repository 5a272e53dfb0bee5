"""Help in the reader's language, from the Markdown files of ``docs/fr`` and ``docs/en``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import markdown
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from checklists.packs.files.glossary import glossary
from checklists.services.languages import language_here

KEYS = (
    "first-verdict",
    "verdicts",
    "evidence",
    "review",
    "transition",
    "verify-a-report",
    "roles",
    "writing-criteria",
    "library",
    "operating",
    "keyboard",
)
"""The pages, in the order in which a newcomer needs them."""


@dataclass(frozen=True, slots=True)
class Page:
    key: str
    title: str
    body: SafeString


@cache
def help_page(key: str, language: str) -> Page:
    """One page: its first line is the title. The files are ours alone, so their HTML is shown as it is."""
    text = (settings.BASE_DIR / "docs" / language / f"{key}.md").read_text(encoding="utf-8")
    title, _newline, body = text.partition("\n")
    return Page(key, title.removeprefix("# ").strip(), mark_safe(_html(body)))


def _html(text: str) -> str:
    html: str = markdown.markdown(text, extensions=["tables"])
    return html.replace("<table>", '<table class="table">')


def _language() -> str:
    return language_here(get_language())


def contents(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help/contents.html", {"pages": [help_page(key, _language()) for key in KEYS]})


def page(request: HttpRequest, key: str) -> HttpResponse:
    if key not in KEYS:
        raise Http404(f"no help page {key}")
    shown = help_page(key, _language())
    return render(request, "web/help/page.html", {"page": shown})


def words(request: HttpRequest) -> HttpResponse:
    """The glossary, in alphabetical order; each word has an address of its own on the page."""
    language = _language()
    terms = [(term.word[language], term.meaning[language]) for term in glossary()]
    return render(request, "web/help/words.html", {"terms": sorted(terms, key=lambda term: term[0].casefold())})
