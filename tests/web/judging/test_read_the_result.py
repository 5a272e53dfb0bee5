"""The worked example, read on screen and on paper."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.test import Client

from checklists.documents.pages.document import ASSETS, ClosedFetcher
from checklists.models import Offer
from checklists.packs.editions.reader import read_pack
from checklists.packs.files.shipped import shipped_pack
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.judging.judge_offer import judge_offer


def test_the_health_data_hub_of_october_2020_is_transition_only(example: Offer) -> None:
    judgement = judge_offer(example)
    assert judgement.verdict.best.key == "transition_only"
    assert judgement.required.worst.key == "acceptable"
    assert "keys_within_reach_sensitive" in {finding.key for finding in judgement.findings}


def test_the_result_says_why_in_the_words_of_the_cnil(desk: Client, example: Offer) -> None:
    page = desk.get(f"/offers/{example.pk}/result/").content.decode()
    for words in ("Transition only at best: the minimum, Acceptable, is missed", "holds the keys", "parent company"):
        assert words in page


def test_deciding_takes_three_reasons_and_three_actions(desk: Client, example: Offer) -> None:
    context = desk.get(f"/offers/{example.pk}/result/").context
    decision, plan = context["decision"], context["plan"]
    assert len(decision.reasons) == 3
    assert all(reason.facts and reason.sources for reason in decision.reasons)
    assert [line.kind for line in plan.first] == ["impossible", "change", "obtain"]


def test_every_section_that_is_counted_opens_at_its_own_address(desk: Client, example: Offer) -> None:
    sections = desk.get(f"/offers/{example.pk}/result/understand/").context["sections"]
    assert len(sections) > 10
    for section, _count in sections:
        page = desk.get(f"/offers/{example.pk}/result/understand/{section.key}/")
        assert page.status_code == 200
        assert "Nothing to tell here" not in page.content.decode()
    assert desk.get(f"/offers/{example.pk}/result/understand/nowhere/").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("fr", "Transitoire"), ("en", "Transition only")])
def test_the_report_is_a_tagged_pdf_in_the_language_chosen(
    desk: Client, example: Offer, tmp_path: Path, language: str, words: str
) -> None:
    response = desk.get(f"/offers/{example.pk}/report/?language={language}")
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == language
        assert 8 <= len(pdf.pages) <= 19
    file = tmp_path / "report.pdf"
    file.write_bytes(response.content)
    assert words in subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout


def test_what_users_wrote_is_text_and_nothing_else(desk: Client, example: Offer) -> None:
    hostile = "<script>alert(1)</script><img src='file:///etc/passwd'>{{ x }} \U0001f600"
    question = next(q for q in read_pack(shipped_pack("cnil-hosting")).questions if q.key == "key_holder")
    from checklists.services.judging.judge_offer import edition_of

    save_answer(
        assessment=example.assessment,
        offer=example,
        question=edition_of(example.assessment).questions[question.key],
        said=Said("answered", "provider", comment=hostile),
        revision=1,
        by=None,
    )
    assert "<script>alert" not in desk.get(f"/offers/{example.pk}/review/").content.decode()
    assert desk.get(f"/offers/{example.pk}/report/").status_code == 200


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://127.0.0.1/", "https://example.org/x.css", "data:text/css,a", "report-asset:../x"],
)
def test_a_report_loads_nothing_from_outside(url: str) -> None:
    with pytest.raises(ValueError, match="refused"):
        ClosedFetcher().fetch(url)
    assert all(path.exists() for path, _ in ASSETS.values())
