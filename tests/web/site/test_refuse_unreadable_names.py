"""A character that no file and nobody can read stays out of names, and out of files where it is stored already."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from checklists.models import Assessment, Offer, Organisation, User
from checklists.packs.editions.schema import Pack
from checklists.packs.files.problems import PackError
from checklists.packs.files.safe_yaml import read_yaml
from tests.figures import count

ODD = ["\ufffe", "\uffff", "\x08", "\x1b", "\x00", "\u202e", "\u202d", "\u2066", "\x7f", "\ufdd0"]


def test_no_name_holds_what_cannot_be_read(desk: Client, officer: User, example: Offer) -> None:
    organisation = officer.organisations.get()
    forms = {
        "/organisations/new/": {"name": "Hôpital{}"},
        f"/organisations/{organisation.pk}/change/": {"name": "Hôpital{}", "retention_days": ""},
        "/assessments/new/": {"name": "Registre{}", "reference_date": "2026-01-01"},
        f"/assessments/{example.assessment_id}/change/": {"name": "Registre{}", "reference_date": "2026-01-01"},
        f"/assessments/{example.assessment_id}/offers/new/": {"name": "Offre{}", "provider": "P{}"},
        f"/offers/{example.pk}/change/": {"name": "Offre{}", "provider": "P{}"},
        f"/organisations/{organisation.pk}/invite/": {"email": "a{}@x.example", "role": "reader"},
    }
    tried = kept = 0
    for address, fields in forms.items():
        for odd in ODD:
            answer = desk.post(address, {name: value.format(odd) for name, value in fields.items()})
            tried += 1
            kept += answer.status_code in (302, 500)
            assert answer.status_code < 500, (address, odd)
    count("names that cannot be read", "kept", tried=tried, faults=kept)
    assert kept == 0


def test_a_comment_that_cannot_be_read_is_told_and_arabic_is_kept(desk: Client, example: Offer) -> None:
    def say(comment: str) -> int:
        revision = example.answers.get(question="key_holder").revision
        return desk.post(
            f"/offers/{example.pk}/answers/key_holder/",
            {"q-key_holder-answer": "unknown", "q-key_holder-revision": revision, "q-key_holder-comment": comment},
            headers={"HX-Request": "true"},
        ).status_code

    assert say("a\ufffeb") == 422
    assert say("المفاتيح \u2067عندنا\u2069 \u200f") == 200


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd != "\x00"], ids=lambda odd: f"U+{ord(odd):04X}")
def test_what_is_stored_already_breaks_no_file(desk: Client, officer: User, example: Offer, odd: str) -> None:
    Organisation.objects.filter(pk=officer.organisations.get().pk).update(name=f"H{odd}")
    Assessment.objects.filter(pk=example.assessment_id).update(name=f"R{odd}egistre", description=f"d{odd}")
    Offer.objects.filter(pk=example.pk).update(name=f"O{odd}ffre")
    files = [f"/offers/{example.pk}/report/?format=docx", f"/offers/{example.pk}/report/?format=html",
             f"/assessments/{example.assessment_id}/comparison.xlsx", "/assessments/portfolio.xlsx",
             "/assessments/portfolio.csv"]  # fmt: skip
    desk.raise_request_exception = False
    broken = [address for address in files if desk.get(address).status_code != 200]
    count("files with unreadable characters stored", "broken", tried=len(files), faults=len(broken))
    assert not broken
    book = load_workbook(io.BytesIO(desk.get("/assessments/portfolio.xlsx").content))
    assert book.active is not None


@pytest.mark.parametrize("odd", ["\u202e", "\u2066", "\ufffe", "\u202a"])
def test_a_pack_holds_none_of_them(odd: str) -> None:
    with pytest.raises(PackError, match=f"U\\+{ord(odd):04X}"):
        read_yaml(f"a: b{odd}".encode())
    assert Pack
