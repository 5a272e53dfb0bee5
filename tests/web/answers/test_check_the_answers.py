"""Checking the answers: folded by chapter, searched by words, whatever accents and capitals."""

from __future__ import annotations

import pytest
from django.test import Client

from checklists.models import Offer


def told(desk: Client, example: Offer, **query: str) -> list[str]:
    page = desk.get(f"/offers/{example.pk}/review/", query)
    assert page.status_code == 200
    return [line.key for _page, lines in page.context["sections"] for line in lines]


@pytest.mark.parametrize("words", ["holds the keys", "KEYS  HOLDS", "Who hôlds"])
def test_words_find_a_question(desk: Client, example: Offer, words: str) -> None:
    found = told(desk, example, q=words)
    assert "key_holder" in found
    assert len(found) < len(told(desk, example))


def test_what_nothing_says_finds_nothing(desk: Client, example: Offer) -> None:
    assert told(desk, example, q="zzz <b>") == []
    assert "&lt;b&gt;" in desk.get(f"/offers/{example.pk}/review/", {"q": "<b>"}).content.decode()


def test_chapters_are_folded_until_something_is_looked_for(desk: Client, example: Offer) -> None:
    def opened(**query: str) -> int:
        page = desk.get(f"/offers/{example.pk}/review/", query).content.decode()
        return page.count('<details class="panel" open>')

    assert opened() == 1
    assert opened(q="the") > 1
    assert opened(show="unknown") > 1
