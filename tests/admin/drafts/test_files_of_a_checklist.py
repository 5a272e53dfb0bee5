"""Checklists as files: taken out, brought in after having been shown; tables of texts for translators."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill
from pytest_django import DjangoAssertNumQueries

from checklists.admin.drafts import incoming_file
from checklists.admin.drafts.text_tables import sent_rows, text_table
from checklists.files.spreadsheet import as_written, csv_file, harmless, xlsx_file
from checklists.files.tables import read_table
from checklists.models import Draft, Edition, User
from checklists.packs.drafts.texts import rewrite
from checklists.packs.editions.settled import settle
from checklists.services.drafts.check_draft import check_draft
from checklists.services.drafts.edit_draft import change_part
from checklists.services.drafts.export_pack import export_edition
from checklists.services.drafts.publish_draft import drop_draft
from tests.admin.conftest import part, person
from tests.packs.generated import PACKS, without_twins
from tests.profiles import examples

IMPORT = "/admin/checklists/draft/import/"


def at(draft: Draft, page: str, *args: object) -> str:
    return reverse(f"admin:checklists_draft_{page}", args=[draft.pk, *args])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def send(bench: Client, address: str, raw: bytes, name: str = "file.yaml") -> HttpResponse:
    return bench.post(address, {"file": SimpleUploadedFile(name, raw)})


def token(response: HttpResponse) -> dict[str, str]:
    found = re.search(r'name="preview" value="([^"]+)"', text(response))
    assert found, "the page asks for no confirmation"
    return {"preview": found[1]}


@pytest.fixture
def exported(bench: Client, draft: Draft) -> bytes:
    return bench.get(at(draft, "pack")).content


@pytest.fixture
def edited(exported: bytes) -> bytes:
    """The export with one sentence of English changed by a colleague."""
    assert exported.count(b"Who holds the keys that") == 1
    return exported.replace(b"Who holds the keys that", b"Who has the keys that")


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def written(rows: list[dict[str, str]], delimiter: str = ";") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


@pytest.fixture
def texts(bench: Client, draft: Draft) -> list[dict[str, str]]:
    return table(bench.get(at(draft, "texts", "csv")).content)


def row_of(rows: list[dict[str, str]], place: str) -> dict[str, str]:
    return next(row for row in rows if row["place"] == place)


def test_a_file_is_shown_first_and_imported_when_confirmed(bench: Client, draft: Draft, edited: bytes) -> None:
    response = send(bench, at(draft, "files"), edited)
    page = text(response)
    assert "<del>Who holds the keys that encrypt the data at rest, backups included?</del>" in page
    assert "<ins>Who has the keys that encrypt the data at rest, backups included?</ins>" in page
    assert not draft.changes.exists()
    response = bench.post(at(draft, "files"), token(response))
    assert response["Location"] == at(draft, "change")
    change = draft.changes.get()
    assert (change.place, change.by.email) == ("questions/key_holder", "redaction@autorite.example")
    assert "Who has the keys" in text(bench.get(at(draft, "change")))
    bench.post(at(draft, "restore", change.pk))
    assert part(draft, "questions", "key_holder").body["text"]["en"].startswith("Who holds")


def test_a_file_that_says_what_stands_asks_nothing(bench: Client, draft: Draft, edition: Edition) -> None:
    page = text(send(bench, at(draft, "files"), export_edition(edition)))
    assert "There is nothing to import" in page
    assert f"The file is edition {edition.number}, word for word." in page
    assert 'name="preview"' not in page


def test_a_draft_changed_meanwhile_is_shown_anew(bench: Client, draft: Draft, edited: bytes, approver: User) -> None:
    response = send(bench, at(draft, "files"), edited)
    source = part(draft, "sources", "gdpr-25")
    change_part(source, source.body | {"date": "2016-05-04"}, approver)
    response = bench.post(at(draft, "files"), token(response))
    assert response.status_code == 409
    page = text(response)
    assert "was changed after you sent the file" in page
    assert "<del>2016-05-04</del>" in page, "importing now would undo what the other editor wrote, and that is shown"
    assert part(draft, "sources", "gdpr-25").body["date"] == "2016-05-04"
    assert bench.post(at(draft, "files"), token(response)).status_code == 302
    assert part(draft, "sources", "gdpr-25").body["date"] == "2016-04-27"


def test_a_preview_is_for_one_person_one_draft_and_a_day(
    bench: Client, draft: Draft, edited: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = token(send(bench, at(draft, "files"), edited))
    for address, data in ((at(draft, "files"), {"preview": sent["preview"][:-3] + "abc"}), (IMPORT, sent)):
        response = bench.post(address, data)
        assert response.status_code == 422
        assert "send the file again" in text(response)
    other = Client()
    other.force_login(person("autre@autorite.example", "criteria-editors"))
    assert other.post(at(draft, "files"), sent).status_code == 422
    monkeypatch.setattr(incoming_file, "KEPT_FOR", -1)
    assert bench.post(at(draft, "files"), sent).status_code == 422
    assert not draft.changes.exists()


def test_every_fault_is_told_with_its_line_in_the_readers_language(
    bench: Client, draft: Draft, exported: bytes
) -> None:
    broken = exported.replace(b"  concern: keys\n", b"  concern: [keys]\n  wieght: 3\n", 1)
    broken = broken.replace(b"  ceiling: ", b"  ceiling: un", 1).replace(b"  weight: ", b"  weight: 9999", 1)
    bench.cookies["django_language"] = "fr"
    response = send(bench, at(draft, "files"), broken)
    assert response.status_code == 422
    page = text(response)
    lines = broken.decode().splitlines()
    for line, words in (("  wieght: 3", "Champ inconnu"), ("  concern: [keys]", "Un texte est attendu")):
        assert f"Ligne {lines.index(line) + 1}</strong>" in page
        assert words in page
    assert "Le nombre est trop grand" in page
    assert "unacceptable, transition_only" in page.replace("&#x27;", "").replace("'", "")
    assert not draft.changes.exists()


def test_what_is_unfinished_goes_in_and_is_told(bench: Client, draft: Draft, exported: bytes) -> None:
    lines = exported.decode().splitlines(keepends=True)
    at_line = next(index for index, line in enumerate(lines) if line.startswith("  - exit") or "key: exit_plan" in line)
    unfinished = exported.replace(
        b"\n- key: exit_plan\n  concern: transition\n", b"\n- key: exit_plan\n  concern: nowhere\n"
    )
    assert unfinished != exported
    response = send(bench, at(draft, "files"), unfinished)
    page = text(response)
    assert f"Line {at_line + 2}</strong>" in page
    assert "The topic &#x27;nowhere&#x27; does not exist" in page
    bench.post(at(draft, "files"), token(response))
    draft.refresh_from_db()
    assert any(problem.place == "questions/exit_plan/concern" for problem in check_draft(draft))


def test_a_file_of_another_checklist_does_not_go_into_this_draft(bench: Client, draft: Draft, exported: bytes) -> None:
    theirs = exported.replace(b"\nkey: cnil-hosting\n", b"\nkey: our-own\n")
    response = send(bench, at(draft, "files"), theirs)
    assert response.status_code == 422
    assert "Line 5</strong>" in text(response)
    response = send(bench, IMPORT, theirs)
    assert "It would begin a new checklist, “our-own”." in text(response)
    assert not Draft.objects.filter(checklist="our-own").exists()
    response = bench.post(IMPORT, token(response))
    begun = Draft.objects.get(checklist="our-own")
    assert response["Location"] == at(begun, "change")
    for page in ("change", "checks", "impact", "files", "publish", "changes"):
        assert bench.get(at(begun, page)).status_code == 200
    assert bench.get(at(begun, "texts", "xlsx")).status_code == 200


def test_without_a_draft_the_file_opens_one_of_the_last_edition(
    bench: Client, draft: Draft, edition: Edition, edited: bytes
) -> None:
    drop_draft(draft)
    response = send(bench, IMPORT, edited)
    assert f"A draft of edition {edition.number} would be opened" in text(response)
    bench.post(IMPORT, token(response))
    opened = Draft.objects.get(state="open")
    assert (opened.base, opened.changes.get().key) == (edition, "key_holder")


def test_a_submitted_draft_takes_no_file(bench: Client, draft: Draft, edited: bytes) -> None:
    Draft.objects.update(state=Draft.State.SUBMITTED)
    assert 'type="file"' not in text(bench.get(at(draft, "files")))
    for address in (at(draft, "files"), IMPORT):
        response = send(bench, address, edited)
        assert response.status_code == 422
        assert "not being written any more" in text(response)


def test_who_may_not_write_may_take_out_and_not_bring_in(
    client: Client, draft: Draft, edition: Edition, edited: bytes, approver: User, officer: User
) -> None:
    out = [at(draft, "pack"), at(draft, "texts", "csv"), at(draft, "texts", "xlsx"), at(draft, "files")]
    out.append(reverse("admin:checklists_edition_pack", args=[edition.pk]))
    client.force_login(approver)
    assert [client.get(address).status_code for address in out] == [200] * 5
    assert send(client, at(draft, "files"), edited).status_code == 403
    assert [client.get(IMPORT).status_code, send(client, IMPORT, edited).status_code] == [403, 403]
    client.force_login(officer)
    for address in (*out, IMPORT):
        assert client.get(address).status_code == 302
    client.force_login(approver)
    assert [client.post(out[0]).status_code, client.get(at(draft, "texts", "pdf")).status_code] == [405, 404]
    assert not draft.changes.exists()


def test_the_edition_leaves_from_the_list_of_editions(bench: Client, edition: Edition) -> None:
    address = reverse("admin:checklists_edition_pack", args=[edition.pk])
    assert f'href="{address}"' in text(bench.get(reverse("admin:checklists_edition_changelist")))
    response = bench.get(address)
    assert response.content == export_edition(edition)
    assert response["Content-Disposition"] == f'attachment; filename="cnil-hosting-{edition.number}.yaml"'


def test_taking_out_and_looking_ask_few_queries(
    bench: Client, draft: Draft, edited: bytes, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        bench.get(at(draft, "pack"))
    with django_assert_max_num_queries(14):
        send(bench, at(draft, "files"), edited)


def test_every_text_has_a_row_with_what_it_belongs_to(texts: list[dict[str, str]], draft: Draft) -> None:
    row = row_of(texts, "questions/key_holder/options/customer_only/label")
    assert row["context"].startswith(
        "Question “Who holds the keys that encrypt the data at rest, backups included?” › Possible answer “"
    )
    assert row["context"].endswith("› Answer")
    body = part(draft, "questions", "key_holder").parts.get(key="customer_only").body
    assert (row["fr"], row["en"]) == (body["label"]["fr"], body["label"]["en"])
    assert len(texts) > 1000
    assert len({row["place"] for row in texts}) == len(texts)


def test_the_state_says_what_is_missing_and_what_changed(bench: Client, draft: Draft) -> None:
    question, source = part(draft, "questions", "key_holder"), part(draft, "sources", "gdpr-25")
    change_part(question, question.body | {"text": {"fr": "Qui a les clés ?"}}, None)
    change_part(source, source.body | {"title": source.body["title"] | {"en": "GDPR 25"}}, None)
    rows = table(bench.get(at(draft, "texts", "csv")).content)
    assert row_of(rows, "questions/key_holder/text")["state"] == "missing"
    assert row_of(rows, "sources/gdpr-25/title")["state"] == "changed"
    assert row_of(rows, "title")["state"] == ""


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_that_comes_back_untouched_changes_nothing(bench: Client, draft: Draft, form: str) -> None:
    raw = bench.get(at(draft, "texts", form)).content
    page = text(send(bench, at(draft, "files"), raw, f"texts.{form}"))
    assert "There is nothing to import" in page
    assert "left out" not in page


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_translation_comes_back_by_csv(
    bench: Client, draft: Draft, texts: list[dict[str, str]], delimiter: str
) -> None:
    place = "questions/key_holder/options/customer_only/label"
    row_of(texts, place)["en"] = '=Only us\r\n@home; "quoted"'
    row_of(texts, "glossary/" + part_key(draft, "glossary") + "/term")["en"] = ""
    response = send(bench, at(draft, "files"), written(texts[::-1], delimiter), "texts.csv")
    page = text(response)
    assert "1 text would change." in page
    assert "1 cell is empty where a text stands: the text stays." in page
    bench.post(at(draft, "files"), token(response))
    change = draft.changes.get()
    assert (change.place, change.after["label"]["en"]) == (
        "questions/key_holder/options/customer_only", '=Only us\n@home; "quoted"',
    )  # fmt: skip
    again = table(bench.get(at(draft, "texts", "csv")).content)
    assert row_of(again, place)["en"].startswith("'=Only us"), "no spreadsheet may compute it"
    bench.post(at(draft, "restore", change.pk))
    assert not row_of(table(bench.get(at(draft, "texts", "csv")).content), place)["en"].startswith("'")


def part_key(draft: Draft, family: str) -> str:
    row = draft.parts.filter(family=family).first()
    assert row is not None
    return row.key


def test_a_translation_comes_back_by_xlsx_saved_anew(bench: Client, draft: Draft) -> None:
    book = load_workbook(io.BytesIO(bench.get(at(draft, "texts", "xlsx")).content))
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "title")
    row[header.index("en")].value = "Another title"
    formula = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "summary")
    formula[header.index("en")].value = '=HYPERLINK("https://example.org","x")'
    out = io.BytesIO()
    book.save(out)
    response = send(bench, at(draft, "files"), out.getvalue(), "texts.xlsx")
    page = text(response)
    assert "<ins>Another title</ins>" in page
    assert "a cell holds a formula" in page
    bench.post(at(draft, "files"), token(response))
    draft.refresh_from_db()
    assert draft.head["title"]["en"] == "Another title"
    assert draft.changes.count() == 1


@pytest.mark.parametrize(
    ("value", "number_format", "told"),
    [
        (date(2026, 4, 3), "d-mmm", "a cell holds a date"),
        (time(12, 30), "h:mm", "a cell holds a date"),
        (0.5, "0%", "a cell holds a number"),
        (2.5, "0.00", "a cell holds a number"),
        (True, "General", "a cell holds TRUE or FALSE"),
        ("#N/A", "General", "a cell holds an error"),
        (27018, "General", "<ins>27018</ins>"),
    ],
)
def test_a_cell_that_is_no_text_is_told(bench: Client, draft: Draft, value: Any, number_format: str, told: str) -> None:
    book = load_workbook(io.BytesIO(bench.get(at(draft, "texts", "xlsx")).content))
    sheet = book.active
    cell = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "title")[3 + 1]
    assert sheet.cell(1, cell.column).value == "en"
    cell.value, cell.number_format = value, number_format
    page = text(send(bench, at(draft, "files"), saved(book), "texts.xlsx"))
    assert told in page
    assert f"<ins>{value}</ins>" not in page or told.startswith("<ins>")


def test_the_table_is_found_below_a_title_on_another_sheet_and_among_blank_rows(bench: Client, draft: Draft) -> None:
    book = load_workbook(io.BytesIO(bench.get(at(draft, "texts", "xlsx")).content))
    sheet = book.active
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "title")
    row[4].value = "Another title"
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Table 1"
    for number in range(sheet.max_row + 1, sheet.max_row + 20_500):
        sheet.cell(number, 1).fill = PatternFill("solid", fgColor="FFFF00")
    book.create_sheet("Notes", 0)["A1"] = "Relu par la traductrice"
    assert "<ins>Another title</ins>" in text(send(bench, at(draft, "files"), saved(book), "texts.xlsx"))


@pytest.mark.parametrize(
    ("name", "raw", "form"),
    [
        ("texts.ods", lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "ODS"),
        ("texts.xlsx", lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "ODS"),
        ("texts.xlsb", lambda: zipped({"xl/workbook.bin": ""}), "XLSB"),
        ("texts.numbers", lambda: zipped({"Index/Document.iwa": ""}), "Numbers"),
        ("texts.docx", lambda: zipped({"word/document.xml": ""}), "DOCX"),
        ("texts.xls", lambda: OLE + bytes(512), "XLS"),
        ("texts", lambda: OLE + bytes(512), "XLS"),
        ("texts.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "XLSX with a password"),
        ("texts.xls", lambda: b"<html><table><tr><td>place</td></tr></table></html>", "HTML"),
        ("texts.csv", lambda: b"%PDF-1.7 place;stamp", "PDF"),
    ],
)
def test_a_table_of_another_form_is_named(bench: Client, draft: Draft, name: str, raw: Any, form: str) -> None:
    page = text(send(bench, at(draft, "files"), raw(), name))
    assert f"This is a file of the form {form}, which is not read here: save it as XLSX or CSV" in page


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_rows_that_are_unknown_or_changed_on_both_sides_are_left_out_and_told(
    bench: Client, draft: Draft, texts: list[dict[str, str]], approver: User
) -> None:
    row_of(texts, "questions/key_holder/text")["en"] = "Whose keys?"
    row_of(texts, "title")["en"] = "Another title"
    texts.append({**row_of(texts, "title"), "place": "questions/nobody/text", "en": "Who?"})
    texts.append({**row_of(texts, "title"), "en": "A second title"})
    question = part(draft, "questions", "key_holder")
    change_part(question, question.body | {"text": question.body["text"] | {"fr": "Qui a les clés ?"}}, approver)
    response = send(bench, at(draft, "files"), written(texts), "texts.csv")
    page = text(response)
    assert "the text was changed in the draft after the export" in page
    assert "Whose keys?" in page
    assert "Qui a les clés ?" in page
    assert "questions/nobody/text: there is no text at this place" in page
    assert "this place comes twice" in page
    assert "3 rows are left out" in page
    bench.post(at(draft, "files"), token(response))
    draft.refresh_from_db()
    assert draft.head["title"]["en"] == "Another title"
    assert part(draft, "questions", "key_holder").body["text"]["fr"] == "Qui a les clés ?"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw.decode("utf-8-sig").encode("cp1252", "replace"), "CSV UTF-8"),
        (lambda raw: raw.decode("utf-8-sig").encode("utf-16"), "CSV UTF-8"),
        (lambda raw: raw.replace(b";stamp", b";print", 1), "“place” and “stamp” are missing"),
        (lambda raw: raw.replace(b";en;", b";de;", 1), "languages: fr, en"),
        (lambda raw: raw.replace(b";fr;en;", b";en;en;", 1), "same name"),
        (lambda raw: raw + b'title;"x"y;z\r\n', "quotation mark"),
        (lambda raw: raw + b"title" + b";" * 60, "columns"),
        (lambda raw: raw + b"x;\r\n" * 20_000, "rows"),
        (lambda raw: b"", "empty"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_to_do(bench: Client, draft: Draft, change: Any, told: str) -> None:
    raw = bench.get(at(draft, "texts", "csv")).content
    response = send(bench, at(draft, "files"), change(raw), "texts.csv")
    assert response.status_code == 422
    assert told in text(response)


def test_a_table_needs_a_draft_and_a_sending_needs_a_file(bench: Client, draft: Draft) -> None:
    raw = bench.get(at(draft, "texts", "csv")).content
    assert "goes into a draft" in text(send(bench, IMPORT, raw, "texts.csv"))
    response = bench.post(at(draft, "files"), {})
    assert response.status_code == 422
    assert "Choose a file first." in text(response)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\ra é\u00a0"), max_size=8))
def test_what_looks_like_a_formula_comes_back_as_it_was(cell: str) -> None:
    assert as_written(harmless(cell)) == cell
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(PACKS, st.sampled_from([csv_file, lambda lines: xlsx_file("texts", lines)]))
def test_the_table_of_any_pack_comes_back_untouched(document: dict[str, Any], made: Any) -> None:
    document = without_twins(settle(printable(document) | {"languages": ["fr", "en", "no", "pt-br"]}))
    lines = text_table(document, None)
    rows = sent_rows(read_table(made(lines)), document["languages"])
    assert [row.place for row in rows] == [line[0] for line in lines[1:]]
    back = rewrite(document, rows)
    assert (back.accepted, back.emptied, back.refused, back.document) == (0, 0, (), document)


def printable(value: Any) -> Any:
    """``value`` without the control characters that XML, and so XLSX, cannot hold."""
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [printable(item) for item in value]
    return ILLEGAL_CHARACTERS_RE.sub("?", value) if isinstance(value, str) else value
