"""A question is written quickly: what is needed first, keys made of texts, several answers pasted at once."""

from __future__ import annotations

import pytest
from django.test import Client

from checklists.models import Draft
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from tests.admin.conftest import part
from tests.admin.drafts.test_write_a_checklist import at

LINES = (
    "Tenu par le client | 4 | Le client tient le registre.\n"
    "Tenu par le fournisseur\t0\tConstat.\tLe reprendre.\n"
    "\n"
    "Aucun"
)


def question(draft: Draft, **more: object) -> dict[str, object]:
    concern = draft.parts.filter(family="concerns")[0].key
    said = {"text_fr": "Qui tient le registre ?", "text_en": "Who keeps the register?", "concern": concern,
            "scope": "offer", "kind": "choice", "harms": ["duty"], "options": "0"}  # fmt: skip
    return {**said, **more}


@pytest.fixture
def french(bench: Client) -> Client:
    bench.cookies["django_language"] = "fr"
    return bench


def test_a_question_with_its_answers_in_lines(french: Client, draft: Draft) -> None:
    address = at(draft, "add_part", "questions")
    page = french.get(address).content.decode()
    assert page.index("folded-fields") > page.index('name="text_fr"')
    assert french.post(address, question(draft, **{"several-answers": LINES})).status_code == 302
    row = part(draft, "questions", "qui_tient_le_registre")
    rows = list(row.parts.values_list("key", "body"))
    assert [key for key, _body in rows] == ["tenu_par_le_client", "tenu_par_le_fournisseur", "aucun"]
    assert rows[0][1] == {"label": {"fr": "Tenu par le client"}, "level": 4,
                          "finding": {"fr": "Le client tient le registre."}}  # fmt: skip
    assert rows[1][1]["advice"] == {"fr": "Le reprendre."}
    assert "level" not in rows[2][1]
    again = question(draft, **{"several-answers": "Aucun"})
    assert french.post(address, again).status_code == 302
    assert part(draft, "questions", "qui_tient_le_registre_2")


def test_every_fault_of_the_lines_is_told_and_nothing_is_kept(french: Client, draft: Draft) -> None:
    before = draft_document(draft, next_imprint(draft))
    lines = "Oui | 5\n | 3\na|1|b|c|d\nNon|²"
    page = french.post(at(draft, "add_part", "questions"), question(draft, **{"several-answers": lines}))
    assert page.status_code == 422
    told = page.content.decode()
    for line in ("Ligne 1", "La ligne 2", "La ligne 3", "Ligne 4"):
        assert line in told
    no_key = french.post(at(draft, "add_part", "questions"), question(draft, **{"several-answers": "???"}))
    assert no_key.status_code == 422
    assert draft_document(draft, next_imprint(draft)) == before


def test_how_a_text_was_come_by_is_kept(french: Client, draft: Draft) -> None:
    response = french.post(at(draft, "add_part", "questions"), question(draft, wording="verbatim"))
    assert response.status_code == 302
    assert part(draft, "questions", "qui_tient_le_registre").body["wording"] == "verbatim"
    assert french.post(at(draft, "add_part", "questions"), question(draft, wording="guessed")).status_code == 422
