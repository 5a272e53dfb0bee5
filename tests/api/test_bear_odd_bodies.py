"""Outside data has whichever type it comes with: what is not as it should be is refused in words, never a 500."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from checklists.core.people.permissions import Action
from checklists.models import Offer, User
from tests.api.test_use_the_interface import ROOT, token_for
from tests.figures import count

ODD: list[Any] = [None, True, -1, 10**30, 1e308, "", "\0", "\ud800", "x" * 20_000, [], [[]], {}, {"a": None}]


def bodies(good: dict[str, Any]) -> list[bytes]:
    """No object at all, what is no JSON, and ``good`` with each of its parts odd or gone."""
    made: list[Any] = [*ODD, *(good | {name: odd} for name in good for odd in ODD)]
    made += [{other: good[other] for other in good if other != name} for name in good]
    texts = [json.dumps(each).encode() for each in made]
    return [*texts, b"", b"{", b"\xff\xfe{}", b"[" * 3000, b'{"name": NaN}', b'{"a":1,"a":2}', b"9" * 5000]


def test_no_body_of_any_type_breaks_the_interface(officer: User, example: Offer) -> None:
    token = token_for(officer, *Action)
    assessment = example.assessment_id
    places: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/assessments",
         {"organisation": officer.organisations.get().pk, "name": "R", "reference_date": "2026-11-30"}),
        ("PATCH", f"/assessments/{assessment}", {"name": "R", "description": "d", "reference_date": "2026-11-30"}),
        ("POST", f"/assessments/{assessment}/offers", {"name": "O", "provider": "P"}),
        ("PUT", f"/offers/{example.pk}/answers/key_holder",
         {"status": "answered", "value": "provider", "justification": "j", "comment": "c"}),
        ("POST", f"/offers/{example.pk}/reports", {"language": "fr", "form": "full"}),
    ]  # fmt: skip
    tried = broken = 0
    browser = Client(headers={"Authorization": f"Bearer {token}", "If-Match": '"0"'})
    for method, path, good in places:
        for body in bodies(good):
            answer = browser.generic(method, ROOT + path, body, content_type="application/json")
            tried += 1
            broken += answer.status_code >= 500
            assert answer.status_code < 500, (method, path, body[:200])
            if answer.status_code >= 400:
                assert json.loads(answer.content)["detail"], (method, path, body[:200])
    count("odd bodies sent to the interface", "that broke the site", tried=tried, faults=broken)
