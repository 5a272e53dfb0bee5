"""The questions of an offer leave as a workbook, are filled in, and come back: what differs is shown, then chosen."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from checklists.models import Answer, Evidence, Offer, ProviderAnswer, ProviderRequest, User
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.judging.judge_offer import edition_of
from tests.providers import ask, open_link

Change = Callable[[Any], None]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def download(client: Client, offer: Offer, **chosen: Any) -> bytes:
    response = client.get(reverse("workbook-file", args=[offer.pk]), {"language": "en", **chosen})
    assert response.status_code == 200
    return bytes(response.content)


def changed(raw: bytes, *changes: Change) -> bytes:
    """The workbook opened and saved by another program, after ``changes``."""
    book = load_workbook(BytesIO(raw))
    for change in changes:
        change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Any, key: str) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == key)


def write(key: str, **cells: Any) -> Change:
    """Write in the row of ``key``, by the headers."""

    def change(book: Workbook) -> None:
        sheet = book["Answers"]
        heads = {cell.value: cell.column for cell in sheet[1]}
        for name, value in cells.items():
            sheet.cell(row_of(sheet, key), heads[name.replace("_", " ")]).value = value

    return change


def send(client: Client, address: str, raw: bytes) -> HttpResponse:
    return client.post(address, {"file": SimpleUploadedFile("answers.xlsx", raw)})  # type: ignore[return-value]


def take(client: Client, response: HttpResponse, *keys: str) -> HttpResponse:
    """Send the page of differences on, ``keys`` ticked."""
    found = response.context["found"]  # type: ignore[attr-defined]
    address = response.wsgi_request.path  # type: ignore[attr-defined]
    return client.post(address, {"carried": found.carried, "take": keys})  # type: ignore[return-value]


def shown(response: HttpResponse) -> dict[str, str]:
    return {line.key: line.change for line in response.context["found"].lines}  # type: ignore[attr-defined]


def answer(offer: Offer, key: str, value: str, by: User) -> Answer:
    row = Answer.objects.filter(offer=offer, question=key).first()
    question = edition_of(offer.assessment).questions[key]
    return save_answer(
        assessment=offer.assessment,
        offer=offer,
        question=question,
        said=Said("answered", value),
        revision=row.revision if row else 0,
        by=by,
    )


def options(offer: Offer, key: str) -> list[tuple[str, str]]:
    found = edition_of(offer.assessment).questions[key].options
    return [(name, option.label["en"]) for name, option in found.items()]


@pytest.fixture
def here(example: Offer, client: Client) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return reverse("workbook", args=[example.pk])


def test_a_workbook_sent_back_as_it_was_differs_nowhere(
    client: Client, officer: User, example: Offer, here: str
) -> None:
    client.force_login(officer)
    for language in ("en", "fr"):
        raw = download(client, example, language=language)
        response = send(client, here, changed(raw))
        assert response.status_code == 200
        assert shown(response) == {}
        assert response.context["found"].same > 40  # type: ignore[attr-defined]


def test_what_differs_is_shown_then_taken(client: Client, officer: User, example: Offer, here: str) -> None:
    client.force_login(officer)
    standing = answer(example, "key_holder", options(example, "key_holder")[0][0], officer)
    raw = download(client, example)
    value, label = options(example, "key_holder")[2]
    filled = changed(
        raw,
        write(
            "key_holder",
            Answer=label,
            Comment="=1+1"[1:] + " <b>",
            Document="Contract, clause 4",
            Valid_until="31/12/2027",
        ),
        write("storage_location", Answer=None, State="I don’t know"),
    )
    response = send(client, here, filled)
    assert shown(response) == {"key_holder": "there", "storage_location": "there"}
    assert Answer.objects.get(pk=standing.pk).revision == standing.revision
    assert take(client, response, "key_holder").status_code == 302
    row = Answer.objects.get(pk=standing.pk)
    assert (row.value, row.comment, row.updated_by) == (value, "1+1 <b>", officer)
    evidence = Evidence.objects.get(answer=row, title="Contract, clause 4")
    assert (evidence.strength, str(evidence.valid_until)) == ("claim", "2027-12-31")
    assert Answer.objects.get(offer=example, question="storage_location").status == "answered"
    # The same file again: what was taken differs no more, though it changed here since.
    assert shown(send(client, here, filled)) == {"storage_location": "there"}


def test_changes_here_there_and_on_both_sides_are_told_apart(
    client: Client, officer: User, example: Offer, here: str
) -> None:
    client.force_login(officer)
    keys = ("key_holder", "deletion_proof", "storage_location")
    for key in keys:
        answer(example, key, options(example, key)[0][0], officer)
    raw = download(client, example, which="choice", question=list(keys))
    for key in keys[:2]:
        answer(example, key, options(example, key)[1][0], officer)
    filled = changed(
        raw,
        write("deletion_proof", Answer=options(example, "deletion_proof")[2][1]),
        write("storage_location", Answer=options(example, "storage_location")[1][1]),
    )
    response = send(client, here, filled)
    assert shown(response) == {"key_holder": "here", "deletion_proof": "both", "storage_location": "there"}
    ticked = [line.key for line in response.context["found"].lines if line.is_ticked]  # type: ignore[attr-defined]
    assert ticked == ["storage_location"]
    take(client, response, *keys)
    assert Answer.objects.get(offer=example, question="key_holder").value == options(example, "key_holder")[1][0]
    assert (
        Answer.objects.get(offer=example, question="deletion_proof").value == options(example, "deletion_proof")[2][0]
    )


def test_an_answer_changed_after_the_page_was_shown_is_a_conflict(
    client: Client, officer: User, example: Offer, here: str
) -> None:
    client.force_login(officer)
    answer(example, "key_holder", options(example, "key_holder")[0][0], officer)
    filled = changed(download(client, example), write("key_holder", Answer=options(example, "key_holder")[2][1]))
    response = send(client, here, filled)
    answer(example, "key_holder", options(example, "key_holder")[1][0], officer)
    refused = take(client, response, "key_holder")
    assert refused.status_code == 409
    assert shown(refused) == {"key_holder": "both"}
    assert Answer.objects.get(offer=example, question="key_holder").value == options(example, "key_holder")[1][0]
    assert take(client, refused, "key_holder").status_code == 302
    assert Answer.objects.get(offer=example, question="key_holder").value == options(example, "key_holder")[2][0]


def first_sheet(key: str, text: str) -> Change:
    def change(book: Workbook) -> None:
        sheet = book["Read me"]
        sheet.cell(row_of(sheet, key), 2).value = text

    return change


def header(book: Workbook) -> None:
    book["Answers"]["E1"].value = "My answer"


def twice(book: Workbook) -> None:
    sheet = book["Answers"]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(sheet.max_row + (column == 1), column).value = sheet.cell(2, column).value


REFUSED = [
    (header, "headers were changed. Write again: Answer"),
    (twice, "answers the question of row 2 again"),
    (first_sheet("edition", "0" * 64), "names another edition"),
    (first_sheet("offer", "00000000-0000-0000-0000-000000000000"), "names another offer"),
    (first_sheet("format", "porte-cles/workbook/2"), "Download it again"),
    (first_sheet("language", "xx"), "names no language of this site"),
    (write("key_holder", Question="Who holds nothing?"), "the words under “Question” were changed"),
    (write("key_holder", Possible_answers="Yes"), "the words under “Possible answers” were changed"),
    (write("key_holder", Key="no_such"), "is no question of this workbook"),
    (write("key_holder", Answer="Somebody"), "not one of the possible answers"),
    (write("key_holder", State="Perhaps"), "is no state"),
    (write("key_holder", State="I don’t know"), "holds an answer and the state"),
    (write("key_holder", State="Answered", Answer=None), "the answer is empty"),
    (write("key_holder", State="Not applicable", Answer=None), "Write why the question does not apply"),
    (write("key_holder", Valid_until="31/02/2027"), "is no day"),
    (write("key_holder", Comment='=HYPERLINK("http://x")'), "holds a formula, which is never run"),
    (write("key_holder", Comment="x" * 5001), "too long by 1"),
]


@pytest.mark.parametrize(("change", "told"), REFUSED)
def test_a_workbook_that_was_altered_is_refused_with_its_row(
    client: Client, officer: User, example: Offer, here: str, change: Change, told: str
) -> None:
    client.force_login(officer)
    answer(example, "key_holder", options(example, "key_holder")[0][0], officer)
    before = list(Answer.objects.order_by("pk").values())
    raw = download(client, example, which="choice", question=["key_holder", "storage_location"])
    response = send(client, here, changed(raw, change))
    assert response.status_code == 422
    (problem,) = response.context["refused"]  # type: ignore[attr-defined]
    assert told in problem
    assert any(letter.isdigit() for letter in problem) or "Download it again" in problem
    assert list(Answer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7", b"PK\x03\x04broken", b"a;b\r\n1;2\r\n", b"x" * 2_000_001])
def test_what_is_no_workbook_is_refused_in_words(
    client: Client, officer: User, example: Offer, here: str, raw: bytes
) -> None:
    client.force_login(officer)
    assert send(client, here, raw).status_code == 422
    assert client.post(here).status_code == 422
    assert client.post(here, {"carried": "forged"}).status_code == 422


def test_columns_are_found_by_their_headers(client: Client, officer: User, example: Offer, here: str) -> None:
    client.force_login(officer)
    raw = download(client, example, which="choice", question=["key_holder"])

    def moved(book: Workbook) -> None:
        sheet = book["Answers"]
        sheet.insert_rows(1, 2)
        for row in sheet.iter_rows(min_row=3):
            texts = [cell.value for cell in row]
            for cell, text in zip(row, reversed(texts), strict=True):
                cell.value = text

    response = send(client, here, changed(raw, moved))
    assert response.status_code == 200
    assert shown(response) == {}


def test_the_lists_of_answers_are_offered_in_the_cells(client: Client, officer: User, example: Offer) -> None:
    client.force_login(officer)
    book = load_workbook(BytesIO(download(client, example, which="choice", question=["key_holder"])))
    (letters,) = [rule for rule in book["Answers"].data_validations.dataValidation if "E2" in rule.sqref]
    sheet, _mark, cells = letters.formula1.rpartition("!")
    listed = [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]
    assert listed == [label for _key, label in options(example, "key_holder")]
    assert [sheet.title for sheet in book] == ["Read me", "Answers", "Lists", "Sources"]


def test_a_provider_answers_by_the_same_workbook(client: Client, officer: User, example: Offer) -> None:
    asked = ask(example, officer, ["key_holder", "control_chain"])
    here, file = reverse("provider-workbook", args=[asked.pk]), reverse("provider-workbook-file", args=[asked.pk])
    assert client.get(file).status_code == client.get(here).status_code == 403
    open_link(client, asked)
    raw = bytes(client.get(file).content)
    told = " ".join(str(cell.value) for sheet in load_workbook(BytesIO(raw)) for row in sheet for cell in row)
    assert example.assessment.name not in told
    assert officer.email not in told
    value, label = options(example, "key_holder")[0]
    filled = changed(
        raw,
        write("key_holder", Answer=label, Document="Clause 12", Valid_until="31/12/2027"),
        write("control_chain", Comment="Owned by its founders."),
    )
    before = list(Answer.objects.order_by("pk").values())
    response = send(client, here, filled)
    assert shown(response) == {"key_holder": "there", "control_chain": "there"}
    assert take(client, response, "key_holder", "control_chain").status_code == 302
    kept = {row.question: (row.status, row.value, row.comment) for row in ProviderAnswer.objects.all()}
    assert kept == {
        "key_holder": ("answered", value, "Document: Clause 12, valid until 31 December 2027"),
        "control_chain": ("unanswered", "", "Owned by its founders."),
    }
    assert ProviderRequest.objects.get().version == 0
    assert list(Answer.objects.order_by("pk").values()) == before
    assert shown(send(client, here, filled)) == {}
    elsewhere = ask(example, officer, ["key_holder"])
    open_link(client, elsewhere)
    assert send(client, reverse("provider-workbook", args=[elsewhere.pk]), filled).status_code == 422


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_workbook_saved_by_libreoffice_is_read(
    client: Client, officer: User, example: Offer, here: str, tmp_path: Path
) -> None:
    client.force_login(officer)
    answer(example, "key_holder", options(example, "key_holder")[0][0], officer)
    label = options(example, "key_holder")[2][1]
    filled = changed(
        download(client, example),
        write("key_holder", Answer=label, Document="Contract", Valid_until=date(2027, 12, 31), Comment="two\nlines"),
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "answers.xlsx").write_bytes(filled)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(tmp_path / "in" / "answers.xlsx")], check=True, timeout=120, capture_output=True)
    response = send(client, here, (tmp_path / "answers.xlsx").read_bytes())
    assert shown(response) == {"key_holder": "there"}
    (line,) = response.context["found"].lines  # type: ignore[attr-defined]
    assert (line.says.answer, line.says.comment, line.valid_until) == (label, "two\nlines", date(2027, 12, 31))
