"""Help is complete in both languages, its links lead somewhere, and its words are those of the glossary."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from checklists.packs.files.glossary import glossary
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED
from checklists.web.help.pages import KEYS, help_page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_there_and_no_other(language: str) -> None:
    assert {path.stem for path in (settings.BASE_DIR / "docs" / language).glob("*.md")} == set(KEYS)
    for key in KEYS:
        page = help_page(key, language)
        assert page.title and len(page.body) > 200, key
        assert page.title != help_page(key, "en" if language == "fr" else "fr").title


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_say_as_much_and_link_to_the_same(key: str) -> None:
    french, english = help_page(key, "fr").body, help_page(key, "en").body
    for element in ("<li>", "<tr>", "<p>", "<kbd>", "<code>"):
        assert french.count(element) == english.count(element), element
    links = [re.findall(r'href="([^"]+)"', body) for body in (french, english)]
    assert links[0] == links[1]
    for link in links[0]:
        assert link.startswith("/")
        assert resolve(link)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_opens_in_the_readers_language(client: Client, db: None, language: str) -> None:
    client.cookies["django_language"] = language
    contents = client.get("/help/").content.decode()
    assert contents.count('href="/help/') >= len(KEYS)
    assert help_page("roles", language).title in contents
    assert help_page("roles", language).title in client.get("/help/roles/").content.decode()
    assert client.get("/help/nothing-of-the-kind/").status_code == 404


def test_the_glossary_explains_each_word_and_keeps_those_to_avoid_for_writers(client: Client, db: None) -> None:
    client.cookies["django_language"] = "en"
    page = client.get("/help/words/").content.decode()
    assert page.count("<dt ") == len(glossary()) > 30
    rows = read_yaml((SHIPPED / "glossary.yaml").read_bytes())[0]
    assert all(row["term_fr"] and row["definition_fr"] and row["definition_en"] for row in rows)
    assert "incumbent" in [word for row in rows for word in row.get("avoid", ())]
    assert "incumbent" not in page


def test_robots_and_whom_to_tell_of_a_weakness(client: Client, db: None, settings) -> None:
    assert "Disallow: /offers/" in client.get("/robots.txt").content.decode()
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:securite@hopital.example"
    told = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:securite@hopital.example\nExpires: 20" in told
