"""The main job, end to end: the facts of October 2020 answered by a newcomer, judged, explained, downloaded."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Edition
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED
from checklists.services.editions.publish_edition import load_edition

EXAMPLE: dict[str, Any] = read_yaml((SHIPPED / "examples" / "hdh-2020.yaml").read_bytes())[0]
PASS_PHRASE = "une phrase de passe bien longue"


def sign_up(page: Page) -> None:
    page.goto("/account/signup/")
    page.fill("#id_email", "dpd@hopital.example")
    page.fill("#id_password1", PASS_PHRASE)
    page.fill("#id_password2", PASS_PHRASE)
    page.click("main button")
    page.wait_for_url("**/assessments/")


def describe(page: Page) -> None:
    page.click("text=Nouveau dossier >> nth=0")
    page.fill("#id_name", "Plateforme des données de santé")
    page.fill("#id_reference_date", "08/10/2020")
    page.click("main button.btn-primary")
    page.wait_for_url("**/workload/")


def answer(page: Page, key: str, value: str) -> None:
    card = page.locator(f"#q-{key}")
    if card.get_attribute("data-kind") == "country":
        card.locator("select").select_option(value)
    else:
        card.locator(f"input[value='option:{value}']").check()


def answer_chapter(page: Page, edition: Edition, chapter: str, *, scripted: bool) -> None:
    questions = load_edition(edition.sha256).questions
    for key, value in EXAMPLE["answers"].items():
        question = questions[key]
        if (question.scope if question.scope == "workload" else question.concern) != chapter:
            continue
        answer(page, key, value)
        if scripted:
            expect(page.locator(f"#state-{key} .saved")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False], ids=["with-script", "without-script"])
def test_from_a_new_account_to_the_report(
    transactional_db: None, browser: Browser, live_server: LiveServer, edition: Edition, tmp_path: Path, scripted: bool
) -> None:
    context = browser.new_context(locale="fr", base_url=live_server.url, java_script_enabled=scripted)
    page = context.new_page()
    sign_up(page)
    describe(page)
    answer_chapter(page, edition, "workload", scripted=scripted)
    page.click("button[value=next]")
    page.fill("#id_name", "Microsoft Azure")
    page.fill("#id_provider", "Microsoft, filiale irlandaise")
    page.check("#id_is_current")
    page.click("main button.btn-primary")
    for concern in load_edition(edition.sha256).concerns:
        page.wait_for_url(f"**/questions/{concern}/")
        if concern == "transition" and not scripted:
            # Without a script, what an answer brings in appears once the page is saved.
            answer(page, "host_change_required", "yes")
            page.click(".sheet-actions button[value=stay]")
        answer_chapter(page, edition, concern, scripted=scripted)
        page.click("button[value=next]")
    page.wait_for_url("**/review/")
    result = page.url.replace("/review/", "/result/")
    page.goto(result)
    verdict = page.locator(".verdict-large")
    expect(verdict).to_have_text("Transitoire")
    why = page.locator("#why").inner_text()
    assert "détient les clés" in why and "Hébergeur à quitter" in why
    page.goto(f"{result}understand/rules/")
    why = page.locator("main").text_content() or ""
    for words in ("détient les clés", "maison mère", "strict nécessaire"):
        assert words in why
    page.goto(result)
    with page.expect_download() as download:
        page.click("#download-report")
    file = tmp_path / "report.pdf"
    download.value.save_as(file)
    text = " ".join(subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True, text=True).stdout.split())
    for words in ("Transitoire", "détient les clés", "maison mère", "strict nécessaire", "Microsoft Azure"):
        assert words in text
    context.close()
