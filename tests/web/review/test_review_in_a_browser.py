"""The whole walk in a browser: submitted, returned with a remark, mended, accepted, approved, locked, reopened."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checklists.models import Answer, Assessment, Membership, Offer, User
from tests.browsing import PASSWORD, faults, sign_in


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 360)], ids=["fr-1280", "en-360"])
def test_submit_return_mend_accept_approve_reopen(
    transactional_db: None,
    live_server: LiveServer,
    browser: Browser,
    officer: User,
    example: Offer,
    language: str,
    width: int,
) -> None:
    def enter(user: User) -> Page:
        size = {"width": width, "height": 900}
        page = browser.new_context(locale=language, viewport=size, base_url=live_server.url).new_page()
        sign_in(page, user.email)
        return page

    people = []
    for role in ("contributor", "reviewer"):
        people.append(User.objects.create_user(f"{role}@hopital.example", PASSWORD))
        Membership.objects.create(user=people[-1], organisation=example.assessment.organisation, role=role)
    Answer.objects.update(updated_by=people[0])
    contributor, reviewer, owner = enter(people[0]), enter(people[1]), enter(officer)
    here, concern = f"/assessments/{example.assessment_id}/review/", f"/offers/{example.pk}/questions/keys/"

    def state() -> str:
        return Assessment.objects.get(pk=example.assessment_id).review_state

    contributor.goto(here)
    assert faults(contributor) == []
    contributor.fill("#note", "Article 12 ajouté.")
    contributor.click("form[action$='submit/'] button")
    expect(contributor.locator(".review-submitted").first).to_be_visible()

    reviewer.goto(here)
    assert faults(reviewer) == []
    part = reviewer.locator("section.part", has=reviewer.locator("[value=key_holder]"))
    part.locator("[value=return]").check()
    part.locator("[value=key_holder]").check()
    part.locator("textarea").fill("Quel article le dit ?")
    reviewer.click("button[value=accept_rest]")
    reviewer.click("button[value=close]")
    expect(reviewer.locator(".review-returned").first).to_be_visible()
    assert faults(reviewer) == []

    contributor.goto(concern)
    expect(contributor.get_by_text("Quel article le dit ?")).to_be_visible()
    expect(contributor.locator("#q-key_holder .tag-mend")).to_be_visible()
    assert faults(contributor) == []
    contributor.locator("#q-key_holder input[value='option:customer_only']").check()
    expect(contributor.locator("#state-key_holder .saved")).to_be_visible()
    contributor.goto(here)
    contributor.click("form[action$='submit/'] button")
    expect(contributor.locator(".review-submitted").first).to_be_visible()

    reviewer.goto(f"{here}?show=undecided")
    expect(reviewer.locator("section.part")).to_have_count(1)
    reviewer.locator("section.part [value=accept]").check()
    # The page is open at the contributor's while the review goes on.
    contributor.goto(concern)
    expect(contributor.locator("#q-key_holder input").nth(1)).to_be_disabled()
    assert faults(contributor) == []
    reviewer.click("button[value=close]")
    expect(reviewer.locator(".review-accepted").first).to_be_visible()
    assert faults(reviewer) == []

    Assessment.objects.filter(pk=example.assessment_id).update(review_state="draft")
    contributor.goto(concern)
    Assessment.objects.filter(pk=example.assessment_id).update(review_state="accepted")
    owner.goto(here)
    assert faults(owner) == []
    owner.click("form[action$='approve/'] button")
    expect(owner.locator(".review-approved").first).to_be_visible()
    assert faults(owner) == []
    assert state() == "approved"

    typed = "Tapé trop tard, à ne pas perdre"
    contributor.locator("#q-key_holder details.comment summary").click()
    comment = contributor.locator("#q-key_holder details.comment textarea")
    comment.fill(typed)
    comment.blur()
    expect(contributor.locator("#state-key_holder .failed a")).to_be_visible()
    expect(comment).to_have_value(typed)
    assert faults(contributor) == []
    contributor.once("dialog", lambda dialog: dialog.accept())
    contributor.reload()
    expect(comment).to_have_value(typed)

    owner.locator("details summary").first.click()
    owner.fill("#reason", "Le contrat est renouvelé.")
    owner.click("form[action$='reopen/'] button")
    expect(owner.locator(".review-draft").first).to_be_visible()
    expect(owner.get_by_text("Le contrat est renouvelé.").first).to_be_visible()
    assert faults(owner) == []
    assert state() == "draft"
    for page in (contributor, reviewer, owner):
        page.context.close()
