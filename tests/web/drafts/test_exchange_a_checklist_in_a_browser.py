"""The editor's journey with files in Debian's Chromium, in both languages: export, edit a sentence, import, see the
difference, confirm, see it in the tree, restore; then a translator's CSV; a new checklist; and editions compared."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Draft, Edition, User
from checklists.services.drafts.open_draft import open_draft
from checklists.services.drafts.publish_draft import publish_draft, submit_draft
from checklists.services.people.grant_criteria_roles import grant_criteria_roles
from tests.browsing import faults, sign_in


@pytest.fixture(params=[("fr", 1280), ("en", 360)], ids=["fr-1280", "en-360"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, edition: Edition) -> Iterator[Page]:
    """Signed in as one who edits and approves; on a telephone in English."""
    language, width = request.param
    grant_criteria_roles("default")
    user = User.objects.create_user("criteres@autorite.example", "a long pass phrase", is_staff=True)
    user.groups.set(Group.objects.all())
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, base_url=live_server.url, accept_downloads=True
    )
    page = context.new_page()
    sign_in(page, user.email)
    yield page
    context.close()


def download(page: Page, address: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"a[href$='{address}']").click()
    return Path(waiting.value.path()).read_bytes()


def send(page: Page, name: str, raw: bytes) -> None:
    page.set_input_files("#id_file", files=[{"name": name, "mimeType": "application/octet-stream", "buffer": raw}])
    page.locator("form[enctype] button").click()


def test_a_sentence_goes_out_and_comes_back_changed(transactional_db: None, page: Page, edition: Edition) -> None:
    draft = open_draft("cnil-hosting", edition)
    files = f"/admin/checklists/draft/{draft.pk}/files/"
    page.goto(f"/admin/checklists/draft/{draft.pk}/change/")
    page.locator(f".draft-tabs a[href='{files}']").click()
    assert faults(page) == []
    raw = download(page, "pack.yaml")
    for was, now in (
        ("Qui détient les clés qui", "Qui garde les clés qui"),
        ("Who holds the keys that", "Who keeps the keys that"),
    ):
        raw = raw.replace(was.encode(), now.encode())

    send(page, "<b>broken</b>.yaml", raw.replace(b"\n  kind: choice", b"\n  kind: chance", 1) + b"wrong: [\n")
    expect(page.locator("#error-summary")).to_be_visible()
    assert faults(page) == []
    send(page, "référentiel.yaml", raw)
    expect(page.locator(".changes ins").first).to_contain_text("Qui garde les clés")
    expect(page.locator(".changes ins").nth(1)).to_contain_text("Who keeps the keys")
    assert not draft.changes.exists()
    assert faults(page) == []
    page.locator("#confirm button").click()
    page.wait_for_url("**/change/")
    question = draft.parts.get(family="questions", key="key_holder")
    expect(page.locator(f"#part-{question.pk}")).to_contain_text(
        "Qui garde les clés" if page.locator("html[lang=fr]").count() else "Who keeps the keys"
    )
    page.goto(f"/admin/checklists/draft/{draft.pk}/changes/")
    expect(page.locator(".change-list > li")).to_have_count(1)
    page.locator(".change-list button").click()
    expect(page.locator(".change-list > li")).to_have_count(2)
    question.refresh_from_db()
    assert question.body["text"]["en"].startswith("Who holds the keys")


def test_a_translators_table_goes_out_and_comes_back(transactional_db: None, page: Page, edition: Edition) -> None:
    draft = open_draft("cnil-hosting", edition)
    page.goto(f"/admin/checklists/draft/{draft.pk}/files/")
    rows = list(csv.reader(io.StringIO(download(page, "texts.csv").decode("utf-8-sig"), newline=""), delimiter=";"))
    place, english = rows[0].index("place"), rows[0].index("en")
    next(row for row in rows if row[place] == "title")[english] = "Where may sensitive data be hosted?"
    next(row for row in rows if row[place] == "summary")[place] = "questions/nobody/text"
    out = io.StringIO()
    csv.writer(out, delimiter=",").writerows(rows)
    send(page, "texts.csv", out.getvalue().encode())
    expect(page.locator(".changes ins")).to_contain_text("Where may sensitive data be hosted?")
    expect(page.locator("section:has(#refused) li")).to_have_count(1)
    assert faults(page) == []
    page.locator("#confirm button").click()
    page.wait_for_url("**/change/")
    draft.refresh_from_db()
    assert draft.head["title"]["en"] == "Where may sensitive data be hosted?"
    page.goto(f"/admin/checklists/draft/{draft.pk}/files/")
    send(page, "texts.xlsx", download(page, "texts.xlsx"))
    expect(page.locator("#confirm")).to_have_count(0)
    assert faults(page) == []


def test_an_edition_begins_another_checklist_and_two_editions_are_compared(
    transactional_db: None, page: Page, edition: Edition
) -> None:
    page.goto("/admin/checklists/edition/")
    raw = download(page, "pack.yaml")
    page.goto("/admin/checklists/draft/")
    page.locator("a[href$='/draft/import/']").click()
    assert faults(page) == []
    send(page, "ours.yaml", raw.replace(b"\nkey: cnil-hosting\n", b"\nkey: our-own\n"))
    expect(page.locator("#confirm")).to_be_visible()
    assert faults(page) == []
    page.locator("#confirm button").click()
    page.wait_for_url("**/change/")
    draft = Draft.objects.get(checklist="our-own")
    user = User.objects.get()
    for title in ("First", "Second"):
        if title == "Second":
            draft = open_draft("our-own", Edition.objects.get(checklist="our-own"))
            page.goto(f"/admin/checklists/draft/{draft.pk}/head/")
            page.locator("textarea[name=title_en]").fill("The second title")
            page.locator(".submit-row button").click()
            page.wait_for_url("**/change/")
            draft.refresh_from_db()
        submit_draft(draft, {"fr": title, "en": title}, user)
        publish_draft(draft, date(2027, 1, 4), user)
    page.goto("/checklists/our-own/compare/1/2/")
    expect(page.locator(".changes ins")).to_contain_text("The second title")
    page.select_option("#older", "2")
    page.select_option("#newer", "1")
    page.locator(".compare-form button").click()
    page.wait_for_url("**/compare/2/1/")
    expect(page.locator(".changes del")).to_contain_text("The second title")
    assert faults(page) == []
