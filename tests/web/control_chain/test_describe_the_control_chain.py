"""Describing who stands behind an offer: kept whatever its state, guarded, and answering its questions."""

from __future__ import annotations

import io
import json
import uuid
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from checklists.core.control_chain import read_chain
from checklists.models import Answer, AnswerChange, Assessment, Offer, User
from checklists.services.judging.judge_offer import judge_offer

HTMX = {"HX-Request": "true"}


@pytest.fixture
def offer(desk: Client) -> Offer:
    desk.post("/assessments/new/", {"name": "Registry", "reference_date": "01/02/2024", "token": str(uuid.uuid4())})
    assessment = Assessment.objects.get(name="Registry")
    desk.post(f"/assessments/{assessment.pk}/offers/new/", {"name": "Cloud", "token": str(uuid.uuid4())})
    return assessment.offers.get()


def subsidiary(share: str = "100", revision: int = 0, **more: str) -> dict[str, object]:
    sent = {"company": ["A", "B", "C"], "holding": ["0", "1"], "revision": str(revision), "go": "save"}
    sent |= {"name-A": "Cloud Ireland", "country-A": "IE", "role-A": "contracting"}
    sent |= {"name-B": "Cloud Inc.", "country-B": "US", "role-B": "parent", "closed-B": "on"}
    return sent | {"holder-0": "B", "held-0": "A", "capital-0": share, "votes-0": share} | more


def describe(desk: Client, offer: Offer, sent: dict[str, object]):
    return desk.post(f"/offers/{offer.pk}/control-chain/", sent)


def answer(desk: Client, offer: Offer, key: str, value: str, justification: str = ""):
    sent = {f"q-{key}-answer": value, f"q-{key}-revision": "0", f"q-{key}-justification": justification}
    return desk.post(f"/offers/{offer.pk}/answers/{key}/", sent, headers=HTMX)


def test_a_subsidiary_answers_the_questions_on_reach(desk: Client, offer: Offer) -> None:
    assert describe(desk, offer, subsidiary()).status_code == 302
    states = judge_offer(offer).states
    assert states["us_law_reach"].option.key == "through_parent"
    assert states["us_law_reach"].origin == "derived"
    page = desk.get(f"/offers/{offer.pk}/questions/jurisdiction/").content.decode()
    assert "The control chain gives:" in page
    result = desk.get(f"/offers/{offer.pk}/result/understand/control-chain/").content.decode()
    assert "Cloud Inc. is established in United States" in result
    assert "<svg" in result
    assert "Follows from the control chain." in desk.get(f"/offers/{offer.pk}/review/").content.decode()


def test_answering_otherwise_needs_a_reason_and_is_shown(desk: Client, offer: Offer) -> None:
    describe(desk, offer, subsidiary())
    refused = answer(desk, offer, "us_law_reach", "option:none")
    assert refused.status_code == 422
    assert "Write why yours differs" in refused.content.decode()
    assert answer(desk, offer, "us_law_reach", "option:through_parent").status_code == 200
    Answer.objects.filter(question="us_law_reach").delete()
    assert answer(desk, offer, "us_law_reach", "option:none", "Blind trust of 2023").status_code == 200
    for page in ("review", "result/understand/control-chain", "questions/jurisdiction"):
        assert "which gives" in desk.get(f"/offers/{offer.pk}/{page}/").content.decode()
    assert "Blind trust of 2023" in desk.get(f"/offers/{offer.pk}/result/understand/control-chain/").content.decode()
    assert judge_offer(offer).states["us_law_reach"].origin == "override"


def test_an_answer_that_a_later_chain_contradicts_counts_no_more_until_justified(desk: Client, offer: Offer) -> None:
    answer(desk, offer, "us_law_reach", "option:none")
    describe(desk, offer, subsidiary())
    state = judge_offer(offer).states["us_law_reach"]
    assert (state.origin, state.option.key) == ("unjustified", "through_parent")
    assert "without a reason" in desk.get(f"/offers/{offer.pk}/review/").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"capital-0": "130"}, "cannot be over the whole"),
        ({"capital-0": "a third"}, "not a percentage"),
        ({"held-0": "B"}, "cannot hold itself"),
        ({"holder-0": "Q"}, "is not in the first table"),
        ({"country-B": ""}, "Choose the country"),
        ({"holder-1": "A", "held-1": "B", "capital-1": "60", "votes-1": "60"}, "control each other"),
    ],
)
def test_what_is_wrong_is_told_and_kept_as_a_draft(
    desk: Client, offer: Offer, more: dict[str, str], words: str
) -> None:
    assert describe(desk, offer, subsidiary(**more)).status_code == 302
    page = desk.get(f"/offers/{offer.pk}/control-chain/").content.decode()
    assert words in page
    assert "Saved as a draft" in page
    assert "Cloud Inc." in page
    assert desk.get(f"/offers/{offer.pk}/result/").status_code == 200


def test_a_stale_save_shows_both_and_loses_neither(desk: Client, offer: Offer) -> None:
    describe(desk, offer, subsidiary())
    describe(desk, offer, subsidiary("80", revision=1))
    stale = describe(desk, offer, subsidiary("60", revision=1))
    assert stale.status_code == 409
    assert 'value="60"' in stale.content.decode()
    assert "Theirs:" in stale.content.decode()
    row = Answer.objects.get(question="control_chain")
    assert read_chain(row.value).links[0].capital == "80"
    assert AnswerChange.objects.filter(answer=row).count() == 2
    assert describe(desk, offer, subsidiary("60", revision=2)).status_code == 302


def test_a_row_is_removed_and_rows_are_added_without_a_script(desk: Client, offer: Offer) -> None:
    describe(desk, offer, subsidiary())
    describe(desk, offer, subsidiary(revision=1, go="remove-holding-0"))
    assert read_chain(Answer.objects.get(question="control_chain").value).links == ()
    response = describe(desk, offer, subsidiary(revision=2, go="companies"))
    page = desk.get(response["Location"]).content.decode()
    assert page.count('name="company"') > 10


@pytest.mark.parametrize("shape", ["us_subsidiary", "licence", "joint_venture", "sovereign"])
def test_a_common_shape_fills_the_tables_and_saves_nothing(desk: Client, offer: Offer, shape: str) -> None:
    page = desk.get(f"/offers/{offer.pk}/control-chain/?shape={shape}").content.decode()
    assert "not saved yet" in page
    assert not Answer.objects.filter(offer=offer).exists()


def test_not_knowing_is_an_answer_and_counts_as_a_doubt(desk: Client, offer: Offer) -> None:
    describe(desk, offer, {"go": "unknown", "revision": "0"})
    assert Answer.objects.get(question="control_chain").status == "unknown"
    assert judge_offer(offer).states["us_law_reach"].status is None


def test_too_much_is_refused_in_words_and_shown_again(desk: Client, offer: Offer) -> None:
    response = describe(desk, offer, subsidiary(**{"name-A": "x" * 5000}))
    assert response.status_code == 422
    assert "too long" in response.content.decode()
    assert "Cloud Inc." in response.content.decode()


def test_a_comment_too_long_is_refused_whole_and_shown_again(desk: Client, offer: Offer) -> None:
    response = describe(desk, offer, subsidiary(comment="x" * 5000 + "the end"))
    assert response.status_code == 422
    assert "too long by 7 characters" in response.content.decode()
    assert "the end" in response.content.decode()
    assert not Answer.objects.filter(question="control_chain").exists()


def test_an_ended_session_gives_back_what_was_typed(desk: Client, offer: Offer, officer: User) -> None:
    desk.logout()
    describe(desk, offer, subsidiary(**{"name-B": "Do not lose me"}))
    desk.force_login(officer)
    assert "Do not lose me" in desk.get(f"/offers/{offer.pk}/control-chain/").content.decode()


def test_another_organisations_chain_does_not_exist(client: Client, example: Offer, stranger: User) -> None:
    client.force_login(stranger)
    assert client.get(f"/offers/{example.pk}/control-chain/").status_code == 404
    assert describe(client, example, subsidiary(revision=1)).status_code == 404


def test_what_users_wrote_is_text_in_the_picture_and_the_report(desk: Client, offer: Offer) -> None:
    hostile = "<script>alert(1)</script>&\u202e\x00"
    describe(desk, offer, subsidiary(**{"name-A": hostile}))
    for page in ("result", "control-chain", "review"):
        assert "<script>alert" not in desk.get(f"/offers/{offer.pk}/{page}/").content.decode()
    response = desk.get(f"/offers/{offer.pk}/report/?language=en")
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert len(pdf.pages) >= 8


def test_the_chain_costs_no_query_of_its_own(
    desk: Client, offer: Offer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    describe(desk, offer, subsidiary())
    for page in ("control-chain", "result", "review", "questions/jurisdiction"):
        with django_assert_max_num_queries(10):
            desk.get(f"/offers/{offer.pk}/{page}/")


OWNERSHIP = Path(__file__).parents[2] / "data" / "ownership"


def test_owners_are_read_from_a_file_shown_and_saved_only_then(desk: Client, offer: Offer) -> None:
    raw = (OWNERSHIP / "bods-package-fi-soe.json").read_bytes()
    page = desk.post(
        f"/offers/{offer.pk}/control-chain/", {"go": "import", "ownership": SimpleUploadedFile("bods.json", raw)}
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "not saved yet" in text
    assert "not counted again" in text
    assert not Answer.objects.filter(question="control_chain").exists()
    form = page.context["form"]
    sent: dict[str, object] = {"company": [row.id for row in form.companies], "go": "save", "revision": "0"}
    sent["holding"] = [row.id for row in form.holdings]
    for row in form.companies:
        sent |= {
            f"name-{row.id}": row.values.name,
            f"country-{row.id}": row.values.country,
            f"role-{row.id}": row.values.role,
        }
        sent |= {f"closed-{row.id}": "on"} if row.values.closed else {}
    for row in form.holdings:
        sent |= {f"holder-{row.id}": row.values.holder, f"held-{row.id}": row.values.held}
        sent |= {f"capital-{row.id}": row.values.capital, f"votes-{row.id}": row.values.votes}
    sent["lei-A"] = " 5493001kjtiigc8y1r12 "
    assert describe(desk, offer, sent).status_code == 302
    chain = read_chain(Answer.objects.get(question="control_chain").value)
    assert (chain.entities[0].country, chain.entities[0].lei) == ("FI", "5493001KJTIIGC8Y1R12")
    out = desk.get(f"/offers/{offer.pk}/control-chain/statements/")
    assert [each["recordType"] for each in json.loads(out.content)] == ["entity"] * 4 + ["relationship"] * 4


@pytest.mark.parametrize("raw", [b"", b"{}", b"<bods/>"])
def test_a_file_that_is_no_ownership_changes_nothing_on_the_page(desk: Client, offer: Offer, raw: bytes) -> None:
    describe(desk, offer, subsidiary())
    page = desk.post(
        f"/offers/{offer.pk}/control-chain/", {"go": "import", "ownership": SimpleUploadedFile("bods.json", raw)}
    )
    assert page.status_code == 422
    assert "Cloud Ireland" in page.content.decode()
    assert desk.post(f"/offers/{offer.pk}/control-chain/", {"go": "import"}).status_code == 422


def test_a_wrong_lei_is_told_beside_its_field(desk: Client, offer: Offer) -> None:
    assert describe(desk, offer, subsidiary(**{"lei-A": "5493001KJTIIGC8Y1R13"})).status_code == 302
    assert "check digits do not agree" in desk.get(f"/offers/{offer.pk}/control-chain/").content.decode()
    assert judge_offer(offer).states["us_law_reach"].option.key == "through_parent"
    assert describe(desk, offer, subsidiary(revision=1, **{"lei-A": "x" * 21})).status_code == 422
