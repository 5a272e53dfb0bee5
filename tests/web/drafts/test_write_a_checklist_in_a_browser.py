"""The editor's journey in Debian's Chromium: write a question, reorder by keyboard, build a gate, publish, compare."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Draft, Edition, User
from checklists.services.drafts.open_draft import open_draft
from checklists.services.people.grant_criteria_roles import grant_criteria_roles
from tests.browsing import faults, sign_in


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, edition: Edition) -> Iterator[Page]:
    """Signed in as one who edits and approves, in French; the console must stay silent."""
    grant_criteria_roles("default")
    user = User.objects.create_user("criteres@autorite.example", "a long pass phrase", is_staff=True)
    user.groups.set(Group.objects.all())
    context = browser.new_context(locale="fr", viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, user.email)
    yield page
    # What the checker itself injects is refused by our policy, and says so on the console.
    assert [words for words in said if "Content Security Policy" not in words and "Failed to load" not in words] == []
    context.close()


def test_from_a_new_question_to_two_editions_compared(transactional_db: None, page: Page, edition: Edition) -> None:
    page.goto("/admin/checklists/draft/add/")
    page.click("section[aria-labelledby=next-title] button.default")
    page.wait_for_url("**/change/")
    draft = Draft.objects.get()
    tree = page.url
    assert faults(page) == []

    page.locator("#part-" + str(draft.parts.get(family="concerns", key="governance").pk)).locator(
        ".branch-add a"
    ).click()
    page.fill("#id_key", "keeps_register")
    for language, text in (("fr", "Le registre est-il tenu ?"), ("en", "Is the register kept?")):
        for name in ("text", "why", "where"):
            page.locator(f"textarea[name={name}_{language}]").fill(text)
    page.select_option("#id_scope", "offer")
    page.locator("input[name=harms][value=duty]").check()
    page.locator("input[name=sources][value=gdpr-30]").check()
    for index, (key, french, english) in enumerate((("yes", "Oui", "Yes"), ("no", "Non", "No"))):
        page.fill(f"#id_option-new-{index}-key", key)
        page.locator(f"textarea[name=option-new-{index}-label_fr]").fill(french)
        page.locator(f"textarea[name=option-new-{index}-label_en]").fill(english)
    assert faults(page) == []
    page.click("button[name=save]")
    page.wait_for_url("**/parts/*/")
    question = draft.parts.get(family="questions", key="keeps_register")

    page.goto(tree)
    up = page.locator(f"#part-{question.pk} button[name=up]")
    up.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**moved=**")
    expect(up).to_be_focused()

    page.locator("#gates .bough-add").click()
    page.fill("#id_key", "no_register")
    for language in ("fr", "en"):
        for name in ("title", "finding", "advice"):
            page.locator(f"textarea[name={name}_{language}]").fill(f"Registre {language}")
    page.select_option("#id_ceiling", "acceptable")
    page.locator("input[name=harms][value=duty]").check()
    page.locator("input[name=sources][value=gdpr-30]").check()
    page.locator("button[name='when--do'][value='leaf ']").focus()
    page.keyboard.press("Enter")
    menu = page.locator("select[name='when:0:key']")
    expect(menu).to_be_focused()
    menu.select_option("keeps_register")
    page.locator("input[name='when:0:values'][value=no]").check()
    expect(page.locator("#condition-when .condition-sentence")).to_contain_text(
        "« Le registre est-il tenu ? » est « Non »"
    )
    assert faults(page) == []
    page.click("button[name=save]")
    page.wait_for_url("**/parts/*/")

    page.goto(tree.replace("change/", "checks/"))
    assert page.locator(".problem-list .is-error").count() == 0
    page.goto(tree.replace("change/", "publish/"))
    page.locator("textarea[name=changelog_fr]").fill("Le registre est demandé.")
    page.locator("textarea[name=changelog_en]").fill("The register is asked for.")
    page.click("button[value=submit]")
    page.click("button[value=publish]")
    expect(page.locator(".draft-state")).to_contain_text("SHA-256")
    published = Edition.objects.get(number=edition.number + 1)
    assert published.document["gates"][-1]["when"] == {"is": {"keeps_register": "no"}}

    page.goto(f"/checklists/cnil-hosting/compare/{edition.number}/{published.number}/")
    expect(page.locator("main")).to_contain_text("Le registre est-il tenu ?")
    assert faults(page) == []


def test_drag_a_question_and_read_it_all_on_a_telephone(transactional_db: None, page: Page, edition: Edition) -> None:
    draft = open_draft("cnil-hosting", edition)
    page.goto(f"/admin/checklists/draft/{draft.pk}/change/")
    first, second = [row for row in draft.parts.filter(family="questions") if row.body["concern"] == "keys"][:2]
    page.locator(f"#part-{second.pk} a").drag_to(page.locator(f"#part-{first.pk} a"))
    page.wait_for_url("**way=drop**")
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.position < first.position
    page.set_viewport_size({"width": 360, "height": 800})
    for address in ("change/", "checks/", "changes/", "publish/", "head/", f"parts/{first.pk}/"):
        page.goto(f"/admin/checklists/draft/{draft.pk}/{address}")
        assert faults(page) == [], address
