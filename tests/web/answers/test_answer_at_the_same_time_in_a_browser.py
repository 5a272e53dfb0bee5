"""The journeys of a team in a browser: assign, mention, be told, resolve; meet on the same answer and decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Answer, Comment, Membership, Notice, Offer, User
from tests.browsing import PASSWORD, faults, sign_in

Enter = Callable[..., Page]


@pytest.fixture
def claire(transactional_db: None, example: Offer) -> User:
    user = User.objects.create_user("claire@hopital.example", PASSWORD, first_name="Claire", last_name="Martin")
    Membership.objects.create(user=user, organisation=example.assessment.organisation, role="contributor")
    return user


@pytest.fixture(params=[("fr", 1280), ("en", 360)], ids=["fr-1280", "en-360"])
def enter(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Enter]:
    """Opens a browser of one's own, signed in."""
    language, width = request.param
    opened: list[Page] = []

    def desk(user: User, **options: object) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(locale=language, viewport=size, base_url=live_server.url, **options)
        page = context.new_page()
        opened.append(page)
        sign_in(page, user.email)
        return page

    yield desk
    for page in opened:
        page.context.close()


def test_assign_mention_be_told_resolve(enter: Enter, example: Offer, officer: User, claire: User) -> None:
    owner, hers = enter(officer), enter(claire)
    owner.goto(f"/assessments/{example.assessment_id}/")
    owner.click("a[href$='/who-answers/']")
    assert faults(owner) == []
    owner.select_option(f"#person-{example.pk}-keys", label="Claire Martin")
    owner.fill(f"#due-{example.pk}-keys", "31/02/2099")
    owner.click("main form .btn-primary")
    expect(owner.locator(f"#error-due-{example.pk}-keys")).to_be_visible()
    assert faults(owner) == []
    owner.fill(f"#due-{example.pk}-keys", "24/12/2099")
    owner.click("main form .btn-primary")
    expect(owner.locator(".parts")).to_contain_text(["", "Claire Martin · "])
    assert faults(owner) == []

    owner.goto(f"/offers/{example.pk}/questions/keys/")
    owner.click("#q-key_holder a[href*='/discussions/']")
    owner.fill("#id_text", "@nobody")
    owner.click("main form.panel .btn-primary")
    expect(owner.locator(".invalid-feedback")).to_be_visible()
    expect(owner.locator("#id_text")).to_have_value("@nobody")
    assert faults(owner) == []
    owner.fill("#id_text", "Who holds them?")
    owner.click("[data-mention-list] summary")
    owner.click("[data-mention-list] button:has-text('@claire')")
    expect(owner.locator("#id_text")).to_have_value("Who holds them? @claire ")
    owner.click("main form.panel .btn-primary")
    expect(owner.locator(".thread .said")).to_have_text(["Who holds them? @claire"])
    assert faults(owner) == []

    hers.goto("/notices/")
    expect(hers.locator(".notices .unread")).to_have_count(2)
    expect(hers.locator(".unread-count")).to_contain_text("2")
    assert faults(hers) == []
    hers.locator(".notices .unread a").first.click()
    comment = Comment.objects.get()
    hers.wait_for_url(f"**/discussions/key_holder/#comment-{comment.pk}")
    hers.click("button[name=resolved]")
    expect(hers.locator(".resolved")).to_contain_text("Claire Martin")
    assert Notice.objects.unread().get(user=claire).kind == "assigned"
    assert faults(hers) == []
    hers.goto("/my-work/")
    expect(hers.locator(".tasks")).to_contain_text("2099")
    assert faults(hers) == []
    for address in (
        "/person/e-mails/",
        f"/assessments/{example.assessment_id}/discussions/",
        f"/comments/{comment.pk}/",
    ):
        owner.goto(address)
        assert faults(owner) == []


def test_a_comment_is_saved_while_one_writes_once_and_says_so(enter: Enter, example: Offer, officer: User) -> None:
    page = enter(officer)
    page.goto(f"/offers/{example.pk}/questions/keys/")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.locator("#q-key_holder details.comment summary").click()
    page.locator("#id_q-key_holder-comment").press_sequentially("Clause 12")
    expect(page.locator("#state-key_holder .saved")).not_to_contain_text(officer.email)
    assert Answer.objects.get(offer=example, question="key_holder").comment == "Clause 12"
    assert len(sent) == 1


def collide(page: Page, mine: str, example: Offer, theirs: User) -> None:
    """Open the page, let ``theirs`` answer in between, then choose ``mine``."""
    page.goto(f"/offers/{example.pk}/questions/keys/")
    row = Answer.objects.get(offer=example, question="key_holder")
    other = page.context.browser.new_context(base_url=page.url.partition("/offers/")[0])  # type: ignore[union-attr]
    desk = other.new_page()
    sign_in(desk, theirs.email)
    desk.goto(f"/offers/{example.pk}/questions/keys/")
    desk.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(desk.locator("#state-key_holder .saved")).to_be_visible()
    other.close()
    assert Answer.objects.get(pk=row.pk).revision == row.revision + 1
    page.locator(f"#q-key_holder input[value='{mine}']").check()


@pytest.mark.parametrize("decision", ["mine", "theirs"])
def test_two_people_on_one_answer_decide_with_a_script(
    enter: Enter, example: Offer, officer: User, claire: User, decision: str
) -> None:
    page = enter(officer)
    collide(page, "unknown", example, claire)
    conflict = page.locator("#state-key_holder .conflict")
    expect(conflict).to_contain_text("Claire Martin")
    expect(conflict.locator(".version")).to_have_count(2)
    assert faults(page) == []
    page.click(f"#state-key_holder [data-keep-{decision}]")
    expected = "unknown" if decision == "mine" else "option:customer_only"
    expect(page.locator("#state-key_holder .conflict")).to_have_count(0)
    expect(page.locator("#state-key_holder .saved")).to_be_visible()
    expect(page.locator(f"#q-key_holder input[value='{expected}']")).to_be_checked()
    page.reload()
    expect(page.locator(f"#q-key_holder input[value='{expected}']")).to_be_checked()


@pytest.mark.parametrize("decision", ["mine", "theirs"])
def test_two_people_on_one_answer_decide_without_a_script(
    enter: Enter, example: Offer, officer: User, claire: User, decision: str
) -> None:
    page = enter(officer, java_script_enabled=False)
    collide(page, "unknown", example, claire)
    page.click(".sheet-actions button[value=stay]")
    conflict = page.locator("#q-key_holder .conflict")
    expect(conflict).to_contain_text("Claire Martin")
    expect(conflict.locator(".version")).to_have_count(2)
    expect(page.locator("#q-key_holder input[value='unknown']")).to_be_checked()
    conflict.locator("[name=go]" if decision == "mine" else "[name=keep-theirs]").click()
    expect(page.locator(".conflict")).to_have_count(0)
    expected = "unknown" if decision == "mine" else "option:customer_only"
    expect(page.locator(f"#q-key_holder input[value='{expected}']")).to_be_checked()
    row = Answer.objects.get(offer=example, question="key_holder")
    assert row.status == ("unknown" if decision == "mine" else "answered")


def test_enter_in_a_field_saves_the_page_and_clears_nothing(enter: Enter, example: Offer, officer: User) -> None:
    page = enter(officer, java_script_enabled=False)
    page.goto(f"/offers/{example.pk}/questions/transition/")
    before = Answer.objects.filter(offer=example, status="unanswered").count()
    page.locator(".card-question input[type=text][autocomplete=off]:visible").first.press("Enter")
    page.wait_for_load_state()
    assert Answer.objects.filter(offer=example, status="unanswered").count() == before
